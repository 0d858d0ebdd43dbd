"""Measured lines over a 3D view."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.panels.cloud.scene import Scene

#: Colour and width in pixels of a line that is seen on any ground.
_PENS = (("#101418", 5), ("#ffd54a", 2))
_GROUND = QColor(16, 20, 24, 215)
_MARGIN, _GAP = 4, 6

Place = NDArray[np.float32]


class Lines(QWidget):
    """Lies over a widget and lets the mouse through; drawing a line does not draw the cloud again.

    Parameters
    ----------
    parent : QWidget
        What it lies over.
    scene : Scene
        Tells where a point is seen.
    """

    def __init__(self, parent: QWidget, scene: Scene) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._scene = scene
        self._lines: list[tuple[Place, Place, str]] = []
        self.hide()

    @property
    def words(self) -> list[str]:
        """What stands beside the lines."""
        return [words for _, _, words in self._lines]

    def show_lines(self, lines: Sequence[tuple[Place, Place, str]]) -> None:
        """Show lines, two points (3,) and words each."""
        self._lines = list(lines)
        self.follow()

    def follow(self) -> None:
        """Take in that the camera or the size of the view changed."""
        below = self.parentWidget()
        if self._lines and below is not None:
            self.resize(below.size())
            self.raise_()
        self.setVisible(bool(self._lines))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw every line whose ends lie before the eye."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for begin, end, words in self._lines:
            first, second = self._pixel(begin), self._pixel(end)
            if first is not None and second is not None:
                for colour, width in _PENS:
                    painter.setPen(QPen(QColor(colour), width))
                    painter.drawLine(first, second)
                self._write(painter, words, second)

    def _pixel(self, point: Place) -> QPointF | None:
        place = self._scene.place_of(point)
        return None if place is None else QPointF(place[0] * self.width(), place[1] * self.height())

    def _write(self, painter: QPainter, words: str, place: QPointF) -> None:
        middle, align = place.toPoint(), Qt.AlignmentFlag.AlignCenter
        box = painter.fontMetrics().boundingRect(QRect(0, 0, 10_000, 10_000), align, words)
        box.adjust(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        box.moveCenter(middle)
        box.moveTop(middle.y() + _GAP)
        if box.bottom() >= self.height():
            box.moveBottom(middle.y() - _GAP)
        box.moveRight(min(box.right(), self.width() - 1))
        box.moveLeft(max(box.left(), 0))
        painter.fillRect(box, _GROUND)
        painter.setPen(QColor(_PENS[1][0]))
        painter.drawText(box, align, words)
