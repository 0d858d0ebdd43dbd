"""Greedy k-centre: the patches that cover all others best (Roth et al., PatchCore, CVPR 2022)."""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits


def greedy_k_centre(features: NDArray[np.float32], count: int, start: int = 0) -> NDArray[np.int64]:
    """Return the indices of patches, each the farthest from those picked before it.

    Parameters
    ----------
    features : array (n, channels)
        Patches to choose from.
    count : int
        How many to pick; all of them where there are fewer.
    start : int
        Index of the first pick.

    Returns
    -------
    array (min(count, n),) of int64
        In the order picked.
    """
    nearest = np.full(len(features), np.inf, np.float32)
    return _picked(features, nearest, start, count, -np.inf)


def extend_k_centre(
    features: NDArray[np.float32], distance: NDArray[np.float32], count: int, radius: float
) -> NDArray[np.int64]:
    """Return the indices of patches that a coreset needs to cover these patches as well.

    Greedy k-centre, continued from the patches of the coreset: each pick is the farthest from
    the coreset and from those picked before it, until none is farther than `radius`.

    Parameters
    ----------
    features : array (n, channels)
        Patches to be covered.
    distance : array (n,)
        Of each to the nearest patch of the coreset.
    count : int
        Most picks.
    radius : float
        Patches no farther than this are covered.

    Returns
    -------
    array (at most count,) of int64
        In the order picked.
    """
    if not len(features):
        return np.empty(0, np.int64)
    nearest = np.square(distance)
    return _picked(features, nearest, int(np.argmax(nearest)), count, radius**2)


def _picked(
    features: NDArray[np.float32],
    nearest: NDArray[np.float32],
    pick: int,
    count: int,
    covered: float,
) -> NDArray[np.int64]:
    """Return the picks; `nearest` (squared) is changed in place."""
    count = min(count, len(features))
    picks = np.empty(count, np.int64)
    # Squared norms once, then one matrix-vector product a step: ten times faster than
    # taking the norm of the difference every time, with the same picks.
    squared = np.einsum("nc,nc->n", features, features)
    # The products are too small to share: threads would wait for each other, up to 80 times longer.
    with threadpool_limits(1, "blas"):
        for step in range(count):
            if nearest[pick] <= covered:
                return picks[:step]
            picks[step] = pick
            to_pick = squared - 2 * (features @ features[pick]) + squared[pick]
            np.minimum(nearest, to_pick, out=nearest)
            nearest[pick] = -np.inf
            pick = int(np.argmax(nearest))
    return picks
