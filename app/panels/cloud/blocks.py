"""Finds the points about a place of the view without looking at all of them."""

import numpy as np
from numpy.typing import NDArray

#: Points of a block. They follow each other in a row of the scan, so they lie close together.
_LENGTH = 128

Points = NDArray[np.float32]


class Blocks:
    """The points of a cloud in balls.

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
        self._centres = (low + high) / 2
        self._radii = np.linalg.norm(high - low, axis=1) / 2

    def about(
        self, matrix: NDArray[np.float32], place: tuple[float, float], reach: tuple[float, float]
    ) -> NDArray[np.intp]:
        """Return the numbers of all points seen within reach of a place, and of some more.

        Parameters
        ----------
        matrix : array (4, 4)
            From points to homogeneous coordinates in which the view spans -1 to 1.
        place, reach : tuple of float
            In these coordinates: to the right and up.
        """
        projected = self._centres @ matrix[:, :3].T + matrix[:, 3]
        # Within a ball, numerator and denominator of the perspective change by at most this.
        change = self._radii[:, None] * np.linalg.norm(matrix[:, :3], axis=1)
        nearest = projected[:, 3] - change[:, 3]
        beside = np.zeros(len(self._starts), np.bool_)
        with np.errstate(divide="ignore", invalid="ignore"):
            for axis in range(2):
                at = projected[:, axis] / projected[:, 3]
                spread = (change[:, axis] + np.abs(at) * change[:, 3]) / nearest
                beside |= np.abs(at - place[axis]) > spread + reach[axis]
        # A ball that reaches behind the eye has no outline in the view.
        starts = self._starts[(nearest <= 0) | ~beside]
        numbers = (starts[:, None] + np.arange(_LENGTH)).ravel()
        return np.asarray(numbers[numbers < self._count])
