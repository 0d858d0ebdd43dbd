"""The moving average of the scores of accepted parts as a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg

from app.panels.quality.chart import Chart, clear
from app.text import number, text
from app.theme import tones

if TYPE_CHECKING:
    from cmdiad_core.quality import Drift


class DriftView(Chart):
    """The average, the band in which it may move, triangles where it is beyond.

    A bar at the lower edge runs below the days or weeks that alarm.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._drift: Drift | None = None
        self._low, self._high, self._average = (pg.PlotCurveItem() for _ in range(3))
        self._band = pg.FillBetweenItem(self._low, self._high)
        self._periods = pg.PlotCurveItem(connect="pairs")
        for item in (self._band, self._low, self._high, self._average, self._periods, self.points):
            self.plot.addItem(item)
        self.follow_look()

    def show_drift(self, drift: Drift) -> None:
        """Show the parts of a chart."""
        self._drift = drift
        moments = [moment.astimezone() for moment in drift.times]
        one_day = moments[0].date() == moments[-1].date()
        self.name_places([f"{one:%H:%M}" if one_day else f"{one:%Y-%m-%d}" for one in moments])
        self.paint()

    def paint(self) -> None:
        """Draw the average."""
        drift, look = self._drift, tones()
        if drift is None:
            return
        places = np.arange(len(drift.times))
        self._low.setData(places, -drift.limit)
        self._high.setData(places, drift.limit)
        self._average.setData(places, drift.average)
        self._average.setPen(look.words)
        self._band.setBrush(clear(look.accent, 45))
        for item in (self._low, self._high):
            item.setPen(look.line)
        beyond = np.flatnonzero(drift.beyond)
        self.points.setData(
            x=beyond,
            y=drift.average[beyond],
            symbol=["t1" if drift.average[one] > 0 else "t" for one in beyond],
            brush=pg.mkBrush(look.reject),
            pen=None,
            data=[
                text(
                    "quality.drift.tip",
                    time=f"{drift.times[one].astimezone():%Y-%m-%d %H:%M}",
                    average=number(drift.average[one]),
                    limit=number(drift.limit[one], ".2f"),
                )
                for one in beyond
            ],
        )
        top = 1.2 * max(float(drift.limit.max()), float(np.abs(drift.average).max()))
        alarms = np.array([period.alarms for period in drift.periods], bool)
        # Parts before the first place are not shown.
        lasts = len(places) - drift.parts + np.cumsum([one.parts for one in drift.periods])
        firsts = lasts - [one.parts for one in drift.periods]
        ends = np.column_stack([firsts, lasts])[alarms & (lasts > 0)].ravel().clip(0)
        self._periods.setData(ends, np.full(len(ends), -0.97 * top))
        self._periods.setPen(look.reject, width=5)
        self.plot.setYRange(-top, top, padding=0)
        self.plot.setXRange(-1, len(places), padding=0)
