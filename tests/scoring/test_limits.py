from itertools import combinations_with_replacement

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_curve

from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.scoring import (
    Costs,
    ErrorRates,
    Rate,
    limit_by_youden,
    limit_costs,
    limit_escapes,
    limit_false_rejects,
)

NOW = OperatingPoint(0.8, 1.0)


def _scores(seed, good=30, defective=20, decimals=1):
    """Overlapping scores with ties."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, good).round(decimals), rng.normal(1.5, 1, defective).round(decimals)


@pytest.mark.parametrize("count", [1, 7, 19, 20, 99, 100])
@pytest.mark.parametrize("rate", [0.01, 0.05, 0.1, 0.3])
@pytest.mark.parametrize("decimals", [1, 12])
def test_the_reject_limit_is_the_lowest_whose_conformal_p_value_keeps_the_rate(
    count, rate, decimals
):
    good, _ = _scores(count, good=count, decimals=decimals)
    chosen, guarantee = limit_false_rejects(good, rate, NOW)

    def p_value(score):
        return (1 + np.sum(good >= score)) / (count + 1)

    # Every score from the limit on is rejected rightly, the highest one below it would not be.
    just_below = np.nextafter(chosen.reject_from, -np.inf)
    assert guarantee.smallest == pytest.approx(1 / (count + 1))
    if rate >= guarantee.smallest:
        assert guarantee.holds
        assert p_value(chosen.reject_from) <= rate + 1e-12
        assert p_value(just_below) > rate
    else:
        assert not guarantee.holds
        assert guarantee.promised == guarantee.smallest
        assert chosen.reject_from > good.max() == just_below


def test_the_false_reject_rate_holds_for_parts_to_come():
    rng = np.random.default_rng(5)
    rejected = []
    for _ in range(4000):
        good = rng.gumbel(size=40)
        limits = limit_false_rejects(good[:-1], 0.1, NOW)[0]
        rejected.append(good[-1] >= limits.reject_from)
    assert np.mean(rejected) == pytest.approx(0.1, abs=3 * np.sqrt(0.09 / 4000))


def test_limits_never_cross():
    good, defective = np.linspace(-2, 0, 40), np.linspace(3, 4, 80)
    chosen, _ = limit_false_rejects(good, 0.05, NOW)
    assert chosen.accept_below == chosen.reject_from < 0.8
    chosen, _ = limit_escapes(defective, 0.05, NOW)
    assert chosen.accept_below == chosen.reject_from > 1
    assert limit_false_rejects(good + 9, 0.05, NOW)[0].accept_below == 0.8
    assert limit_escapes(defective - 9, 0.05, NOW)[0].reject_from == 1.0


@pytest.mark.parametrize(("count", "total"), [(0, 12), (3, 12), (48, 1000), (11, 12), (12, 12)])
def test_a_rate_is_bounded_as_scipy_bounds_it(count, total):
    interval = stats.binomtest(count, total, alternative="less").proportion_ci(0.95, "exact")
    assert Rate(count, total).at_most == pytest.approx(interval.high)
    assert Rate(count, total).share == count / total


def test_of_no_parts_nothing_is_known():
    assert (Rate(0, 0).share, Rate(0, 0).at_most) == (0.0, 1.0)


@pytest.mark.parametrize("decimals", [1, 12])
def test_the_accept_limit_is_the_highest_whose_escapes_are_surely_few(decimals):
    _, defective = _scores(3, defective=120, decimals=decimals)
    chosen, guarantee = limit_escapes(defective, 0.1, NOW)
    order = np.sort(defective)
    allowed = [k for k in range(120) if Rate(k, 120).at_most <= 0.1]
    assert chosen.accept_below == order[allowed[-1]]
    assert ErrorRates.at(chosen, np.zeros(1), defective).escapes.count <= allowed[-1]
    assert guarantee.holds
    assert guarantee.promised == pytest.approx(Rate(allowed[-1], 120).at_most)


def test_escapes_stay_below_the_rate_as_often_as_promised():
    rng = np.random.default_rng(8)
    escaping = [
        stats.norm.cdf(limit_escapes(rng.normal(size=90), 0.1, NOW)[0].accept_below)
        for _ in range(3000)
    ]
    assert np.mean(np.array(escaping) <= 0.1) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 3000)


def test_too_few_defective_parts_say_so():
    chosen, guarantee = limit_escapes(np.array([2.0, 0.9, 3.0]), 0.05, NOW)
    assert chosen.accept_below == 0.9
    assert not guarantee.holds
    assert guarantee.smallest == pytest.approx(1 - 0.05 ** (1 / 3))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "costs",
    [
        Costs(1, 50, 0.2, 0.05),
        Costs(5, 5, 1, 0.3),
        Costs(1, 1, 9, 0.5),  # a review that costs more than any error
        Costs(0, 10, 0, 0.1),
        Costs(3, 0, 1, 0.9),
    ],
)
def test_no_pair_of_limits_costs_less(seed, costs):
    good, defective = _scores(seed)
    scores = np.unique(np.concatenate([good, defective]))
    candidates = [-99.0, *scores, *((scores[1:] + scores[:-1]) / 2), 99.0]
    least = min(
        costs.expected(OperatingPoint(*pair), good, defective)
        for pair in combinations_with_replacement(sorted(candidates), 2)
    )
    chosen = limit_costs(good, defective, costs)
    assert chosen.accept_below <= chosen.reject_from
    assert costs.expected(chosen, good, defective) == pytest.approx(least)


def test_the_expected_cost_is_the_mean_over_parts():
    good, defective = _scores(1)
    costs = Costs(2, 30, 0.5, 0.2)

    def cost(score, error_below, error_above):
        if score < NOW.accept_below:
            return error_below
        return error_above if score >= NOW.reject_from else costs.review

    of_good = np.mean([cost(score, 0, costs.false_reject) for score in good])
    of_bad = np.mean([cost(score, costs.escape, 0) for score in defective])
    assert costs.expected(NOW, good, defective) == pytest.approx(0.8 * of_good + 0.2 * of_bad)


@pytest.mark.parametrize("seed", range(5))
def test_youdens_point_is_the_best_of_scikit_learns_curve(seed):
    good, defective = _scores(seed)
    truth = np.r_[np.zeros(len(good)), np.ones(len(defective))]
    false, true, _ = roc_curve(truth, np.r_[good, defective], drop_intermediate=False)
    limits = limit_by_youden(good, defective)
    assert limits.accept_below == limits.reject_from
    index = np.mean(defective >= limits.reject_from) - np.mean(good >= limits.reject_from)
    assert index == pytest.approx((true - false).max())


def test_parts_that_separate_have_the_limit_midway():
    limits = limit_by_youden(np.array([0.0, 1.0]), np.array([3.0, 4.0]))
    assert limits == OperatingPoint(2.0, 2.0)
