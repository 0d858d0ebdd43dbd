from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from scipy.stats import betabinom, binom

from cmdiad_core.quality import p_chart
from cmdiad_core.quality.p_chart import OUTSIDE, limits
from cmdiad_core.scoring.rates import Rate

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def chart_of(errors, parts):
    moments, wrong = [], []
    for week, (count, total) in enumerate(zip(errors, parts, strict=True)):
        moments += [MONDAY + timedelta(weeks=week, minutes=n) for n in range(total)]
        wrong += [n < count for n in range(total)]
    return p_chart(moments, wrong)


def test_limits_are_the_outermost_counts_that_are_not_too_rare():
    base, parts = Rate(30, 800), 60
    low, high = (round(parts * share) for share in limits(parts, base))
    like = betabinom(parts, base.count + 0.5, base.total - base.count + 0.5)
    assert like.sf(high) <= OUTSIDE / 2 < like.sf(high - 1)
    assert like.cdf(low - 1) <= OUTSIDE / 2 < like.cdf(low)


def test_with_a_long_baseline_limits_are_those_of_the_binomial_distribution():
    low, high = limits(400, Rate(50_000, 1_000_000))
    assert (round(400 * low), round(400 * high)) == tuple(
        binom.ppf((OUTSIDE / 2, 1 - OUTSIDE / 2), 400, 0.05)
    )


@pytest.mark.parametrize(("share", "parts"), [(0.001, 40), (0.02, 60), (0.1, 300)])
def test_a_week_without_change_is_seldom_outside(share, parts):
    outside = 0.0
    counts = np.arange(parts + 1)
    for base in range(8 * parts + 1):
        if (weight := binom.pmf(base, 8 * parts, share)) > 1e-6:
            low, high = limits(parts, Rate(base, 8 * parts))
            out = (counts / parts < low) | (counts / parts > high)
            outside += weight * binom.pmf(counts[out], parts, share).sum()
    assert outside <= 1.2 * OUTSIDE


def test_first_error_after_weeks_without_any_is_no_alarm():
    found = chart_of([0] * 8 + [1], [40] * 9)
    assert not found.out_of_control
    assert chart_of([0] * 8 + [12], [40] * 9).out_of_control[0].name == "2026-W10"


def test_limits_follow_the_number_of_parts():
    found = chart_of([5] * 8 + [1, 20], [100] * 8 + [10, 400])
    widths = [week.high - week.low for week in found.weeks]
    assert widths[8] > widths[0] > widths[9]
    assert found.baseline == Rate(40, 800)
    assert found.total == Rate(61, 1210)


def test_change_is_named_above_and_below():
    found = chart_of([20] * 8 + [20, 60, 2], [100] * 11)
    assert [(w.name, w.is_above, w.is_below) for w in found.out_of_control] == [
        ("2026-W11", True, False),
        ("2026-W12", False, True),
    ]


def test_weeks_are_those_of_the_calendar_in_utc():
    # Sunday night in New York is Monday in UTC; the first days of 2027 belong to 2026.
    new_york = timezone(timedelta(hours=-5))
    found = p_chart(
        [datetime(2026, 3, 8, 22, tzinfo=new_york), datetime(2027, 1, 1, tzinfo=UTC)],
        [False, True],
    )
    assert [week.name for week in found.weeks] == ["2026-W11", "2026-W53"]
    assert [week.rate.count for week in found.weeks] == [0, 1]


def test_no_parts_no_weeks():
    found = p_chart([], [])
    assert found.weeks == ()
    assert found.total == Rate(0, 0)
