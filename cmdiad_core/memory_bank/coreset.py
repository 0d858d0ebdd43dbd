"""Greedy k-centre: the patches that cover all others best (Roth et al., PatchCore, CVPR 2022)."""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

#: Patches whose squared distance is below this share of the farthest one's wait.
_WAITING = 0.9
#: Numbers in a product of matrices.
_PRODUCT = 4_000_000


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
    if not min(count, len(features)):
        return np.empty(0, np.int64)
    nearest = np.square(features - features[start]).sum(1)
    nearest[start] = -np.inf
    others = _picked(features, nearest, count - 1, -np.inf)
    return np.concatenate([[start], others])


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
        Of each to what the coreset knows.
    count : int
        Most picks.
    radius : float
        Patches no farther than this are covered.

    Returns
    -------
    array (at most count,) of int64
        In the order picked.
    """
    return _picked(features, np.square(distance), count, radius**2)


def _picked(
    features: NDArray[np.float32], nearest: NDArray[np.float32], count: int, covered: float
) -> NDArray[np.int64]:
    """Return the picks; `nearest` (squared) is changed in place.

    A patch that is nearer than others cannot be picked before those are as near. Such patches
    wait, and are compared with all picks made meanwhile by one product of matrices.
    """
    # Squared norms once, then one matrix-vector product a step: ten times faster than
    # taking the norm of the difference every time, with the same picks.
    squared = np.einsum("nc,nc->n", features, features)
    picks = np.empty(0, np.int64)
    # The products are too small to share: threads would wait for each other, up to 80 times longer.
    with threadpool_limits(1, "blas"):
        while len(picks) < min(count, len(features)) and nearest.max() > covered:
            farthest = nearest.max()
            level = max(_WAITING * farthest, covered) if farthest > 0 else covered
            far = np.flatnonzero(nearest > level)
            left = nearest[far]
            new = far[_farthest(features[far], squared[far], left, count - len(picks), level)]
            picks = np.concatenate([picks, new])
            waiting = np.flatnonzero((nearest <= level) & (nearest > -np.inf))
            nearest[far] = left
            for rows in np.array_split(waiting, len(waiting) * len(new) // _PRODUCT + 1):
                apart = features[rows] @ features[new].T
                apart = squared[rows, None] - 2 * apart + squared[new]
                nearest[rows] = np.minimum(nearest[rows], apart.min(1))
    return picks


def _farthest(
    features: NDArray[np.float32],
    squared: NDArray[np.float32],
    nearest: NDArray[np.float32],
    count: int,
    covered: float,
) -> list[int]:
    picks: list[int] = []
    while len(picks) < count:
        pick = int(np.argmax(nearest))
        if nearest[pick] <= covered:
            break
        picks.append(pick)
        to_pick = squared - 2 * (features @ features[pick]) + squared[pick]
        np.minimum(nearest, to_pick, out=nearest)
        nearest[pick] = -np.inf
    return picks
