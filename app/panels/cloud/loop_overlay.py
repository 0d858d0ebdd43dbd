"""The line of a lasso over a 3D view."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.panels.cloud.overlay import Overlay


class LoopOverlay(Overlay):
    """A closed line through points; see `Overlay`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.points: list[QPointF] = []

    def begin(self, point: QPointF) -> None:
        """Begin a line."""
        parent = self.parentWidget()
        if parent is not None:
            self.resize(parent.size())
        self.points = [point]
        self.raise_()
        self.show()

    def extend(self, point: QPointF) -> None:
        """Draw on."""
        self.points.append(point)
        self.update()

    def draw(self, painter: QPainter) -> None:
        """Draw the line and close it."""
        painter.drawPolyline([*self.points, *self.points[:1]])
