"""All points of a cloud in pieces, each spread over the whole, that can be drawn one by one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.colour_scale import Colours
from app.panels.cloud.points import Points

#: Points in a piece, about.
_PIECE = 200_000


class Pieces:
    """Points whose pieces are drawn over each other, frame by frame.

    Parameters
    ----------
    plotter : pyvista.BasePlotter
        On the screen or off it.

    Attributes
    ----------
    points : array (N, 3)
        Their coordinates.
    colours : array (N, 3)
        Their colours.
    bounds : array (3, 2)
        Of their coordinates.
    """

    def __init__(self, plotter: Any) -> None:
        self._plotter = plotter
        self._meshes: list[Points] = []
        self._count = self._done = 0
        self._size = 1.0
        self.points = np.zeros((1, 3), np.float32)
        self.colours: Colours = np.zeros((1, 3), np.uint8)
        self.bounds = np.zeros((3, 2))

    @property
    def size(self) -> float:
        """Width of a point in pixels."""
        return self._size

    @size.setter
    def size(self, size: float) -> None:
        self._size = size
        for piece in self._meshes:
            piece.size = size

    @property
    def is_whole(self) -> bool:
        """Whether every piece is in the frame."""
        return self._done == self._count

    @property
    def drawn(self) -> int:
        """Number of points in the frame."""
        return sum(int(piece.mesh.n_points) for piece in self._meshes[: self._done])

    def show(self, points: NDArray[np.float32], colours: Colours) -> None:
        """Show other points (N, 3)."""
        self.points, self.colours = points, colours
        self.bounds = np.stack([points.min(axis=0), points.max(axis=0)], axis=1).astype(float)
        self._count = -(-len(points) // _PIECE)
        while len(self._meshes) < self._count:
            self._meshes.append(Points(self._plotter))
        self.size = self._size
        for number, piece in enumerate(self._meshes):
            there = number < self._count
            # A piece that is not needed gives its memory back.
            chosen = slice(number, None, self._count) if there else slice(1)
            piece.show(np.ascontiguousarray(points[chosen]), np.ascontiguousarray(colours[chosen]))

    def recolour(self, colours: Colours) -> None:
        """Give the points other colours (N, 3)."""
        self.colours = colours
        for number, piece in enumerate(self._meshes[: self._count]):
            piece.recolour(colours[number :: self._count])

    def begin(self, count: int) -> None:
        """Draw about so many points in the next frame; none where it is 0."""
        self._done = 0
        self.go_on(count)

    def go_on(self, count: int) -> None:
        """Draw about so many further points in the next frame, and only those."""
        first = self._done
        self._done = min(first + -(-count // _PIECE), self._count)
        for number, piece in enumerate(self._meshes):
            piece.is_visible = first <= number < self._done
