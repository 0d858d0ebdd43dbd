"""Charts of quality over time as SVG, in the colours of the page that they stand on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import ArrayLike

from cmdiad_core.quality import Drift, PChart
from cmdiad_core.text import number, text

_WIDTH, _HEIGHT = 1000, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 10, 28
#: Names along the lower axis, and numbers along the left one, at most.
_NAMES, _NUMBERS = 9, 5


@dataclass(frozen=True)
class _Axes:
    """From places and values to points of the picture."""

    places: tuple[float, float]
    values: tuple[float, float]

    def x(self, place: float) -> float:
        first, last = self.places
        return _LEFT + (place - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        low, high = self.values
        share = (min(max(value, low), high) - low) / (high - low)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    def points(self, places: ArrayLike, values: ArrayLike) -> str:
        """Return the points of a line."""
        pairs = zip(np.asarray(places), np.asarray(values), strict=True)
        return " ".join(f"{self.x(place):.1f},{self.y(value):.1f}" for place, value in pairs)

    def frame(self, names: Sequence[str], unit: str) -> Iterable[str]:
        """Give the grid with its numbers, and the names of the places from 0 on."""
        low, high = self.values
        step = _step((high - low) / _NUMBERS)
        for value in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step:
            y = self.y(value)
            yield f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>'
            words = number(value, f"z.{max(0, int(np.ceil(-np.log10(step))))}f") + unit
            yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{words}</text>'
        every = -(-len(names) // _NAMES)
        for place in range(0, len(names), every):
            x = min(self.x(place), _WIDTH - 40)
            words = names[place]
            yield f'<text x="{x:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{words}</text>'

    def triangle(self, place: float, value: float, up: bool, words: str) -> str:
        """Return the mark of what is out of control."""
        x, y, side = self.x(place), self.y(value), -6 if up else 6
        d = f"M{x - 6:.1f} {y - side:.1f}h12L{x:.1f} {y + side:.1f}z"
        return f'<path class="out" d="{d}"><title>{escape(words)}</title></path>'


def p_chart_picture(chart: PChart, name: str) -> Markup:
    """Return a p-chart with weeks: points, centre line, limits; triangles are out of control."""
    weeks = chart.weeks
    shares = np.array([100 * week.rate.share for week in weeks])
    low, high = np.array([(100 * week.low, 100 * week.high) for week in weeks]).T
    # With a handful of parts the limits are wider than anything there is to see.
    top = min(max(1.6 * shares.max(), 1.3 * float(np.median(high)), 1.0), 100.0)
    axes = _Axes((-0.5, len(weeks) - 0.5), (0.0, top))
    edges = np.repeat(np.arange(len(weeks) + 1) - 0.5, 2)[1:-1]
    band = np.append(edges, edges[::-1]), np.append(np.repeat(low, 2), np.repeat(high, 2)[::-1])
    centre = axes.y(100 * chart.baseline.share)
    drawn = [
        f'<polygon class="band" points="{axes.points(*band)}"/>',
        *axes.frame([week.name for week in weeks], " %"),
        f'<path class="centre" d="M{_LEFT} {centre:.1f}H{_WIDTH - _RIGHT}"/>',
        f'<polyline class="line" points="{axes.points(np.arange(len(weeks)), shares)}"/>',
    ]
    for place, (week, share) in enumerate(zip(weeks, shares, strict=True)):
        words = text(
            "quality.week.share",
            week=week.name,
            count=week.rate.count,
            total=week.rate.total,
            share=number(week.rate.share, ".1%"),
        )
        if week.is_above or week.is_below:
            drawn.append(axes.triangle(place, share, week.is_above, words))
        else:
            x, y = axes.x(place), axes.y(share)
            drawn.append(
                f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="3.5">'
                f"<title>{escape(words)}</title></circle>"
            )
    return _picture(name, drawn)


def drift_picture(drift: Drift, name: str) -> Markup:
    """Return the moving average and its limits; bars below are days or weeks that alarm."""
    count = len(drift.times)
    places = np.arange(count)
    one_day = drift.times[0].date() == drift.times[-1].date()
    top = 1.2 * max(float(drift.limit.max()), float(np.abs(drift.average).max()))
    axes = _Axes((-1.0, float(count)), (-top, top))
    band = np.append(places, places[::-1]), np.append(-drift.limit, drift.limit[::-1])
    drawn = [
        f'<polygon class="band" points="{axes.points(*band)}"/>',
        *axes.frame([f"{one:%H:%M}" if one_day else f"{one:%Y-%m-%d}" for one in drift.times], ""),
        f'<polyline class="average" points="{axes.points(places, drift.average)}"/>',
    ]
    for place in np.flatnonzero(drift.beyond).tolist():
        words = f"{drift.times[place]:%Y-%m-%d %H:%M} UTC: {number(drift.average[place])}"
        drawn.append(axes.triangle(place, drift.average[place], drift.average[place] > 0, words))
    # Parts before the first place are not shown.
    last = count - drift.parts
    for period in drift.periods:
        first, last = last, last + period.parts
        if period.alarms and last > 0:
            ends = f"M{axes.x(max(first, 0)):.1f} {axes.y(-top):.1f}H{axes.x(last):.1f}"
            drawn.append(f'<path class="alarm" d="{ends}"><title>{period.name}</title></path>')
    return _picture(name, drawn)


def _picture(words: str, drawn: Iterable[str]) -> Markup:
    name = f'role="img" aria-label="{escape(words)}"'
    head = f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" {name}>'
    # Words are escaped; the rest are numbers and dates.
    return Markup(f"{head}{''.join(drawn)}</svg>")  # noqa: S704


def _step(about: float) -> float:
    """Return 1, 2 or 5 times a power of ten, at least so much."""
    power = 10.0 ** np.floor(np.log10(about))
    return float(next(one * power for one in (1, 2, 5, 10) if one * power >= about))
