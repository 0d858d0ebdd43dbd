"""How sure a difference between two models is that judged the same parts: paired bootstrap."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from cmdiad_core.metrics.ranking import auroc

#: Draws of a bootstrap, and the share of them between the two bounds.
DRAWS, CONFIDENCE = 1000, 0.95
#: Thresholds of the region overlap curve under the bootstrap.
_THRESHOLDS = 200


class Difference(BaseModel):
    """Candidate minus champion, with the bounds of its 95 % interval."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    low: float
    high: float


def paired_difference(
    statistic: Callable[[NDArray[np.int64]], tuple[float, float]], defective: Sequence[bool]
) -> Difference | None:
    """Return the difference of a statistic between two models, with its interval.

    Parts are drawn with replacement, good and defective ones apart, so that every draw has as
    many of both (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13:
    percentile interval).

    Parameters
    ----------
    statistic : callable
        Takes numbers of parts (n,), some more than once; returns the statistic of the champion
        and of the candidate on them.
    defective : sequence of bool
        Truth per part.

    Returns
    -------
    Difference or None
        None where the statistic is not defined on all parts.
    """
    truth = np.asarray(defective, bool)
    champion, candidate = statistic(np.arange(len(truth)))
    if np.isnan(champion) or np.isnan(candidate):
        return None
    rng = np.random.default_rng(0)
    groups = [group for group in (np.flatnonzero(~truth), np.flatnonzero(truth)) if len(group)]
    found = []
    for _ in range(DRAWS):
        drawn = np.concatenate([rng.choice(group, len(group)) for group in groups])
        before, after = statistic(drawn)
        found.append(after - before)
    low, high = np.nanquantile(found, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Difference(value=candidate - champion, low=float(low), high=float(high))


def auroc_of(
    defective: Sequence[bool], champion: Sequence[float], candidate: Sequence[float]
) -> Callable[[NDArray[np.int64]], tuple[float, float]]:
    """Return the statistic: AUROC of both models on parts by their numbers."""
    truth = np.asarray(defective, bool)
    scores = np.asarray(champion, float), np.asarray(candidate, float)

    def both(drawn: NDArray[np.int64]) -> tuple[float, float]:
        before, after = (auroc(truth[drawn], one[drawn]) for one in scores)
        return before, after

    return both


class OverlapCurve:
    """The per-region overlap of some parts, kept so that it is quick for any selection of them.

    `aupro` is exact and slow; this one has 200 thresholds, chosen so that they are equally spaced
    in the false positive rate up to its limit on all parts.

    Parameters
    ----------
    masks : sequence of bool arrays (H, W)
        Truth per part.
    maps : sequence of arrays (H, W)
        Anomaly maps.
    limit : float
        False positive rate up to which is integrated.
    """

    def __init__(
        self, masks: Sequence[NDArray[np.bool_]], maps: Sequence[NDArray[np.float32]], limit: float
    ) -> None:
        from scipy import ndimage

        self._limit = limit
        good = np.concatenate([plane[~mask] for mask, plane in zip(masks, maps, strict=True)])
        # A little beyond the limit: a selection of parts may reach it at another threshold.
        reach = min(2 * limit, 1.0)
        thresholds = np.quantile(good, 1 - np.linspace(0, reach, _THRESHOLDS))
        false, overlap, regions, pixels = [], [], [], []
        for mask, plane in zip(masks, maps, strict=True):
            labels, count = ndimage.label(mask, np.ones((3, 3)))
            outside = np.sort(plane[~mask])
            false.append(len(outside) - np.searchsorted(outside, thresholds))
            found = np.zeros(_THRESHOLDS)
            for label in range(1, count + 1):
                inside = np.sort(plane[labels == label])
                found += 1 - np.searchsorted(inside, thresholds) / len(inside)
            overlap.append(found)
            regions.append(count)
            pixels.append(len(outside))
        self._false, self._overlap = np.array(false, float), np.array(overlap)
        self._regions, self._pixels = np.array(regions), np.array(pixels)

    def area(self, drawn: NDArray[np.int64]) -> float:
        """Return the AUPRO of parts by their numbers; NaN where none of them has a region."""
        regions = self._regions[drawn].sum()
        if not regions:
            return float("nan")
        rate = np.r_[0.0, self._false[drawn].sum(0) / self._pixels[drawn].sum()]
        overlap = np.r_[0.0, self._overlap[drawn].sum(0) / regions]
        inside = rate < self._limit
        x = np.r_[rate[inside], self._limit]
        y = np.r_[overlap[inside], np.interp(self._limit, rate, overlap)]
        return float(np.trapezoid(y, x) / self._limit)
