"""An anomaly map of any size, coloured tile by tile as it is seen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QTransform

from app.colour_scale import Colours, ColourScale
from app.widgets.tiled_image import TiledImage, image_of, quarters


class TiledMap(TiledImage):
    """Scores (H, W); seen from afar a pixel has the largest of its scores, so that no defect goes.

    Another limit or opacity colours only the tiles in view, and those only when they are drawn.
    """

    def __init__(self) -> None:
        super().__init__()
        self._scale: ColourScale | None = None

    @property
    def image(self) -> Colours | None:
        """Colours with alpha (H, W, 4) as they are drawn."""
        if not self._levels or self._scale is None:
            return None
        return self._scale.drawn(self._levels[0])

    @property
    def values(self) -> NDArray[np.float32] | None:
        """The scores that are shown."""
        return self._levels[0] if self._levels else None

    def lay_over(self, ground: QRectF) -> None:
        """Stretch the map to a rectangle of the image."""
        own = self.boundingRect()
        stretch = QTransform.fromScale(ground.width() / own.width(), ground.height() / own.height())
        self.setTransform(stretch)

    def set_scale(self, scale: ColourScale) -> None:
        """Colour by another scale."""
        self._scale = scale
        self._tiles.clear()
        self.update()

    def _halved(self, values: NDArray[Any]) -> NDArray[Any]:
        first, second, third, fourth = quarters(values)
        return np.asarray(np.fmax(np.fmax(first, second), np.fmax(third, fourth)))

    def _drawn(self, values: NDArray[Any]) -> QImage:
        if self._scale is None:
            return QImage()
        return image_of(self._scale.drawn(values))
