"""Measured lines on an image canvas."""

from collections.abc import Sequence

import pyqtgraph as pg

from app.measuring import Line
from app.panels.measuring.model import beside
from app.widgets.image_canvas import ImageCanvas

#: Colour and width in pixels of the screen of a line that is seen on any ground.
_PENS = (("#101418", 5), ("#ffd54a", 2))
_GROUND = (16, 20, 24, 215)
_ON_TOP = 7


class LineLayer:
    """Lines with their ends and words.

    Parameters
    ----------
    canvas : ImageCanvas
        Shows them.
    """

    def __init__(self, canvas: ImageCanvas) -> None:
        self._canvas = canvas
        self._curves = [
            pg.PlotCurveItem(pen=pg.mkPen(colour, width=width), connect="pairs")
            for colour, width in _PENS
        ]
        self._ends = pg.ScatterPlotItem(symbol="+", size=13, pen=pg.mkPen(_PENS[1][0], width=2))
        for item in (*self._curves, self._ends):
            canvas.add_layer(item, _ON_TOP)
        self._words: list[pg.TextItem] = []

    @property
    def words(self) -> list[str]:
        """What stands beside the lines."""
        return [item.toPlainText() for item in self._words if item.isVisible()]

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines only."""
        ends = [end for line in lines for end in (line.begin, line.end)]
        for item in (*self._curves, self._ends):
            item.setData([end.column for end in ends], [end.row for end in ends])
        while len(self._words) < len(lines):
            self._words.append(pg.TextItem(color=_PENS[1][0], fill=pg.mkBrush(*_GROUND)))
            self._canvas.add_layer(self._words[-1], _ON_TOP)
        for number, item in enumerate(self._words):
            item.setVisible(number < len(lines))
            if number < len(lines):
                self._place(item, lines[number])

    def _place(self, item: pg.TextItem, line: Line) -> None:
        left, top, right, bottom = self._canvas.visible_rect()
        row, column = line.end.row, line.end.column
        # Towards the middle of the view, where there is room.
        item.setAnchor((float(column > (left + right) / 2), float(row > (top + bottom) / 2)))
        item.setText(beside(line))
        item.setPos(column, row)
