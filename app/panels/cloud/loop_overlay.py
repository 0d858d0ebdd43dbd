"""The line of a lasso over a 3D view."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget


class LoopOverlay(QWidget):
    """Lies over a widget, lets the mouse through and draws a line.

    Parameters
    ----------
    parent : QWidget
        What it lies over.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.points: list[QPointF] = []
        self.hide()

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

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw a line that is seen on any ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in (("#101418", 4), ("#ffffff", 2)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawPolyline([*self.points, *self.points[:1]])
