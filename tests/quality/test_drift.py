from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy.stats import ks_2samp, norm

from cmdiad_core.quality import drift
from cmdiad_core.quality.drift import (
    FALSE_ALARMS,
    MOST,
    PERIODS,
    WEIGHT,
    alarm_limit,
    normal_scores,
)

START = datetime(2026, 1, 5, tzinfo=UTC)


def drift_of(scores, calibration):
    return drift(scores, [START + timedelta(hours=n) for n in range(len(scores))], calibration)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_periods_are_those_of_the_reference_test(rng):
    calibration, scores = rng.gamma(2, size=60), rng.gamma(2.5, size=200)
    found = drift_of(scores, calibration)
    # One part an hour is too few for days; the first week has 7 times 24 of them.
    assert [(one.name, one.parts) for one in found.periods] == [("2026-W02", 168), ("2026-W03", 32)]
    for one, part in zip(found.periods, (scores[:168], scores[168:]), strict=True):
        expected = ks_2samp(part, calibration)
        assert (one.statistic, one.p_value) == (expected.statistic, expected.pvalue)
        assert one.median == np.median(part)


def test_many_parts_a_day_are_told_apart_by_day_and_only_the_newest_days(rng):
    days = PERIODS + 5
    times = [START + timedelta(days=day, minutes=n) for day in range(days) for n in range(50)]
    reviewed = [place < 500 for place in range(len(times))]
    found = drift(rng.normal(size=len(times)), times, rng.normal(size=40), reviewed=reviewed)
    assert len(found.periods) == PERIODS
    assert found.periods[0].name == "2026-01-10"
    assert (found.parts, found.reviewed) == (PERIODS * 50, 250)


def test_moving_average_is_that_of_normal_scores(rng):
    calibration, scores = np.sort(rng.normal(size=50)), rng.normal(size=30)
    average, expected = 0.0, []
    for one in scores:
        rank = np.count_nonzero(calibration < one)
        average = WEIGHT * norm.ppf((rank + 0.5) / 51) + (1 - WEIGHT) * average
        expected.append(average)
    np.testing.assert_allclose(drift_of(scores, calibration).average, expected, atol=1e-12)


def test_ties_count_half():
    scores = normal_scores(np.array([1.0]), np.array([0.0, 1.0, 1.0, 2.0]))
    assert scores == pytest.approx(0)


@pytest.mark.parametrize("draw", ["normal", "exponential"])
def test_false_alarms_are_as_rare_as_promised_for_any_distribution(rng, draw):
    runs, alarms = 300, 0
    for _ in range(runs):
        values = getattr(rng, draw)(size=40 + 120)
        alarms += drift_of(values[40:], values[:40]).alarm_since is not None
    # 99.9 % of runs that keep the promise stay below.
    assert alarms <= 10
    assert runs * FALSE_ALARMS == 3


def test_limit_is_reached_as_often_as_wanted(rng):
    # The promise of the moving average alone, by ranks it was not found with.
    beyond = 0
    for _ in range(1500):
        values = rng.normal(size=40 + 100)
        scores = normal_scores(values[40:], np.sort(values[:40]))
        steps = np.arange(1, 101)
        kept = (1 - WEIGHT) ** steps
        spread = np.sqrt(WEIGHT / (2 - WEIGHT) * (1 - kept**2) + (1 - kept) ** 2 / 40)
        weights = WEIGHT * (1 - WEIGHT) ** np.subtract.outer(steps, steps).clip(0)
        average = (np.tril(weights) * scores).sum(axis=1)
        beyond += bool((np.abs(average) > alarm_limit(40, 100) * spread).any())
    assert 1 <= beyond <= 20  # 7.5 expected


def test_a_shift_is_found_soon_and_its_end_is_said(rng):
    calibration = rng.normal(size=100)
    scores = np.concatenate([rng.normal(size=150), rng.normal(1.5, size=100)])
    found = drift_of(scores, calibration)
    after = (found.alarm_since - START) / timedelta(hours=1) - 150
    assert 0 <= after < 60
    assert found.alarms_now
    assert found.median > found.calibration_median
    calm = drift_of(np.concatenate([scores, rng.normal(size=200)]), calibration)
    assert calm.alarm_since is not None
    assert not calm.alarms_now


def test_wider_scores_are_seen_by_the_periods(rng):
    found = drift_of(rng.normal(0, 3, size=300), rng.normal(size=100))
    assert any(one.alarms for one in found.periods)


def test_power_grows_with_the_shift(rng):
    found = []
    for shift in (0.5, 1.0):
        alarms = 0
        for _ in range(40):
            calibration, scores = rng.normal(size=60), rng.normal(size=200)
            scores[100:] += shift
            alarms += drift_of(scores, calibration).alarm_since is not None
        found.append(alarms / 40)
    assert found[1] > 0.8
    assert found[0] < found[1]


def test_only_the_newest_parts_are_in_the_average(rng):
    scores = rng.normal(size=MOST + 10)
    scores[:10] = 50
    found = drift_of(scores, rng.normal(size=40))
    assert len(found.times) == MOST
    assert found.times[0] == START + timedelta(hours=10)
