"""Calibration of a detector on good parts that its banks have never seen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.cores import on_all_cores
from cmdiad_core.detector.pattern import Pattern, bank, measured_for, patterns
from cmdiad_core.detector.recipe import Recipe
from cmdiad_core.detector.sources import Evidence, PartFeatures, Sources
from cmdiad_core.scoring import (
    MapCalibration,
    MapCalibrationFit,
    ScoreCalibration,
    Surroundings,
    SurroundingsFit,
    fuse,
    smooth,
    surroundings,
    tempered,
    upsampled,
)

Map = NDArray[np.float32]

#: Weight of a certain prediction. It is a function of what was measured and has been scored
#: already: as much weight as a measurement would count the same evidence twice.
_TRUST = 0.05
#: Most groups of calibration parts that are judged by the others in turn.
_GROUPS = 20
#: Share that even a useless prediction is given, so that its own map can be shown.
_LEAST = 0.01


@dataclass(frozen=True)
class HeldOut:
    """One good part as banks saw it that do not hold it.

    Parameters
    ----------
    shapes : mapping of str to tuple of int
        Pixels of the part, by measured modality.
    evidence : mapping of str to Evidence
        By bank.
    explained, promised : mapping of (str, str) to float
        Share of the variation of the predicted modality that predictions explain, and their
        mean confidence, by distiller.
    features : mapping of str to array (h, w, channels)
        By modality, in the feature spaces of the detector; rounded to the 16 bits that a file of
        them keeps, so that calibrating again from the file gives the same.
    """

    shapes: Mapping[str, tuple[int, int]]
    evidence: Mapping[str, Evidence]
    explained: Mapping[tuple[str, str], float]
    promised: Mapping[tuple[str, str], float]
    features: PartFeatures


@dataclass(frozen=True)
class Judged:
    """Standard deviations (h, w) above normal, by one bank, and how much they count."""

    deviation: Map
    weight: Map


@dataclass(frozen=True)
class Calibration:
    """What is normal for every bank and every availability pattern.

    Parameters
    ----------
    maps : mapping of str to MapCalibration
        By bank.
    surroundings : mapping of str to Surroundings
        By bank: how far deviations of good parts reach, by what a place is surrounded by.
    weights : mapping of str to float
        How much a bank counts: 1 for measured features, less for predicted ones, whose
        confidence at each place comes on top.
    scores : mapping of Pattern to ScoreCalibration
        Only the patterns that some good part allows.
    registered : bool
        Whether pixels of the modalities correspond.
    """

    maps: Mapping[str, MapCalibration]
    surroundings: Mapping[str, Surroundings]
    weights: Mapping[str, float]
    scores: Mapping[Pattern, ScoreCalibration]
    registered: bool = True

    def raw_map(
        self,
        pattern: Pattern,
        judged: Mapping[str, Judged],
        shapes: Mapping[str, tuple[int, int]],
        pairs: Sequence[tuple[str, str]],
    ) -> Map:
        """Return the fused deviations (H, W) of a part under a pattern, before scoring.

        Of several modalities that are not registered, (1, 1): their scores are fused instead.
        """
        if not self.registered and len(pattern.measured) > 1:
            scores = {}
            for name in pattern.measured:
                own = Pattern((name,))
                highest = self.raw_map(own, judged, shapes, pairs).max(keepdims=True)
                scores[name] = self.scores[own].score(highest)
            return fuse(scores, dict.fromkeys(scores, 1.0))
        deviations: dict[str, Map] = {}
        weights: dict[str, Map] = {}
        for name, banks in pattern.sources(pairs).items():
            deviations[name] = np.mean([judged[one].deviation for one in banks], axis=0)
            weights[name] = np.mean([judged[one].weight for one in banks], axis=0)
        return upsampled(smooth(fuse(deviations, weights)), shapes[pattern.measured[0]])

    def judged(self, evidence: Mapping[str, Evidence]) -> dict[str, Judged]:
        """Return by bank how odd every place of a part is, as far as is known what is normal."""
        return {
            name: self._judged(name, one)
            for name, one in evidence.items()
            if name in self.surroundings
        }

    def _judged(self, name: str, evidence: Evidence) -> Judged:
        deviation = self.maps[name](evidence.distance)
        sure = np.float32(1) if evidence.confidence is None else evidence.confidence
        return Judged(
            tempered(self.surroundings[name](deviation, evidence.surroundings)),
            np.asarray(self.weights[name] * np.maximum(sure, _LEAST), np.float32),
        )


def held_out(
    sources: Sources, features: PartFeatures, shapes: Mapping[str, tuple[int, int]]
) -> HeldOut:
    """Look at the features of a good part with sources that were fitted without it.

    They are rounded as `HeldOut` keeps them, so that looking again with others sees the same.
    """
    features = _rounded(features)
    predictions = sources.predictions(features)
    explained, promised = {}, {}
    for (source, target), prediction in predictions.items():
        if target not in features:
            continue
        both = np.isfinite(prediction.features).all(-1) & np.isfinite(features[target]).all(-1)
        if not both.any():
            continue
        wanted = features[target][both].astype(np.float64)
        error = float(np.square(prediction.features[both] - wanted).sum())
        explained[source, target] = 1 - error / max(float(np.square(wanted).sum()), 1e-12)
        promised[source, target] = float(prediction.confidence[both].mean())
    evidence = sources.evidence(features, predictions)
    return HeldOut(shapes, evidence, explained, promised, features)


def in_space(part: HeldOut, features: PartFeatures) -> HeldOut:
    """Return a part whose features, and what lies around its places, are in other spaces."""
    kept = _rounded(features)
    around = {name: surroundings(values) for name, values in kept.items()}
    evidence = {
        name: replace(one, surroundings=around[measured_for(name)])
        for name, one in part.evidence.items()
    }
    return replace(part, features=kept, evidence=evidence)


def _rounded(features: PartFeatures) -> dict[str, Map]:
    return {name: v.astype(np.float16).astype(np.float32) for name, v in features.items()}


def calibrate(
    parts: Sequence[HeldOut],
    modalities: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    recipe: Recipe,
) -> Calibration:
    """Learn from good parts what distances and scores are normal.

    A part to come is judged by what these parts say is normal at each place. So is each of them:
    by what the others say (leave-one-out, in groups where there are many), because parts that are
    compared with themselves score too low, and limits drawn from that reject too many good parts.

    Parameters
    ----------
    parts : sequence of HeldOut
        Good parts outside the banks.
    modalities : sequence of str
        All that the detector knows.
    pairs : sequence of (str, str)
        Its distillers, from and to.
    recipe : Recipe
        With the false-reject rate whose limit becomes the score 1.
    """
    banks = [*modalities, *(bank(*pair) for pair in pairs)]
    fits = {name: _Fit(parts, name) for name in banks if any(name in p.evidence for p in parts)}
    normal = {name: fit() for name, fit in fits.items()}
    maps = {n: one.with_quantiles(_distances(parts, n)) for n, (one, _) in normal.items()}
    around = {name: one for name, (_, one) in normal.items()}
    weights = dict.fromkeys(maps, 1.0)
    for pair in pairs:
        # A distiller that promised more than it kept on parts it had not seen is believed less.
        seen_both = [part for part in parts if pair in part.explained]
        kept = sum(part.explained[pair] for part in seen_both)
        promised = sum(part.promised[pair] for part in seen_both)
        weights[bank(*pair)] = _TRUST * min(max(kept / max(promised, _LEAST), _LEAST), 1.0)
    scores: dict[Pattern, ScoreCalibration] = {}
    # Filled below, single modalities first: scores that are fused have to be known by then.
    calibration = Calibration(maps, around, weights, scores, recipe.registered)
    groups = min(len(parts), _GROUPS)

    def judge(group: int) -> Calibration:
        own = range(group, len(parts), groups)
        # A bank that only this group saw has nobody else to ask.
        judging = {n: normal[n] if fit.only(own) else fit(own) for n, fit in fits.items()}
        return replace(
            calibration,
            maps={name: places for name, (places, _) in judging.items()},
            surroundings={name: around for name, (_, around) in judging.items()},
        )

    judges = list(on_all_cores(judge, range(groups)))
    judged = [judges[i % groups].judged(part.evidence) for i, part in enumerate(parts)]
    usable = [pair for pair in pairs if bank(*pair) in maps]
    for pattern in patterns(modalities, usable):
        # A part whose fold held all parts with a modality was judged without that one's banks.
        needed = {*pattern.measured, *chain.from_iterable(pattern.sources(usable).values())}
        raw = [
            judges[i % groups].raw_map(pattern, judged[i], part.shapes, usable).max()
            for i, part in enumerate(parts)
            if needed <= set(part.evidence)
        ]
        if raw:
            raw_scores = np.array(raw, np.float64)
            scores[pattern] = ScoreCalibration(raw_scores, recipe.false_reject_rate)
    return calibration


class _Fit:
    """Learns what is normal at one bank: at each place, and in its surroundings."""

    def __init__(self, parts: Sequence[HeldOut], name: str) -> None:
        self._evidence = {
            n: part.evidence[name] for n, part in enumerate(parts) if name in part.evidence
        }
        self._rows = {number: row for row, number in enumerate(self._evidence)}
        evidence = self._evidence.values()
        distances = [one.distance for one in evidence]
        self._places = MapCalibrationFit(distances)
        self._around = SurroundingsFit(
            [one.surroundings for one in evidence], [np.isfinite(one) for one in distances]
        )

    def only(self, numbers: Collection[int]) -> bool:
        """Return whether no part but these saw the bank."""
        return self._rows.keys() <= set(numbers)

    def __call__(self, leaving_out: Collection[int] = ()) -> tuple[MapCalibration, Surroundings]:
        """Learn from all parts but those."""
        out = [row for number, row in self._rows.items() if number in leaving_out]
        places = self._places(out)
        kept = {
            row: places(self._evidence[number].distance)
            for number, row in self._rows.items()
            if number not in leaving_out
        }
        return places, self._around(kept)


def _distances(parts: Sequence[HeldOut], name: str) -> list[Map]:
    return [part.evidence[name].distance for part in parts if name in part.evidence]
