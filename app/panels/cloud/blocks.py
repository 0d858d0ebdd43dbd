"""Finds the points about a place of the view without looking at all of them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

#: Points of a block. They follow each other in a row of the scan, so they lie close together.
_LENGTH = 1024

Points = NDArray[np.float32]
#: From points (N, 3) to their x, y and depth in the view (N,) each.
Projection = Callable[[Points], tuple[Points, Points, Points]]


class Blocks:
    """The points of a cloud in boxes.

    Parameters
    ----------
    points : array (N, 3)
        In the order of the scan.
    """

    def __init__(self, points: Points) -> None:
        self._count = len(points)
        self._starts = np.arange(0, self._count, _LENGTH)
        low = np.minimum.reduceat(points, self._starts, axis=0)
        high = np.maximum.reduceat(points, self._starts, axis=0)
        ends = np.stack([low, high], axis=1)
        corners = np.indices((2, 2, 2)).reshape(3, 8).T
        self._corners = ends[:, corners, np.arange(3)].reshape(-1, 3)

    def about(
        self, project: Projection, x: float, y: float, reach: tuple[float, float]
    ) -> NDArray[np.intp]:
        """Return the numbers of all points seen within reach of a place, and of some more."""
        across, down, depth = (values.reshape(-1, 8) for values in project(self._corners))
        # A box that reaches behind the eye has no outline in the view.
        behind = depth.min(axis=1) <= 0
        beside = (across.min(axis=1) > x + reach[0]) | (across.max(axis=1) < x - reach[0])
        beside |= (down.min(axis=1) > y + reach[1]) | (down.max(axis=1) < y - reach[1])
        starts = self._starts[behind | ~beside]
        numbers = (starts[:, None] + np.arange(_LENGTH)).ravel()
        return numbers[numbers < self._count]
