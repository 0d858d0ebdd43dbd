import numpy as np
from numpy.typing import NDArray

from cmdiad_core.encoders._encoder import FeatureMap, patch_grid
from cmdiad_core.sample import Measurement


def cell_grid(shape: tuple[int, int]) -> tuple[int, int]:
    """Return the patch grid of a part, but no more cells than it has pixels."""
    height, width = (min(pair) for pair in zip(patch_grid(shape), shape, strict=True))
    return height, width


def valid_points(cloud: Measurement, longest: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the measured points of an organised cloud, thinned, and where they lie.

    Parameters
    ----------
    cloud : array (H, W, 3)
        NaN where nothing was measured.
    longest : int
        Most pixels along the longer side; of a larger cloud every so many are taken, unchanged.

    Returns
    -------
    points : array (n, 3)
        Measured points.
    cell : array (n,)
        Cell of each in `cell_grid`, counted row by row.
    """
    height, width = cloud.shape[:2]
    grid = cell_grid((height, width))
    step = max(1.0, max(height, width) / longest)
    # The middle of every step, as nearest-neighbour resizing takes.
    rows, columns = (
        ((np.arange(max(1, round(side / step))) + 0.5) * step).astype(int).clip(max=side - 1)
        for side in (height, width)
    )
    thinned = cloud[np.ix_(rows, columns)]
    cell_rows, cell_columns = rows * grid[0] // height, columns * grid[1] // width
    cells = cell_rows[:, None] * grid[1] + cell_columns
    valid = np.isfinite(thinned).all(2)
    return np.ascontiguousarray(thinned[valid], np.float32), cells[valid]


def cells_on_patch_grid(features: FeatureMap, shape: tuple[int, int]) -> FeatureMap:
    """Return features (h, w, channels) on the cell grid of a part on its patch grid."""
    rows, columns = (
        (np.arange(wanted) * 2 + 1) * given // (2 * wanted)
        for wanted, given in zip(patch_grid(shape), features.shape[:2], strict=True)
    )
    return features[np.ix_(rows, columns)]
