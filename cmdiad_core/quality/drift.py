"""Whether the scores of accepted parts still are those the model was calibrated on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

#: How often a chart of scores that have not changed alarms anywhere, half by each of its two ways.
FALSE_ALARMS = 0.01
#: Parts a day from which days are told apart; with fewer, weeks are.
DAILY = 50
#: Only so many days or weeks are looked at, the newest ones.
PERIODS = 60
#: Fewer parts say nothing, and fewer calibration scores neither.
LEAST, LEAST_CALIBRATION = 20, 10
#: Only so many parts are in the moving average, the newest ones.
MOST = 2000
#: Weight of the newest part in the moving average.
WEIGHT = 0.1
_RUNS = 2000


@dataclass(frozen=True)
class Period:
    """The parts of one day, or of one ISO week, against the calibration scores.

    Parameters
    ----------
    name : str
        As ISO 8601 writes it: 2026-04-07, 2026-W15; in UTC.
    last : datetime
        When the last of them was inspected.
    parts : int
        How many.
    statistic : float
        The largest distance between the two distribution functions.
    p_value : float
        Of the two-sample Kolmogorov-Smirnov test.
    median : float
        Of their scores.
    alarms : bool
        Whether the p-value is too small for chance, so many periods looked at.
    """

    name: str
    last: datetime
    parts: int
    statistic: float
    p_value: float
    median: float
    alarms: bool


@dataclass(frozen=True)
class Drift:
    """The scores of accepted parts in the order of time.

    Parameters
    ----------
    measured : tuple of str
        The modalities that the scores rest on.
    times : tuple of datetime
        Of the newest parts, at most `MOST`.
    average, limit : array (n,)
        Exponentially weighted moving average of the normal scores of these parts, and how far
        from 0 it may be at each.
    periods : tuple of Period
        Days or weeks with parts, at most `PERIODS`; the last one may not be over.
    parts : int
        Number of parts in them.
    calibration_parts : int
        Number of calibration scores.
    calibration_median, median : float
        Of the scores at calibration, and of those in the newest period.
    reviewed : int
        How many of the parts somebody looked at.
    """

    measured: tuple[str, ...]
    times: tuple[datetime, ...]
    average: Numbers
    limit: Numbers
    periods: tuple[Period, ...]
    parts: int
    calibration_parts: int
    calibration_median: float
    median: float
    reviewed: int

    @property
    def beyond(self) -> NDArray[np.bool_]:
        """Where the moving average is beyond its limit; array (n,)."""
        return np.abs(self.average) > self.limit

    @property
    def alarm_since(self) -> datetime | None:
        """When the first alarm was; None without any."""
        moments = [one.last for one in self.periods if one.alarms]
        if self.beyond.any():
            moments.append(self.times[int(np.argmax(self.beyond))])
        return min(moments, default=None)

    @property
    def alarms_now(self) -> bool:
        """Whether the newest part or period still alarms."""
        return self.periods[-1].alarms or bool(self.beyond[-1])


def drift(
    scores: Sequence[float],
    times: Sequence[datetime],
    calibration: NDArray[np.floating],
    *,
    measured: Sequence[str] = (),
    reviewed: Sequence[bool] = (),
) -> Drift:
    """Compare scores with those at calibration.

    Two ways, each with half of `FALSE_ALARMS`: the Kolmogorov-Smirnov test of days or weeks,
    Bonferroni's correction for their number, sees any change of the distribution; the moving
    average of normal scores (ranks among the calibration scores, as normal quantiles) sees small
    lasting shifts. Its limit is found by simulation of ranks without drift, so that it holds for
    any distribution and counts that there are only so many calibration scores.

    Parameters
    ----------
    scores : sequence of float (n,)
        Of accepted parts, oldest first, at least `LEAST`.
    times : sequence of datetime (n,)
        When they were inspected.
    calibration : array (m,)
        Scores of good parts the model did not learn from and would accept, at least
        `LEAST_CALIBRATION`.
    measured : sequence of str
        As in `Drift`.
    reviewed : sequence of bool (n,)
        Whether somebody looked at the part.
    """
    values = np.asarray(scores, np.float64)
    known = np.sort(np.asarray(calibration, np.float64))
    periods = _periods(values, times, known)
    parts = sum(one.parts for one in periods)
    newest = values[-MOST:]
    steps = np.arange(1, len(newest) + 1)
    return Drift(
        tuple(measured),
        tuple(times)[-MOST:],
        _moving_average(normal_scores(newest, known)[None])[0],
        alarm_limit(len(known), len(newest)) * _spread(steps, len(known)),
        periods,
        parts,
        len(known),
        float(np.median(known)),
        periods[-1].median,
        sum(list(reviewed)[-parts:]),
    )


def _periods(values: Numbers, times: Sequence[datetime], known: Numbers) -> tuple[Period, ...]:
    from scipy.stats import ks_2samp

    days = [moment.astimezone(UTC).date() for moment in times]
    daily = len(days) >= DAILY * len(set(days))
    places: dict[str, list[int]] = {}
    for place, day in enumerate(days):
        places.setdefault(f"{day:%Y-%m-%d}" if daily else f"{day:%G-W%V}", []).append(place)
    newest = sorted(places)[-PERIODS:]
    found = []
    for name in newest:
        part = values[places[name]]
        test = ks_2samp(part, known)
        found.append(
            Period(
                name,
                times[places[name][-1]],
                len(part),
                float(test.statistic),
                float(test.pvalue),
                float(np.median(part)),
                bool(test.pvalue <= FALSE_ALARMS / 2 / len(newest)),
            )
        )
    return tuple(found)


def normal_scores(scores: Numbers, calibration: Numbers) -> Numbers:
    """Return the ranks of scores among sorted calibration scores as quantiles of the normal."""
    from scipy.special import ndtri

    rank = np.searchsorted(calibration, scores, "left") + np.searchsorted(
        calibration, scores, "right"
    )
    return np.asarray(ndtri((rank / 2 + 0.5) / (len(calibration) + 1)), np.float64)


@cache
def alarm_limit(calibration: int, parts: int) -> float:
    """Return the limit of the moving average over its spread.

    In simulated charts of `parts` scores that are like `calibration` others, a share of
    `FALSE_ALARMS` / 2 goes beyond it anywhere.
    """
    rng = np.random.default_rng(20261123)
    largest = np.empty(_RUNS)
    spread = _spread(np.arange(1, parts + 1), calibration)
    for run in range(_RUNS):
        scores = normal_scores(rng.random(parts), np.sort(rng.random(calibration)))
        largest[run] = np.max(np.abs(_moving_average(scores[None])[0]) / spread)
    return float(np.quantile(largest, 1 - FALSE_ALARMS / 2))


def _moving_average(scores: Numbers) -> Numbers:
    from scipy.signal import lfilter

    return np.asarray(lfilter([WEIGHT], [1, WEIGHT - 1], scores, axis=-1), np.float64)


def _spread(steps: NDArray[np.int_], calibration: int) -> Numbers:
    """Return the standard deviation of the average after so many parts, calibration included."""
    kept = (1 - WEIGHT) ** steps
    own = WEIGHT / (2 - WEIGHT) * (1 - kept**2)
    return np.asarray(np.sqrt(own + (1 - kept) ** 2 / calibration), np.float64)
