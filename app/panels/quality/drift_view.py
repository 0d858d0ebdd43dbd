"""The moving average of the scores of accepted parts as a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg

from app.panels.quality.chart import Chart, clear
from app.text import text
from app.theme import tones

if TYPE_CHECKING:
    from cmdiad_core.quality import Drift


class DriftView(Chart):
    """The average, the band in which it may move, triangles where it is beyond.

    A bar at the lower edge runs below the windows that alarm.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._drift: Drift | None = None
        self._low, self._high, self._average = (pg.PlotCurveItem() for _ in range(3))
        self._band = pg.FillBetweenItem(self._low, self._high)
        self._windows = pg.PlotCurveItem(connect="pairs")
        for item in (self._band, self._low, self._high, self._average, self._windows, self.points):
            self.plot.addItem(item)
        self.follow_look()

    def show_drift(self, drift: Drift) -> None:
        """Show the parts of a chart."""
        self._drift = drift
        self.name_places([f"{moment.astimezone():%Y-%m-%d}" for moment in drift.times])
        self.paint()

    def paint(self) -> None:
        """Draw the average."""
        from cmdiad_core.quality.drift import WINDOW

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
                    average=f"{drift.average[one]:z.2f}",
                    limit=f"{drift.limit[one]:.2f}",
                )
                for one in beyond
            ],
        )
        top = 1.2 * max(float(drift.limit.max()), float(np.abs(drift.average).max()))
        alarms = np.array([window.alarms for window in drift.windows], bool)
        starts = len(places) - WINDOW * np.arange(len(alarms), 0, -1)
        ends = np.column_stack([starts, starts + WINDOW])[alarms].ravel()
        self._windows.setData(ends, np.full(len(ends), -0.97 * top))
        self._windows.setPen(look.reject, width=5)
        self.plot.setYRange(-top, top, padding=0)
        self.plot.setXRange(-1, len(places), padding=0)
