"""Metrics of a ranking: AUROC, average precision, largest F1."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def auroc(defective: ArrayLike, scores: ArrayLike) -> float:
    """Return the area under the receiver operating characteristic, ties counted half.

    Parameters
    ----------
    defective : array of bool, any shape
        Truth per part or per pixel.
    scores : array, same size
        Anomaly scores, larger is more anomalous.

    Returns
    -------
    float
        0..1, or NaN where one of the two classes is empty.

    Raises
    ------
    ValueError
        Scores that are NaN, which have no rank; so do the other metrics.
    """
    found, false, n_defective, n_good = _curve(defective, scores)
    if not n_defective or not n_good:
        return float("nan")
    return float(np.trapezoid(np.r_[0, found], np.r_[0, false]) / n_defective / n_good)


def average_precision(defective: ArrayLike, scores: ArrayLike) -> float:
    """Return the mean of the precision over the recall steps; NaN without defective entries."""
    found, false, n_defective, _ = _curve(defective, scores)
    if not n_defective:
        return float("nan")
    steps = np.diff(np.r_[0, found]) / n_defective
    return float(np.sum(steps * found / (found + false)))


def f1_max(defective: ArrayLike, scores: ArrayLike) -> float:
    """Return the F1 score at the threshold where it is largest; NaN without defective entries."""
    found, false, n_defective, _ = _curve(defective, scores)
    if not n_defective:
        return float("nan")
    return float(np.max(2 * found / (found + false + n_defective)))


def _curve(
    defective: ArrayLike, scores: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64], int, int]:
    """Return found and falsely found counts at every distinct threshold, highest first."""
    truth = np.asarray(defective, bool).ravel()
    values = np.asarray(scores).ravel()
    if np.isnan(values).any():
        raise ValueError("scores that are NaN have no rank")
    order = np.argsort(-values, kind="stable")
    truth, values = truth[order], values[order]
    last_of_tie = np.r_[values[1:] != values[:-1], True][: values.size]
    found = np.cumsum(truth)[last_of_tie]
    false = np.cumsum(~truth)[last_of_tie]
    n_defective = int(truth.sum())
    return found, false, n_defective, truth.size - n_defective
