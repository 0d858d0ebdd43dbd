"""A line around what a map draws, seen on any ground."""

import numpy as np
from numpy.typing import NDArray

#: Nothing, a white line, a dark line around it: red, green, blue, alpha.
LINE_COLOURS = np.array([(0, 0, 0, 0), (255, 255, 255, 255), (0, 0, 0, 190)], np.uint8)
_CELLS = 400


def cell_size(shape: tuple[int, ...]) -> int:
    """Return the width of a line in pixels on a map of this shape (H, W)."""
    return max(1, round(max(shape) / _CELLS))


def outline(drawn: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return the lines around what is drawn.

    The lines lie outside of it. They are found on cells of `cell_size` pixels: wide enough to
    survive being shown smaller, and quick on large maps.

    Returns
    -------
    array (rows, columns)
        Per cell: on no line (0), on the white one (1) or on the dark one (2).
    """
    from scipy.ndimage import binary_dilation

    cell = cell_size(drawn.shape)
    down, across = (-side % cell for side in drawn.shape)
    padded = np.pad(drawn, ((0, down), (0, across)))
    rows, columns = padded.shape[0] // cell, padded.shape[1] // cell
    blocks = padded.reshape(rows, cell, columns, cell)
    cells: NDArray[np.bool_] = np.asarray(blocks.any(axis=(1, 3)))
    lines = np.zeros(cells.shape, np.uint8)
    if cells.any():
        inner = binary_dilation(cells)
        lines[binary_dilation(inner)] = 2
        lines[inner] = 1
        lines[cells] = 0
    return lines


def per_pixel(lines: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return lines per cell as lines per pixel of a map of this shape (H, W)."""
    cell = cell_size(shape)
    return np.repeat(np.repeat(lines, cell, axis=0), cell, axis=1)[: shape[0], : shape[1]]
