import numpy as np
from numpy.typing import NDArray

from cmdiad_core.sample import Measurement


def valid_points(
    cloud: Measurement, longest: int, grid: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the measured points of an organised cloud, thinned, and where they lie.

    Parameters
    ----------
    cloud : array (H, W, 3)
        NaN where nothing was measured.
    longest : int
        Most pixels along the longer side; of a larger cloud every so many are taken, unchanged.
    grid : tuple of int
        Cells along the height and the width.

    Returns
    -------
    points : array (n, 3)
        Measured points.
    cell : array (n,)
        Cell of each, counted row by row.
    """
    height, width = cloud.shape[:2]
    step = max(1.0, max(height, width) / longest)
    # The middle of every step, as nearest-neighbour resizing takes.
    rows, columns = (
        (np.arange(max(1, round(side / step))) * step + step / 2).astype(int).clip(max=side - 1)
        for side in (height, width)
    )
    thinned = cloud[np.ix_(rows, columns)]
    cell_rows, cell_columns = rows * grid[0] // height, columns * grid[1] // width
    cells = cell_rows[:, None] * grid[1] + cell_columns
    valid = np.isfinite(thinned).all(2)
    return np.ascontiguousarray(thinned[valid], np.float32), cells[valid]
