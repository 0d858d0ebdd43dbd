"""A ring around the marked point, drawn over a 3D view."""

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.panels.cloud.overlay import Overlay

_RADIUS = 8
_SIDE = 25


class Ring(Overlay):
    """A ring that is moved to a place; see `Overlay`."""

    lines = (("#101418", 5), ("#ffffff", 2))

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(_SIDE, _SIDE)

    def surround(self, place: tuple[float, float] | None) -> None:
        """Go around a place, in shares of the width and the height; None hides the ring."""
        below = self.parentWidget()
        if place is None or below is None:
            self.hide()
            return
        centre = QPoint(round(place[0] * below.width()), round(place[1] * below.height()))
        self.move(centre - QPoint(_SIDE // 2, _SIDE // 2))
        self.show()
        self.raise_()

    def draw(self, painter: QPainter) -> None:
        """Draw the ring."""
        painter.drawEllipse(QPointF(_SIDE / 2, _SIDE / 2), _RADIUS, _RADIUS)
