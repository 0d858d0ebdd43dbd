"""From a list of points to a pixel grid."""

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.sample import Measurement

#: Longest side of a grid made from unordered points, and that of one made from few.
MAX_SIDE, _MAX_SIDE_OF_FEW = 8192, 2048
#: How many times longer a side may be than if the points filled a square: the rest stays empty.
_LONGER = 2

_SPACING_SAMPLES = 5000
#: Points whose distances are looked at, and blocks a side of which some are chosen for that.
_SPACING_POINTS, _BLOCKS = 1_000_000, 64


def rasterise(
    xyz: Measurement, colours: NDArray[np.float32] | None
) -> tuple[Measurement, Measurement | None]:
    """Look at unordered points along z and put the nearest one into each cell of a grid.

    The points are in the frame of a camera: x to the right, y down, z away from it. A cell is as
    wide as points typically lie apart, so that a scan taken on a grid comes back as that grid.

    Parameters
    ----------
    xyz : array (N, 3)
        Points, NaN where invalid; at least one is valid.
    colours : array (N, 3) or None
        Their colours.

    Returns
    -------
    cloud : array (H, W, 3)
        The points, unmoved; NaN in empty cells. H and W are at most `MAX_SIDE`.
    image : array (H, W, 3) or None
        Their colours, black in empty cells.
    """
    valid = np.isfinite(xyz[:, 2])
    points = xyz[valid]
    flat = points[:, :2].astype(np.float64)
    lowest = flat.min(axis=0)
    extent = float((flat.max(axis=0) - lowest).max())
    longest = min(max(_LONGER * int(len(flat) ** 0.5), _MAX_SIDE_OF_FEW), MAX_SIDE)
    cell = max(_spacing(flat - lowest, extent), extent / (longest - 1)) or 1.0
    columns, rows = np.rint((flat - lowest) / cell).astype(np.int64).T
    height, width = int(rows.max()) + 1, int(columns.max()) + 1
    cells = rows * width + columns

    nearest = np.full(height * width, np.inf, dtype=np.float32)
    np.minimum.at(nearest, cells, points[:, 2])
    seen = np.flatnonzero(points[:, 2] == nearest[cells])
    cells = cells[seen]
    cloud = np.full((height * width, 3), np.nan, dtype=np.float32)
    cloud[cells] = points[seen]
    grid = (height, width, 3)
    if colours is None:
        return cloud.reshape(grid), None
    image = np.zeros((height * width, 3), dtype=np.float32)
    image[cells] = colours[valid][seen]
    return cloud.reshape(grid), image.reshape(grid)


def _spacing(flat: NDArray[np.float64], extent: float) -> float:
    """Return how far points lie apart: on a square grid, a point has four nearest neighbours."""
    from scipy.spatial import cKDTree

    every = -(-len(flat) // _SPACING_POINTS)
    if every > 1 and extent > 0:
        # A tree of all would take many seconds; whole blocks keep the neighbours together.
        across, down = (flat * ((_BLOCKS - 1) / extent)).astype(np.int64).T
        flat = flat[(across + _BLOCKS * down) % every == 0]
    neighbours = min(4, len(flat) - 1)
    if neighbours < 1:
        return 0.0
    step = -(-len(flat) // _SPACING_SAMPLES)
    # For so few queries a tree that is built faster pays, although it answers more slowly.
    tree = cKDTree(flat, balanced_tree=False, compact_nodes=False)
    distances, _ = tree.query(flat[::step], k=neighbours + 1)
    return float(np.median(np.asarray(distances)[:, -1]))
