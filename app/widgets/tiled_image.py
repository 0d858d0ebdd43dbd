"""An image of any size, drawn in tiles of the detail that the screen can show."""

from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.colour_scale import Colours

#: Side of a tile in pixels of its level.
TILE = 512
#: Tiles kept as images: 64 MB of colour with alpha.
_KEPT = 64
_FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}
#: Level, row and column of a tile.
Key = tuple[int, int, int]


class TiledImage(QGraphicsItem):
    """Grey (H, W) or colour (H, W, 3), in pixels of the image.

    Level 0 is the array itself, not copied. Every level above has half the pixels in each
    direction, is made when first drawn, and takes a quarter of the memory of the one below.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._levels: list[NDArray[Any]] = []
        self._tiles: OrderedDict[Key, QImage] = OrderedDict()

    @property
    def image(self) -> NDArray[Any] | None:
        """What is shown."""
        return self._levels[0] if self._levels else None

    def show_array(self, pixels: NDArray[Any] | None) -> None:
        """Show another array; None shows nothing."""
        self.prepareGeometryChange()
        self._levels = [] if pixels is None else [pixels]
        self._tiles.clear()
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        """Return the whole image."""
        if not self._levels:
            return QRectF()
        height, width = self._levels[0].shape[:2]
        return QRectF(0, 0, width, height)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the tiles that are exposed."""
        if not self._levels:
            return
        level = self._level_for(painter.worldTransform())
        step, side = 2**level, TILE * 2**level
        self._make_levels(level)
        exposed = option.exposedRect.intersected(self.boundingRect())
        ends = (exposed.top(), exposed.bottom()), (exposed.left(), exposed.right())
        rows, columns = (
            range(int(low // side), min(-int(-high // side), -(-length // TILE)))
            for (low, high), length in zip(ends, self._levels[level].shape[:2], strict=True)
        )
        for row in rows:
            for column in columns:
                tile = self._tile((level, row, column))
                size = QSize(tile.width(), tile.height()) * step
                place = QRectF(column * side, row * side, size.width(), size.height())
                painter.drawImage(place, tile)

    def _level_for(self, transform: QTransform) -> int:
        """Return the coarsest level that still has a pixel for each of the screen."""
        height, width = self._levels[0].shape[:2]
        scale = max(abs(transform.m11()), abs(transform.m12()), 1e-9)
        wanted = int(max(np.floor(np.log2(1 / scale)), 0))
        return min(wanted, int(np.log2(max(min(height, width), 1))))

    def _make_levels(self, level: int) -> None:
        while len(self._levels) <= level:
            self._levels.append(self._halved(self._levels[-1]))

    def _tile(self, key: Key) -> QImage:
        if key in self._tiles:
            self._tiles.move_to_end(key)
            return self._tiles[key]
        level, top, left = key[0], key[1] * TILE, key[2] * TILE
        self._tiles[key] = self._drawn(self._levels[level][top : top + TILE, left : left + TILE])
        if len(self._tiles) > _KEPT:
            self._tiles.popitem(last=False)
        return self._tiles[key]

    def _halved(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the mean of every two by two pixels, without an odd last row or column."""
        first, *others = quarters(values)
        total = first.astype(np.uint16)
        for other in others:
            total += other
        return np.asarray(total >> 2, np.uint8)

    def _drawn(self, values: NDArray[Any]) -> QImage:
        return image_of(values)


def quarters(values: NDArray[Any]) -> list[NDArray[Any]]:
    """Return the four pixels of every two by two, as four arrays."""
    down, across = (side - side % 2 for side in values.shape[:2])
    even = values[:down, :across]
    return [even[row::2, column::2] for row in (0, 1) for column in (0, 1)]


def image_of(pixels: Colours) -> QImage:
    """Return grey (h, w), colour (h, w, 3) or colour with alpha (h, w, 4) as Qt draws it."""
    height, width = pixels.shape[:2]
    solid = np.ascontiguousarray(pixels)
    kind = _FORMATS[1 if pixels.ndim == 2 else pixels.shape[2]]
    return QImage(solid.data, width, height, solid.strides[0], kind).copy()
