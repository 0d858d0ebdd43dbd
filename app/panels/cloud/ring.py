"""A ring around the marked point, drawn over a 3D view."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

_RADIUS = 8
_SIDE = 25
#: Colour and width in pixels, seen on any ground.
_LINES = (("#101418", 5), ("#ffffff", 2))


class Ring(QWidget):
    """Lies over a widget and lets the mouse through; moving it does not draw the cloud again.

    Parameters
    ----------
    parent : QWidget
        What it lies over.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(_SIDE, _SIDE)
        self.hide()

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

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw a dark ring under a light one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in _LINES:
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(QPointF(_SIDE / 2, _SIDE / 2), _RADIUS, _RADIUS)
