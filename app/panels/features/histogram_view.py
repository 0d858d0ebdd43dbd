"""The histogram of distances to the bank."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from app.panels.features.histogram import Histogram
from app.text import text
from app.theme import tones
from app.widgets.number_axis import NumberAxis
from app.widgets.pane import Pane, heading

_HEIGHT = 190


class HistogramView(Pane):
    """Distances of this part's patches over those of normal patches, one patch marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("histogram.title"), parent)
        self._measured = True
        self.legend = heading("", "faint")
        self.legend.setWordWrap(True)
        self._plot = pg.GraphicsLayoutWidget()
        self._plot.setAccessibleName(text("histogram.title"))
        self._plot.setToolTip(text("histogram.tip"))
        self._plot.setAcceptDrops(False)
        self._plot.setMinimumHeight(_HEIGHT)
        self._plot.ci.setContentsMargins(0, 0, 8, 0)
        self._plot.ci.setSpacing(0)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False)
        axis = NumberAxis("bottom")
        axis.linkToView(self._box)
        self._axis = axis
        self._plot.addItem(self._box, row=0, col=0)
        self._plot.addItem(axis, row=1, col=0)
        self._part = pg.BarGraphItem(x=[0.0], height=[0.0], width=1.0)
        self._normal = pg.PlotCurveItem([0.0, 1.0], [0.0], stepMode="center")
        self.mark = pg.InfiniteLine()
        for item in (self._part, self._normal, self.mark):
            self._box.addItem(item, ignoreBounds=True)
        self.body.addWidget(self.legend)
        self.body.addWidget(self._plot, 1)
        self.clear()
        self._paint()

    def clear(self) -> None:
        """Show nothing."""
        self._part.setOpts(x=[0.0], height=[0.0], width=1.0)
        self._normal.hide()
        self.mark.hide()
        self.legend.setText(text("histogram.nothing"))

    def show_histogram(self, bars: Histogram, *, measured: bool) -> None:
        """Show distances of measured or of predicted features."""
        # A defect is a few patches among thousands.
        heights = np.log1p(bars.part)
        width = float(bars.edges[1])
        self._part.setOpts(x=bars.edges[:-1] + width / 2, height=heights, width=width)
        tallest = float(heights.max())
        self._normal.setVisible(bars.normal is not None)
        if bars.normal is not None:
            normal = np.log1p(bars.normal)
            self._normal.setData(bars.edges, normal)
            tallest = max(tallest, float(normal.max()))
        self._box.setXRange(0, float(bars.edges[-1]), padding=0.01)
        self._box.setYRange(0, max(tallest, 1.0), padding=0.04)
        self._measured = measured
        self._paint()
        kind = "measured" if measured else "predicted"
        self.legend.setText(text(f"histogram.legend.{kind}"))

    def show_mark(self, distance: float | None) -> None:
        """Mark the distance of one patch; None removes the mark."""
        self.mark.hide()
        if distance is not None and np.isfinite(distance):
            self.mark.show()
            self.mark.setValue(min(distance, self._box.viewRange()[0][1]))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the look of the application."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "mark"):
            self._paint()

    def _paint(self) -> None:
        look = tones()
        self._plot.setBackground(look.panel)
        self._axis.setPen(look.line)
        self._axis.setTextPen(look.faint)
        colour = QColor(look.accent if self._measured else look.undecided)
        colour.setAlpha(170)
        self._part.setOpts(brush=colour, pen=None)
        self._normal.setPen(look.words, width=1.5)
        self.mark.setPen(look.reject, width=3)
