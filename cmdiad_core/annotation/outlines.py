"""Areas as polygons whose fill gives the same pixels back."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.annotation.shapes import Points


def outlines(mask: NDArray[np.bool_]) -> Iterator[list[Points]]:
    """Give the rings (N, 2) of each connected area of a mask (H, W): its outline, then holes.

    The lines pass half-way between pixels inside and outside, so that `shapes.polygon` gives the
    mask back exactly. Rows and columns as there.
    """
    import contourpy

    # A margin closes the lines at the edge of the grid.
    padded = np.pad(mask.astype(np.float32), 1)
    if min(mask.shape) == 0:
        return
    generator = contourpy.contour_generator(
        z=padded, fill_type=contourpy.FillType.OuterOffset, name="serial"
    )
    points, offsets = generator.filled(0.5, np.inf)[:2]
    for corners, ends in zip(points, offsets, strict=True):
        rows_columns = np.asarray(corners)[:, ::-1] - 0.5
        # The last corner of a ring repeats the first.
        spans = pairwise(np.asarray(ends))
        yield [_straightened(rows_columns[begin : end - 1]) for begin, end in spans]


def _straightened(ring: Points) -> Points:
    """Drop the corners on straight lines."""
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    turns = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
    return np.asarray(ring[turns])
