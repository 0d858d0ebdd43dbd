"""What is drawn over a 3D view without drawing the cloud again."""

from abc import abstractmethod

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget


class Overlay(QWidget):
    """Lies over a widget, lets the mouse through and draws a line that is seen on any ground.

    Parameters
    ----------
    parent : QWidget
        What it lies over.
    """

    #: Colour and width in pixels: a dark line under a light one.
    lines = (("#101418", 4), ("#ffffff", 2))

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @abstractmethod
    def draw(self, painter: QPainter) -> None:
        """Draw the line with the pen that is set."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw each line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in self.lines:
            painter.setPen(QPen(QColor(colour), width))
            self.draw(painter)
