"""Everything that a detector learns before calibration."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.cores import on_all_cores
from cmdiad_core.detector.pattern import bank
from cmdiad_core.detector.recipe import Recipe
from cmdiad_core.distillation import FeatureToFeature
from cmdiad_core.memory_bank import FeatureSpace, MemoryBank
from cmdiad_core.scoring import surroundings

Map = NDArray[np.float32]
#: Feature maps (h, w, channels) of one part by modality, as encoded or in their feature space.
PartFeatures = Mapping[str, Map]


@dataclass(frozen=True)
class Prediction:
    """Features (h, w, channels) of a modality that was not looked at, and how sure they are."""

    features: Map
    confidence: Map


@dataclass(frozen=True)
class Evidence:
    """What a bank says of a part.

    Parameters
    ----------
    distance : array (h, w)
        Distances to the bank.
    surroundings : array (h, w, n)
        What lies around each place, by the modality that was measured.
    confidence : array (h, w) or None
        In what was compared; None is 1.
    """

    distance: Map
    surroundings: Map
    confidence: Map | None = None


@dataclass(frozen=True)
class Sources:
    """Feature spaces, banks and distillers.

    Parameters
    ----------
    spaces : mapping of str to FeatureSpace
        By modality.
    banks : mapping of str to MemoryBank
        By modality for measured features, by `bank(source, target)` for predicted ones.
    distillers : mapping of (str, str) to FeatureToFeature
        By measured and predicted modality.
    """

    spaces: Mapping[str, FeatureSpace]
    banks: Mapping[str, MemoryBank]
    distillers: Mapping[tuple[str, str], FeatureToFeature]

    def project(self, encoded: PartFeatures) -> dict[str, Map]:
        """Return encoded features in their feature spaces."""
        return {name: self.spaces[name](values) for name, values in encoded.items()}

    def predictions(self, features: PartFeatures) -> dict[tuple[str, str], Prediction]:
        """Return all that can be predicted from the given features, by from and to."""
        return {
            (source, target): Prediction(*distiller(features[source]))
            for (source, target), distiller in self.distillers.items()
            if source in features
        }

    def evidence(
        self, features: PartFeatures, predictions: Mapping[tuple[str, str], Prediction]
    ) -> dict[str, Evidence]:
        """Return by bank how far every patch is from what is normal."""
        around = {name: surroundings(values) for name, values in features.items()}
        measured = {
            name: Evidence(self.banks[name].distance(values), around[name])
            for name, values in features.items()
        }
        predicted = {
            bank(*pair): Evidence(
                self.banks[bank(*pair)].distance(prediction.features),
                around[pair[0]],
                prediction.confidence,
            )
            for pair, prediction in predictions.items()
        }
        return measured | predicted


def fit_sources(
    parts: Sequence[PartFeatures],
    floors: Mapping[str, float],
    recipe: Recipe,
    device: str,
    step_done: Callable[[], None],
) -> Sources:
    """Learn feature spaces, banks and distillers from encoded normal parts.

    Parameters
    ----------
    parts : sequence of mapping of str to array (h, w, channels)
        Encoded modalities of each part.
    floors : mapping of str to float
        `Encoder.floor` by modality.
    recipe : Recipe
        Sizes and seed.
    device : str
        Torch device the distillers are trained on.
    step_done : callable
        Called `fitting_steps` times; what it raises ends the work.
    """
    spaces: dict[str, FeatureSpace] = {}
    distillers: dict[tuple[str, str], FeatureToFeature] = {}
    for name in floors:
        space = FeatureSpace.fit(
            [_rows(part[name]) for part in parts if name in part],
            recipe.components,
            floors[name],
        )
        spaces[name] = space
    projected = [{name: spaces[name](values) for name, values in part.items()} for part in parts]
    for pair in pairs_of(parts, floors, recipe):
        shared = [part for part in projected if set(pair) <= set(part)]
        distillers[pair] = _distil(shared, *pair, recipe, device, step_done)

    def fitted(one: tuple[Sequence[str], np.random.Generator]) -> MemoryBank:
        known, rng = one
        maps = {i: part[known[0]] for i, part in enumerate(projected) if set(known) <= set(part)}
        if len(known) > 1:
            distiller = distillers[known[0], known[1]]
            maps = {i: distiller(values)[0] for i, values in maps.items()}
        return MemoryBank.fit(maps, recipe.bank_size, recipe.bank_candidates, rng)

    owners = {**{name: (name,) for name in floors}, **{bank(*pair): pair for pair in distillers}}
    draws = np.random.default_rng(recipe.seed).spawn(len(owners))
    banks = {}
    for owner, found in zip(
        owners, on_all_cores(fitted, zip(owners.values(), draws, strict=True)), strict=True
    ):
        banks[owner] = found
        step_done()
    return Sources(spaces, banks, distillers)


def pairs_of(
    parts: Sequence[PartFeatures], names: Mapping[str, float], recipe: Recipe
) -> list[tuple[str, str]]:
    """Return every ordered pair of modalities that at least one part shares, pixel by pixel."""
    if not recipe.registered:
        return []
    return [
        (source, target)
        for source in names
        for target in names
        if source != target and any(source in part and target in part for part in parts)
    ]


def fitting_steps(parts: Sequence[PartFeatures], names: Mapping[str, float], recipe: Recipe) -> int:
    """Return how often `fit_sources` will call `step_done`."""
    return len(names) + len(pairs_of(parts, names, recipe)) * (recipe.steps // _REPORT + 1)


#: Distiller updates between two reports.
_REPORT = 50


def _distil(
    parts: Sequence[PartFeatures],
    source: str,
    target: str,
    recipe: Recipe,
    device: str,
    step_done: Callable[[], None],
) -> FeatureToFeature:
    from cmdiad_core.distillation.training import train

    given = np.concatenate([_rows(part[source]) for part in parts])
    wanted = np.concatenate([_rows(part[target]) for part in parts])
    both = np.isfinite(given[:, 0]) & np.isfinite(wanted[:, 0])

    def report(step: int) -> None:
        if step % _REPORT == 0:
            step_done()

    return train(
        given[both],
        wanted[both],
        hidden=recipe.hidden,
        steps=recipe.steps,
        batch=recipe.batch,
        rate=recipe.rate,
        seed=recipe.seed,
        device=device,
        step_done=report,
    )


def _rows(features: Map) -> Map:
    return features.reshape(-1, features.shape[-1])
