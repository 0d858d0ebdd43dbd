"""What a tool is about to mark, drawn on an image canvas."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from app.widgets.image_canvas import ImageCanvas
from app.widgets.label_layer import LabelLayer
from cmdiad_core.annotation import Area

#: Colour and width in pixels of the screen of a line that is seen on any ground.
_LINES = (("#101418", 4), ("#ffffff", 2))
_CIRCLE: NDArray[np.float64] = np.linspace(0, 2 * np.pi, 49)
_ON_TOP = 8


class Sketch:
    """A line and a previewed area over a canvas.

    Parameters
    ----------
    canvas : ImageCanvas
        Shows them.
    """

    def __init__(self, canvas: ImageCanvas) -> None:
        self._lines = [pg.PlotCurveItem(pen=pg.mkPen(c, width=w)) for c, w in _LINES]
        self.preview = LabelLayer()
        canvas.add_layer(self.preview, _ON_TOP - 1)
        for line in self._lines:
            canvas.add_layer(line, _ON_TOP)

    def show_line(self, corners: list[tuple[float, float]]) -> None:
        """Join corners, row and column each, by a line; none removes it."""
        places = np.array(corners, np.float64).reshape(-1, 2)
        for line in self._lines:
            line.setData(places[:, 1], places[:, 0])

    def show_circle(self, row: float, column: float, radius: float) -> None:
        """Show the size of the brush."""
        for line in self._lines:
            line.setData(column + radius * np.cos(_CIRCLE), row + radius * np.sin(_CIRCLE))

    def show_area(self, area: Area | None, colour: str) -> None:
        """Show what a click would mark; None removes it."""
        if area is None:
            self.preview.show_labels(None, {})
            return
        self.preview.setPos(area.left, area.top)
        self.preview.show_labels(area.inside.astype(np.uint8), {1: colour})

    def clear(self) -> None:
        """Remove everything."""
        self.show_line([])
        self.show_area(None, "")
