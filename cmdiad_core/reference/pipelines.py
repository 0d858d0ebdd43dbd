"""The nine pipelines of the paper, as published or with their oddities mended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cmdiad_core.distillation.map_training import Parts
from cmdiad_core.distillation.networks import Level, Network, networks, other
from cmdiad_core.reference.backbones import GRID, Backbones
from cmdiad_core.reference.patch_bank import Map, PatchBank, Standard
from cmdiad_core.scoring import OneClassSVM

PREDICTED = "predicted"

#: What the published decision layer multiplies the scores of each source with.
_WEIGHTS = {"cloud": 1.0, "rgb": 0.1, PREDICTED: 1.0}

_FOLDERS = {"rgb": "rgb", "cloud": "xyz"}


@dataclass(frozen=True)
class Pipeline:
    """What a score rests on.

    Parameters
    ----------
    name : str
        As in the paper's code.
    measured : tuple of str
        Modalities of the part that are looked at, in the order the decision layer takes them.
    network : str
        Name of the distiller that predicts the other modality; empty without one.
    """

    name: str
    measured: tuple[str, ...]
    network: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """One memory bank each."""
        return (*self.measured, PREDICTED) if self.network else self.measured


@cache
def pipelines() -> dict[str, Pipeline]:
    """Return every pipeline by name: without prediction, and two for each network."""
    found = [
        Pipeline("rgb_only", ("rgb",)),
        Pipeline("xyz_only", ("cloud",)),
        Pipeline("dual", ("cloud", "rgb")),
    ]
    for network in networks():
        for main, folder in _FOLDERS.items():
            found.append(Pipeline(f"{network}_main_{folder}", (main,), network))
    return {pipeline.name: pipeline for pipeline in found}


@dataclass(frozen=True)
class Settings:
    """How pipelines are fitted.

    Parameters
    ----------
    reference : bool
        Reproduce the oddities R1, R2 and R4 of the published code (docs/reference.md).
    share : float
        Share of the patches that a bank keeps.
    seed : int
        Of the random projection.
    device : str
        Torch device of banks.
    """

    reference: bool
    share: float = 0.1
    seed: int = 0
    device: str = "cpu"


@dataclass(frozen=True)
class FeatureSource:
    """Gives the feature map of a part that one bank is made from and compared with.

    Parameters
    ----------
    main : str
        Modality that is looked at, and from which a prediction is made.
    network : Network or None
        Predicts the other modality; None gives measured features.
    backbones : Backbones
        Turn predicted inputs into features.
    reference : bool
        Give predicted maps more resolution than what they are predicted from (R4).
    """

    main: str
    network: Network | None
    backbones: Backbones
    reference: bool

    def __call__(self, parts: Parts, index: int) -> Tensor:
        """Return features (768, h, w) of one part, on the CPU."""
        if self.network is None:
            measured = parts.read(index, self.main, Level.FEATURES)
            return functional.adaptive_avg_pool2d(measured, GRID[self.main])
        target = other(self.main)
        given = parts.read(index, self.main, self.network.reads)[None]
        with torch.inference_mode():
            predicted: Tensor = self.network(given.to(self.backbones.device), self.main)[0]
        grid = GRID[target]
        if self.network.predicts is Level.INPUT:
            predicted = self.backbones.features(target, predicted)
        elif self.reference:
            return predicted.cpu()
        if self.network.reads is Level.FEATURES and not self.reference:
            grid = min(grid, GRID[self.main])
        return functional.adaptive_avg_pool2d(predicted.cpu(), grid)


@dataclass(frozen=True)
class FittedPipeline:
    """A pipeline that knows what is normal.

    Parameters
    ----------
    pipeline : Pipeline
        Which one.
    sources : mapping of str to FeatureSource
        Where feature maps come from.
    banks : mapping of str to PatchBank
        By source.
    weights, map_weights : mapping of str to float
        What image scores and maps are multiplied with before the decision layer.
    score_layer, map_layer : OneClassSVM
        The decision layer for image scores and for pixels.
    """

    pipeline: Pipeline
    sources: Mapping[str, FeatureSource]
    banks: Mapping[str, PatchBank]
    weights: Mapping[str, float]
    map_weights: Mapping[str, float]
    score_layer: OneClassSVM
    map_layer: OneClassSVM

    def inspect(self, parts: Parts, index: int) -> tuple[float, Map]:
        """Return anomaly score and map (224, 224) of one part."""
        scores, planes = [], []
        for source, bank in self.banks.items():
            score, plane = bank.compare(self.sources[source](parts, index))
            scores.append(score * self.weights[source])
            planes.append(plane * self.map_weights[source])
        fused = self.map_layer(np.stack(planes, -1))
        return float(self.score_layer(np.array(scores))), fused.astype(np.float32)


def fit_pipeline(
    pipeline: Pipeline,
    train: Parts,
    calibration: Parts,
    distiller: Network | None,
    backbones: Backbones,
    settings: Settings,
    step_done: Callable[[], None],
) -> FittedPipeline:
    """Learn banks and decision layer from normal parts.

    Parameters
    ----------
    pipeline : Pipeline
        Which one.
    train, calibration : Parts
        Normal parts for the banks, and for the decision layer. The published code gives the
        training parts for both (R3).
    distiller : Network or None
        The trained network of `pipeline.network`, in evaluation mode.
    backbones : Backbones
        The encoders; they decide about R5 and R10.
    settings : Settings
        How.
    step_done : callable
        Called for each source and part; what it raises ends the work.
    """
    sources: dict[str, FeatureSource] = {}
    banks: dict[str, PatchBank] = {}
    scores: dict[str, list[float]] = {}
    planes: dict[str, list[Map]] = {}
    shared = None
    if settings.reference and len(pipeline.sources) > 1:
        shared = _mixed_statistics(train, backbones)
    for name in pipeline.sources:
        main = pipeline.measured[0] if name == PREDICTED else name
        network = distiller if name == PREDICTED else None
        sources[name] = FeatureSource(main, network, backbones, settings.reference)
        maps = []
        for index in range(len(train)):
            maps.append(sources[name](train, index))
            step_done()
        patches = torch.cat([features.flatten(1).T for features in maps])
        banks[name] = PatchBank.fit(
            patches,
            shared or Standard.of(patches),
            share=settings.share,
            seed=settings.seed,
            device=settings.device,
            eight_bits=settings.reference,
        )
        if calibration is not train:
            maps = [sources[name](calibration, index) for index in range(len(calibration))]
        compared = [banks[name].compare(features) for features in maps]
        scores[name] = [score for score, _ in compared]
        planes[name] = [plane for _, plane in compared]
    weights, map_weights = _WEIGHTS, _WEIGHTS
    if not settings.reference:
        # On a common scale a source counts by what it says, not by the size of its distances.
        weights = {name: 1 / max(float(np.mean(scores[name])), 1e-12) for name in banks}
        map_weights = {name: 1 / max(float(np.mean(planes[name])), 1e-12) for name in banks}
    return FittedPipeline(
        pipeline,
        sources,
        banks,
        weights,
        map_weights,
        OneClassSVM.fit(_columns(scores, weights)),
        OneClassSVM.fit(_columns(planes, map_weights)),
    )


def _mixed_statistics(train: Parts, backbones: Backbones) -> Standard:
    """Return the mean of the clouds and the standard deviation of the images (R1)."""
    found = {}
    for modality in ("cloud", "rgb"):
        source = FeatureSource(modality, None, backbones, True)
        found[modality] = Standard.of(torch.stack([source(train, i) for i in range(len(train))]))
    return Standard(found["cloud"].mean, found["rgb"].deviation)


def _columns(
    values: Mapping[str, list[float]] | Mapping[str, list[Map]], weights: Mapping[str, float]
) -> NDArray[np.float64]:
    """Return weighted values (n, sources) of all parts or of all their pixels."""
    columns = [np.ravel(np.stack(found)) * weights[name] for name, found in values.items()]
    return np.stack(columns, -1).astype(np.float64)
