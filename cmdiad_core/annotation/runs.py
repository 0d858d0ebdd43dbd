"""Runs: what a mask marks, row by row, as stretches of pixels."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


class Runs(NamedTuple):
    """Stretches of pixels along rows.

    Parameters
    ----------
    rows, begins, ends : array (N,)
        Row, first column, and the column after the last one of each, in the order of the pixels.
    """

    rows: Numbers
    begins: Numbers
    ends: Numbers

    def places(self, width: int) -> Numbers:
        """Return the flat index of every pixel, in order, on a grid of this width."""
        lengths = self.ends - self.begins
        before = np.cumsum(lengths) - lengths
        first = self.rows * width + self.begins - before
        return np.repeat(first, lengths) + np.arange(lengths.sum())


def runs_of(mask: NDArray[np.bool_]) -> Runs:
    """Return the runs of a mask (H, W)."""
    height, width = mask.shape
    changes = np.zeros((height, width + 1), np.bool_)
    if width:
        changes[:, 0], changes[:, -1] = mask[:, 0], mask[:, -1]
        np.not_equal(mask[:, 1:], mask[:, :-1], out=changes[:, 1:-1])
    ends = np.flatnonzero(changes)
    rows, begins = np.divmod(ends[::2], width + 1)
    return Runs(rows, begins, ends[1::2] - rows * (width + 1))
