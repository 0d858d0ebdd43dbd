"""Calibration of a detector on good parts that its banks have never seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.detector.pattern import Pattern, bank, patterns
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
    shape : tuple of int
        Pixels of the part.
    distances : mapping of str to array (h, w)
        By bank.
    errors, spreads : mapping of (str, str) to float
        Sums of squares, over the patches, of prediction errors and of the deviation of the
        predicted modality from its mean, by distiller.
    """

    shape: tuple[int, int]
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
    """

    maps: Mapping[str, MapCalibration]
    weights: Mapping[str, float]
    scores: Mapping[Pattern, ScoreCalibration]

    def raw_map(
        self,
        pattern: Pattern,
        distances: Mapping[str, Map],
        shape: tuple[int, int],
        pairs: Sequence[tuple[str, str]],
    ) -> Map:
        """Return the fused deviations (H, W) of a part under a pattern, before scoring."""
        deviations, weights = {}, {}
        for name, banks in pattern.sources(pairs).items():
            stacked = [self.maps[one](distances[one]) for one in banks]
            deviations[name] = np.mean(stacked, axis=0)
            weights[name] = float(np.mean([self.weights[one] for one in banks]))
        return upsampled(smooth(fuse(deviations, weights)), shape)


def held_out(sources: Sources, encoded: PartFeatures, shape: tuple[int, int]) -> HeldOut:
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
    return HeldOut(shape, sources.distances(features, predictions), errors, spreads)


def calibrate(
    parts: Sequence[HeldOut],
    modalities: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    rate: float,
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
    rate : float
        False-reject rate whose limit becomes the score 1.
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
    unscored = Calibration(maps, weights, {})
    usable = [pair for pair in pairs if bank(*pair) in maps]
    scores = {}
    for pattern in patterns(modalities, usable):
        # A part whose fold held all parts with a modality was judged without that one's banks.
        needed = {*pattern.measured, *chain.from_iterable(pattern.sources(usable).values())}
        raw = [
            unscored.raw_map(pattern, part.distances, part.shape, usable).max()
            for part in parts
            if needed <= set(part.distances)
        ]
        if raw:
            scores[pattern] = ScoreCalibration(np.array(raw, np.float64), rate)
    return Calibration(maps, weights, scores)
