"""Labels over an image, redrawn only where they change."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.outline import cell_size
from cmdiad_core.annotation.area import Area
from cmdiad_core.edits import Box

#: Added to the label of a pixel at the edge of its area.
_EDGE = 128
_FILL_ALPHA = 105


class LabelLayer(QGraphicsItem):
    """Areas filled translucently with an opaque edge, in the coordinates of the image.

    Pixels are kept once, as labels; Qt colours those that it draws.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._labels: NDArray[np.uint8] | None = None
        self._drawn = np.zeros((0, 0), np.uint8)
        self._image = QImage()
        self._reach = 1

    @property
    def pixels(self) -> QImage:
        """What is drawn, a pixel per pixel of the image."""
        return self._image

    def show_labels(self, labels: NDArray[np.uint8] | None, colours: Mapping[int, str]) -> None:
        """Show labels (H, W), 0 to 127, and follow them as they change; None shows nothing.

        Parameters
        ----------
        labels : array (H, W) or None
            Not copied.
        colours : mapping of int to str
            ``"#rrggbb"`` by label.
        """
        self.prepareGeometryChange()
        self._labels = labels
        height, width = (0, 0) if labels is None else labels.shape
        self._drawn = np.zeros((height, width), np.uint8)
        self._image = QImage(self._drawn.data, width, height, width, QImage.Format.Format_Indexed8)
        self._image.setColorTable(_table(colours))
        self._reach = cell_size((height, width)) if labels is not None else 1
        if labels is not None:
            self.change(Area.of_mask(labels > 0).box)
        self.update()

    def change(self, box: Box) -> None:
        """Redraw a box, row and column of its first pixel and of those after its last one."""
        if self._labels is None or box[0] >= box[2] or box[1] >= box[3]:
            return
        height, width = self._labels.shape
        # An edge moves as far as it is wide, and hangs on pixels as far away again.
        near, far = (_grown(box, self._reach * times, height, width) for times in (1, 2))
        seen = self._labels[far[0] : far[2], far[1] : far[3]]
        low, high = (_widest(seen, self._reach, take) for take in (np.minimum, np.maximum))
        edge = ((low != seen) | (high != seen)) & (seen > 0)
        drawn = seen + edge * np.uint8(_EDGE)
        inner = (
            slice(near[0] - far[0], near[2] - far[0]),
            slice(near[1] - far[1], near[3] - far[1]),
        )
        self._drawn[near[0] : near[2], near[1] : near[3]] = drawn[inner]
        self.update(QRectF(near[1], near[0], near[3] - near[1], near[2] - near[0]))

    def boundingRect(self) -> QRectF:  # noqa: N802
        """Return the whole image."""
        return QRectF(0, 0, self._image.width(), self._image.height())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the part that is exposed."""
        exposed: QRectF = option.exposedRect
        part = exposed.toAlignedRect().intersected(QRect(self._image.rect()))
        if not part.isEmpty():
            painter.drawImage(part, self._image, part)


def _widest(values: NDArray[np.uint8], reach: int, take: np.ufunc) -> NDArray[np.uint8]:
    """Return the least or greatest value within `reach` rows and columns of every pixel.

    Whole rows are compared at once, which is many times as fast as a filter of SciPy.
    """
    found = np.pad(values, reach, mode="edge")
    size, window = 2 * reach + 1, 1
    while window < size:
        # Two windows that overlap or touch make a larger one.
        step = min(window, size - window)
        found = take(found[step:], found[:-step])
        found = take(found[:, step:], found[:, :-step])
        window += step
    return found


def _table(colours: Mapping[int, str]) -> list[int]:
    table = [0] * 256
    for label, name in colours.items():
        colour = QColor(name)
        table[label + _EDGE] = colour.rgba()
        colour.setAlpha(_FILL_ALPHA)
        table[label] = colour.rgba()
    return table


def _grown(box: Box, pixels: int, height: int, width: int) -> Box:
    top, left, bottom, right = box
    return (
        max(top - pixels, 0),
        max(left - pixels, 0),
        min(bottom + pixels, height),
        min(right + pixels, width),
    )
