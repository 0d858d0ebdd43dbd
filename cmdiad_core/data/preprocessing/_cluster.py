import numpy as np
from numpy.typing import NDArray

#: Points within reach that make a surface.
_SURFACE = 30
#: Cells per reach that points are gathered in.
_CELLS = 4


def largest_cluster(points: NDArray[np.floating], reach: float) -> NDArray[np.bool_]:
    """Return which points belong to the largest cluster; none where there is no cluster.

    DBSCAN (Ester et al., 1996) on cells a quarter of `reach` wide, each weighted by its points:
    on dense scans, where every point has thousands of neighbours, that takes a thousandth of the
    time and differs by single points at the rim.

    Parameters
    ----------
    points : array (N, 3)
        All of them finite.
    reach : float
        Distance within which points are neighbours.

    Returns
    -------
    array (N,) of bool
    """
    from sklearn.cluster import DBSCAN

    if not len(points):
        return np.zeros(0, bool)
    steps = np.floor((points - points.min(axis=0)) / (reach / _CELLS)).astype(np.int64)
    keys = np.ravel_multi_index(tuple(steps.T), tuple(steps.max(axis=0) + 1))
    _, cell, count = np.unique(keys, return_inverse=True, return_counts=True)
    centres = np.stack([np.bincount(cell, axis) / count for axis in points.T], axis=1)
    label = DBSCAN(eps=reach, min_samples=_SURFACE).fit(centres, sample_weight=count).labels_
    if label.max() < 0:
        return np.zeros(len(points), bool)
    sizes = np.bincount(label[label >= 0], count[label >= 0])
    return np.asarray(label[cell] == np.argmax(sizes))
