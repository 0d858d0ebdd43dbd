"""The share of errors by week as a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from app.panels.quality.chart import Chart, clear
from app.text import number, text
from app.theme import tones

if TYPE_CHECKING:
    from cmdiad_core.quality import PChart


class PChartView(Chart):
    """Points by week, the centre line, and a band between the control limits.

    What is out of control is a larger triangle: it is told by its form as well as by its colour.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._chart: PChart | None = None
        self._low, self._high = (pg.PlotCurveItem() for _ in range(2))
        self._band = pg.FillBetweenItem(self._low, self._high)
        self._line = pg.PlotCurveItem()
        self._centre = pg.InfiniteLine(angle=0, movable=False)
        for item in (self._band, self._low, self._high, self._centre, self._line, self.points):
            self.plot.addItem(item)
        self.plot.setLabel("left", "%")
        self.follow_look()

    def show_chart(self, chart: PChart) -> None:
        """Show the weeks of a chart."""
        self._chart = chart
        self.name_places([week.name for week in chart.weeks])
        self.paint()

    def paint(self) -> None:
        """Draw the weeks."""
        chart, look = self._chart, tones()
        if chart is None or not chart.weeks:
            return
        weeks = chart.weeks
        # Limits are level within a week.
        edges = np.repeat(np.arange(len(weeks) + 1) - 0.5, 2)[1:-1]
        shares = np.array([100 * week.rate.share for week in weeks])
        high = np.array([100 * week.high for week in weeks])
        self._low.setData(edges, np.repeat([100 * week.low for week in weeks], 2))
        self._high.setData(edges, np.repeat(high, 2))
        self._line.setData(np.arange(len(weeks)), shares)
        self._centre.setPos(100 * chart.baseline.share)
        self._line.setPen(look.faint)
        self._centre.setPen(look.faint, style=Qt.PenStyle.DashLine)
        self._band.setBrush(clear(look.accent, 45))
        for item in (self._low, self._high):
            item.setPen(look.line)
        out = [week.is_above or week.is_below for week in weeks]
        symbols = ["t1" if week.is_above else "t" if week.is_below else "o" for week in weeks]
        self.points.setData(
            x=np.arange(len(weeks)),
            y=shares,
            symbol=symbols,
            size=[13 if one else 7 for one in out],
            brush=[pg.mkBrush(look.reject if one else look.words) for one in out],
            pen=None,
            data=[
                text(
                    "quality.week.tip",
                    week=week.name,
                    monday=week.monday.isoformat(),
                    count=week.rate.count,
                    total=week.rate.total,
                    share=number(week.rate.share, ".1%"),
                    low=number(week.low, ".1%"),
                    high=number(week.high, ".1%"),
                )
                for week in weeks
            ],
        )
        # With a handful of parts the limits are wider than anything there is to see.
        top = max(1.6 * shares.max(), 1.3 * float(np.median(high)), 1.0)
        self.plot.setYRange(0, min(top, 100), padding=0.04)
        self.plot.setXRange(-0.5, len(weeks) - 0.5, padding=0.01)
