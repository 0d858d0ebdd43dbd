"""Calibration of a detector on good parts that its banks have never seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.detector.pattern import Pattern, bank, patterns
from cmdiad_core.detector.recipe import Recipe
from cmdiad_core.detector.sources import PartFeatures, Sources
from cmdiad_core.scoring import MapCalibration, ScoreCalibration, fuse, smooth, upsampled

Map = NDArray[np.float32]

#: Weight of a perfect prediction. It is a function of what was measured and has been scored
#: already: as much weight as a measurement would count the same evidence twice.
_TRUST = 0.25
#: Explained share that even a useless prediction is given, so that its own map can be shown.
_LEAST = 0.01


@dataclass(frozen=True)
class HeldOut:
    """One good part as banks saw it that do not hold it.

    Parameters
    ----------
    shapes : mapping of str to tuple of int
        Pixels of the part, by measured modality.
    distances : mapping of str to array (h, w)
        By bank.
    errors, spreads : mapping of (str, str) to float
        Sums of squares, over the patches, of prediction errors and of the deviation of the
        predicted modality from its mean, by distiller.
    """

    shapes: Mapping[str, tuple[int, int]]
    distances: Mapping[str, Map]
    errors: Mapping[tuple[str, str], float]
    spreads: Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Calibration:
    """What is normal for every bank and every availability pattern.

    Parameters
    ----------
    maps : mapping of str to MapCalibration
        By bank.
    weights : mapping of str to float
        How much a bank counts: 1 for measured features, for predicted ones a share of the
        variation on good parts that the prediction explains.
    scores : mapping of Pattern to ScoreCalibration
        Only the patterns that some good part allows.
    registered : bool
        Whether pixels of the modalities correspond.
    """

    maps: Mapping[str, MapCalibration]
    weights: Mapping[str, float]
    scores: Mapping[Pattern, ScoreCalibration]
    registered: bool = True

    def raw_map(
        self,
        pattern: Pattern,
        distances: Mapping[str, Map],
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
                highest = self.raw_map(own, distances, shapes, pairs).max(keepdims=True)
                scores[name] = self.scores[own].score(highest)
            return fuse(scores, dict.fromkeys(scores, 1.0))
        deviations, weights = {}, {}
        for name, banks in pattern.sources(pairs).items():
            stacked = [self.maps[one](distances[one]) for one in banks]
            deviations[name] = np.mean(stacked, axis=0)
            weights[name] = float(np.mean([self.weights[one] for one in banks]))
        return upsampled(smooth(fuse(deviations, weights)), shapes[pattern.measured[0]])


def held_out(
    sources: Sources, encoded: PartFeatures, shapes: Mapping[str, tuple[int, int]]
) -> HeldOut:
    """Look at a good part with sources that were fitted without it."""
    known = {name: values for name, values in encoded.items() if name in sources.spaces}
    features = sources.project(known)
    predictions = sources.predictions(features)
    errors, spreads = {}, {}
    for (source, target), predicted in predictions.items():
        if target not in features:
            continue
        both = np.isfinite(predicted).all(-1) & np.isfinite(features[target]).all(-1)
        wanted = features[target][both].astype(np.float64)
        errors[source, target] = float(np.square(predicted[both] - wanted).sum())
        spreads[source, target] = float(np.square(wanted).sum())
    return HeldOut(shapes, sources.distances(features, predictions), errors, spreads)


def calibrate(
    parts: Sequence[HeldOut],
    modalities: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    recipe: Recipe,
) -> Calibration:
    """Learn from good parts what distances and scores are normal.

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
    maps, weights = {}, {}
    for name in banks:
        seen = [part.distances[name] for part in parts if name in part.distances]
        if seen:
            maps[name] = MapCalibration.fit(seen)
            weights[name] = 1.0
    for pair in pairs:
        error = sum(part.errors.get(pair, 0.0) for part in parts)
        spread = sum(part.spreads.get(pair, 0.0) for part in parts)
        explained = 1 - error / spread if spread else 0.0
        weights[bank(*pair)] = _TRUST * max(explained, _LEAST)
    scores: dict[Pattern, ScoreCalibration] = {}
    # Filled below, single modalities first: scores that are fused have to be known by then.
    calibration = Calibration(maps, weights, scores, recipe.registered)
    usable = [pair for pair in pairs if bank(*pair) in maps]
    for pattern in patterns(modalities, usable):
        # A part whose fold held all parts with a modality was judged without that one's banks.
        needed = {*pattern.measured, *chain.from_iterable(pattern.sources(usable).values())}
        raw = [
            calibration.raw_map(pattern, part.distances, part.shapes, usable).max()
            for part in parts
            if needed <= set(part.distances)
        ]
        if raw:
            raw_scores = np.array(raw, np.float64)
            scores[pattern] = ScoreCalibration(raw_scores, recipe.false_reject_rate)
    return calibration
