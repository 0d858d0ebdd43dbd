"""The share of errors by week, with limits for each week's number of parts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from cmdiad_core.scoring.rates import Rate

#: How often a week of a process that has not changed lies outside of the limits: as often as
#: beyond three standard deviations of a normal distribution.
OUTSIDE = 0.0027
#: Weeks at the beginning that say what is usual.
BASELINE_WEEKS = 8
#: Jeffreys' prior.
_PRIOR = 0.5


@dataclass(frozen=True)
class Week:
    """The parts of one ISO week, in UTC.

    Parameters
    ----------
    year, number : int
        Of the ISO calendar.
    rate : Rate
        Errors among the parts.
    low, high : float
        Control limits of the share.
    """

    year: int
    number: int
    rate: Rate
    low: float
    high: float

    @property
    def name(self) -> str:
        """As ISO 8601 writes it: 2026-W07."""
        return f"{self.year}-W{self.number:02d}"

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def is_above(self) -> bool:
        """Whether there are more errors than the limits allow."""
        return self.rate.share > self.high

    @property
    def is_below(self) -> bool:
        """Whether there are fewer errors than the limits allow."""
        return self.rate.share < self.low


@dataclass(frozen=True)
class PChart:
    """A p-chart.

    Parameters
    ----------
    weeks : tuple of Week
        Those with parts, by time.
    baseline : Rate
        Errors in the first `BASELINE_WEEKS` of them: the centre line.
    """

    weeks: tuple[Week, ...]
    baseline: Rate

    @property
    def total(self) -> Rate:
        """Errors in all weeks."""
        rates = [week.rate for week in self.weeks]
        return Rate(sum(one.count for one in rates), sum(one.total for one in rates))

    @property
    def out_of_control(self) -> tuple[Week, ...]:
        """The weeks outside of their limits."""
        return tuple(week for week in self.weeks if week.is_above or week.is_below)


def p_chart(moments: Sequence[datetime], wrong: Sequence[bool]) -> PChart:
    """Return the share of errors by week.

    The limits are exact: a week's number of errors is compared with its predictive distribution
    given the baseline weeks, which is beta-binomial under Jeffreys' prior. Three standard
    deviations would do for many errors a week only; here none or one is the rule, and limits from
    a baseline without errors would name the first one. A week of the baseline is compared with
    the others of it.

    Parameters
    ----------
    moments : sequence of datetime
        When each part was judged.
    wrong : sequence of bool
        Whether that was an error.
    """
    totals: Counter[tuple[int, int]] = Counter()
    errors: Counter[tuple[int, int]] = Counter()
    for moment, is_wrong in zip(moments, wrong, strict=True):
        iso = moment.astimezone(UTC).isocalendar()
        totals[iso.year, iso.week] += 1
        errors[iso.year, iso.week] += is_wrong
    rates = {week: Rate(errors[week], totals[week]) for week in sorted(totals)}
    first = dict(list(rates.items())[:BASELINE_WEEKS])
    baseline = Rate(
        sum(one.count for one in first.values()), sum(one.total for one in first.values())
    )
    weeks = []
    for (year, number), rate in rates.items():
        own = first.get((year, number), Rate(0, 0))
        others = Rate(baseline.count - own.count, baseline.total - own.total)
        weeks.append(Week(year, number, rate, *limits(rate.total, others)))
    return PChart(tuple(weeks), baseline)


def limits(parts: int, baseline: Rate) -> tuple[float, float]:
    """Return the control limits of the share of errors among so many parts.

    At most `OUTSIDE` / 2 of weeks lie below the first and as many above the second one, the
    uncertainty of the baseline counted.
    """
    from scipy.stats import betabinom

    alpha, beta = baseline.count + _PRIOR, baseline.total - baseline.count + _PRIOR
    below = np.cumsum(betabinom.pmf(np.arange(parts + 1), parts, alpha, beta))
    low, high = np.searchsorted(below, (OUTSIDE / 2, 1 - OUTSIDE / 2))
    return float(low / parts), float(min(high, parts) / parts)
