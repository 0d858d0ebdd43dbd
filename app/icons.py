"""Icons drawn in the colour they are needed in."""

import re
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cmdiad_core.resources import resource

_INK = "#000000"
_RIM = 'stroke="#ffffff" stroke-width="2"'
#: What is filled, with the line it has: a second attribute of one name makes a drawing invalid.
_FULL = re.compile(rf'fill="{_INK}"( stroke="[^"]*")?( stroke-width="[^"]*")?')
#: Opacity of the icon of what is disabled.
_FADED = 0.35


@cache
def source(name: str, *, rimmed: bool = False) -> str:
    """Return the drawing of an icon in ink, `rimmed` ones with another line around what is full."""
    drawing = resource(f"icons/{name}.svg").read_text("utf-8")
    return _FULL.sub(f'fill="{_INK}" {_RIM}', drawing) if rimmed else drawing


def pixmap(
    name: str, colour: str, size: int = 16, ratio: float = 1.0, *, rimmed: bool = False
) -> QPixmap:
    """Return the icon `name` in `colour`, `size` logical pixels wide.

    A `rimmed` one keeps its shape on a ground of its own colour.
    """
    drawn = source(name, rimmed=rimmed).replace(_INK, colour)
    drawing = QSvgRenderer(QByteArray(drawn.encode()))
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
        result.addPixmap(drawing, QIcon.Mode.Normal)
        # Qt would tint the icon of a selected row beyond recognition.
        result.addPixmap(pixmap(name, colour, size, rimmed=True), QIcon.Mode.Selected)
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
