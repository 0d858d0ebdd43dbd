"""Icons drawn in the colour they are needed in."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cmdiad_core.resources import resource

_INK = "#000000"
#: Opacity of the icon of what is disabled.
_FADED = 0.35


@cache
def _source(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text("utf-8")


def pixmap(name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """Return the icon `name` in `colour`, `size` logical pixels wide."""
    drawing = QSvgRenderer(QByteArray(_source(name).replace(_INK, colour).encode()))
    pixels = QPixmap(round(size * ratio), round(size * ratio))
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    drawing.render(painter, QRectF(pixels.rect()))
    painter.end()
    pixels.setDevicePixelRatio(ratio)
    return pixels


def icon(name: str, colour: str) -> QIcon:
    """Return the icon `name` in `colour`, sharp at the usual sizes and pixel ratios."""
    result = QIcon()
    for size in (16, 20, 24, 32, 48, 64):
        drawing = pixmap(name, colour, size)
        # Qt would tint the icon of a selected row beyond recognition.
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            result.addPixmap(drawing, mode)
        # Qt would hardly dim a light icon on a dark ground.
        result.addPixmap(_faded(drawing), QIcon.Mode.Disabled)
    return result


def _faded(drawing: QPixmap) -> QPixmap:
    pixels = QPixmap(drawing.size())
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.setOpacity(_FADED)
    painter.drawPixmap(0, 0, drawing)
    painter.end()
    return pixels
