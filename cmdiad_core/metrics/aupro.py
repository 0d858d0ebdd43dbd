"""Area under the per-region overlap curve (Bergmann et al., MVTec AD, IJCV 2021)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage


def aupro(
    masks: Sequence[NDArray[np.bool_]],
    maps: Sequence[NDArray[np.floating]],
    limit: float = 0.3,
    thresholds: int | None = None,
) -> float:
    """Return the normalised area under the per-region overlap up to a false positive rate.

    Connected components of the truth (8-neighbourhood) over all parts count equally. False
    positives are all pixels outside of defects, background included.

    Parameters
    ----------
    masks : sequence of bool arrays (H, W)
        Truth per part, all False for good parts. Sizes may differ between parts.
    maps : sequence of arrays (H, W)
        Anomaly maps.
    limit : float
        False positive rate up to which is integrated, 0 < limit <= 1.
    thresholds : int, optional
        Use only this many thresholds, equally spaced in the false positive rate, as published
        numbers do (they use 100); by default the curve is exact.

    Returns
    -------
    float
        0..1, or NaN where there is no defect or no defect-free pixel.

    Raises
    ------
    ValueError
        Maps that hold NaN, which has no rank.
    """
    overlap, false = _curve(masks, maps)
    if overlap.size == 0:
        return float("nan")
    if thresholds is not None:
        # As the data set's authors place them: at scores of defect-free pixels, lowest included.
        places = np.linspace(0, false[-1] - 1, thresholds, dtype=np.int64)
        wanted = np.r_[0, np.sort(false[-1] - 1 - places), false[-1]]
        kept = np.unique(np.searchsorted(false, wanted, side="right") - 1)
        overlap, false = overlap[kept], false[kept]
    false_rate = false / false[-1]
    inside = false_rate < limit
    at_limit = np.interp(limit, false_rate, overlap)
    x, y = np.r_[false_rate[inside], limit], np.r_[overlap[inside], at_limit]
    return float(np.trapezoid(y, x) / limit)


def _curve(
    masks: Sequence[NDArray[np.bool_]], maps: Sequence[NDArray[np.floating]]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return mean overlap and number of false positives at every threshold, from (0, 0)."""
    weights, n_components = [], 0
    for mask in masks:
        labels, count = ndimage.label(mask, np.ones((3, 3)))
        areas = np.bincount(labels.ravel(), minlength=count + 1).astype(np.float64)
        per_pixel = np.r_[0.0, 1 / areas[1:]]
        weights.append(per_pixel[labels].ravel())
        n_components += count
    weight = np.concatenate(weights) if weights else np.zeros(0)
    good = weight == 0
    if n_components == 0 or not good.any():
        return np.zeros(0), np.zeros(0, np.int64)
    values = np.concatenate([np.asarray(one).ravel() for one in maps])
    if np.isnan(values).any():
        raise ValueError("maps that hold NaN have no ranks")
    order = np.argsort(-values, kind="stable")
    values, weight, good = values[order], weight[order], good[order]
    last_of_tie = np.r_[values[1:] != values[:-1], True]
    overlap = np.cumsum(weight)[last_of_tie] / n_components
    false = np.cumsum(good)[last_of_tie]
    return np.r_[0.0, overlap], np.r_[0, false]
