"""Whether the scores of accepted parts still are those the model was calibrated on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

#: How often a chart of scores that have not changed alarms anywhere, half by each of its two ways.
FALSE_ALARMS = 0.01
#: Parts in one window of the Kolmogorov-Smirnov test.
WINDOW = 50
#: Fewer parts, or calibration scores, say nothing.
LEAST = 20
#: Only so many parts are looked at, the newest ones.
MOST = 2000
#: Weight of the newest part in the moving average.
WEIGHT = 0.1
_RUNS = 2000


@dataclass(frozen=True)
class Window:
    """Some parts in a row against the calibration scores.

    Parameters
    ----------
    first, last : datetime
        When the first and the last of them were judged.
    statistic : float
        The largest distance between the two distribution functions.
    p_value : float
        Of the two-sample Kolmogorov-Smirnov test.
    median : float
        Of their scores.
    alarms : bool
        Whether the p-value is too small for chance, so many windows looked at.
    """

    first: datetime
    last: datetime
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
        Of the parts.
    average, limit : array (n,)
        Exponentially weighted moving average of the normal scores of the parts, and how far from
        0 it may be at each.
    windows : tuple of Window
        Each of `WINDOW` parts; the last one ends with the newest part.
    calibration_parts : int
        Number of calibration scores.
    calibration_median, median : float
        Of the scores at calibration, and of the newest window (all parts where there is none).
    flagged : int
        How many of the parts the model had not accepted.
    """

    measured: tuple[str, ...]
    times: tuple[datetime, ...]
    average: Numbers
    limit: Numbers
    windows: tuple[Window, ...]
    calibration_parts: int
    calibration_median: float
    median: float
    flagged: int

    @property
    def beyond(self) -> NDArray[np.bool_]:
        """Where the moving average is beyond its limit; array (n,)."""
        return np.abs(self.average) > self.limit

    @property
    def alarm_since(self) -> datetime | None:
        """When the first alarm was; None without any."""
        moments = [one.last for one in self.windows if one.alarms]
        if self.beyond.any():
            moments.append(self.times[int(np.argmax(self.beyond))])
        return min(moments, default=None)

    @property
    def alarms_now(self) -> bool:
        """Whether the newest part or window still alarms."""
        newest = bool(self.windows) and self.windows[-1].alarms
        return newest or bool(self.beyond[-1])


def drift(
    scores: Sequence[float],
    times: Sequence[datetime],
    calibration: NDArray[np.floating],
    *,
    measured: Sequence[str] = (),
    flagged: int = 0,
) -> Drift:
    """Compare scores with those at calibration.

    Two ways, each with half of `FALSE_ALARMS`: the Kolmogorov-Smirnov test of windows of parts,
    Bonferroni's correction for their number, sees any change of the distribution; the moving
    average of normal scores (ranks among the calibration scores, as normal quantiles) sees small
    lasting shifts. Its limit is found by simulation of ranks without drift, so that it holds for
    any distribution and counts that there are only so many calibration scores.

    Parameters
    ----------
    scores : sequence of float (n,)
        Of accepted parts, oldest first, at least `LEAST`; of more than `MOST` the newest.
    times : sequence of datetime (n,)
        When they were judged.
    calibration : array (m,)
        Scores of good parts the model did not learn from, at least `LEAST`.
    measured, flagged
        As in `Drift`.
    """
    from scipy.stats import ks_2samp

    values = np.asarray(scores, np.float64)[-MOST:]
    moments = tuple(times)[-MOST:]
    known = np.sort(np.asarray(calibration, np.float64))
    count, start = len(values) // WINDOW, len(values) % WINDOW
    windows = []
    for first in range(start, len(values), WINDOW):
        part = values[first : first + WINDOW]
        test = ks_2samp(part, known)
        windows.append(
            Window(
                moments[first],
                moments[first + WINDOW - 1],
                float(test.statistic),
                float(test.pvalue),
                float(np.median(part)),
                bool(test.pvalue <= FALSE_ALARMS / 2 / count),
            )
        )
    steps = np.arange(1, len(values) + 1)
    return Drift(
        tuple(measured),
        moments,
        _moving_average(normal_scores(values, known)[None])[0],
        alarm_limit(len(known), len(values)) * _spread(steps, len(known)),
        tuple(windows),
        len(known),
        float(np.median(known)),
        windows[-1].median if windows else float(np.median(values)),
        flagged,
    )


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
