"""A measured cloud as large as its place, drawn off the screen."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QResizeEvent, QShowEvent

from app.colour_scale import Colours
from app.panels.cloud.model import point_size
from app.panels.cloud.picture_view import PictureView
from app.theme import tones


class CloudPicture(PictureView):
    """Every part is looked at from the same direction, and fills its place; drag turns it."""

    _grid: tuple[int, int] | None = None

    def show_cloud(
        self, points: NDArray[np.float32], colours: Colours, grid: tuple[int, int]
    ) -> None:
        """Show the points of a cloud that was measured on a grid of (H, W) pixels."""
        self._grid = grid
        self.scene.set_ground(tones().canvas)
        self.scene.show(points, colours, self._point_size(grid))
        self._look()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fill the new place."""
        if self._grid is not None:
            self.scene.set_point_size(self._point_size(self._grid))
            self._look()
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Draw what changed while it was hidden."""
        super().showEvent(event)
        self.refresh()

    def _look(self) -> None:
        self.scene.look_from_camera(self.width() / max(self.height(), 1))

    def _point_size(self, grid: tuple[int, int]) -> float:
        return point_size(min(self.height() / grid[0], self.width() / grid[1]))
