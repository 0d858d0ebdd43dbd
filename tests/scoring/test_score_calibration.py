import numpy as np
import pytest

from cmdiad_core.scoring import ScoreCalibration


def test_the_p_value_counts_the_good_parts_at_least_as_high_and_the_part_itself():
    raw = np.array([3.0, 1.0, 2.0, 5.0, 4.0])  # median 3, limit 5
    calibration = ScoreCalibration(raw, 0.05)
    for value, expected in [(9.0, 1 / 6), (5.0, 2 / 6), (4.5, 2 / 6), (3.0, 4 / 6), (0.0, 1.0)]:
        score = float(calibration.score(np.float64(value)))
        assert calibration.p_value(score) == pytest.approx(expected), value


def test_a_good_part_that_ties_with_a_calibration_part_counts_as_at_least_as_high():
    raw = np.array([0.1, 0.1, 0.2, 0.7])
    calibration = ScoreCalibration(raw, 0.3)
    score = float(calibration.score(np.float64(0.1)))
    assert calibration.p_value(score) == 1.0


@pytest.mark.parametrize(("n", "alpha"), [(19, 0.05), (20, 0.1), (49, 0.2), (7, 0.2)])
def test_p_values_and_limit_keep_the_false_reject_rate_on_exchangeable_scores(n, alpha):
    rng = np.random.default_rng(7)
    by_p_value, by_limit = [], []
    for _ in range(3000):
        raw = rng.gamma(2.0, 1.0, n + 1)
        calibration = ScoreCalibration(raw[:n], alpha)
        score = float(calibration.score(raw[n]))
        by_p_value.append(calibration.p_value(score) <= alpha)
        by_limit.append(score > 1)
    noise = 4 * np.sqrt(alpha * (1 - alpha) / 3000)
    # n + 1 exchangeable scores: the rate is floor(alpha (n + 1)) / (n + 1), at most alpha.
    exact = np.floor(alpha * (n + 1) + 1e-9) / (n + 1)
    assert np.mean(by_p_value) == pytest.approx(exact, abs=noise)
    assert np.mean(by_limit) <= alpha + noise


def test_median_becomes_0_and_limit_1():
    raw = np.random.default_rng(0).normal(5, 2, 40)
    calibration = ScoreCalibration(raw, 0.1)
    assert calibration.score(np.median(raw)) == pytest.approx(0, abs=1e-6)
    # 41 * 0.9 = 36.9: the 37th smallest of 40.
    assert calibration.score(np.sort(raw)[36]) == pytest.approx(1, abs=1e-6)
    order = np.argsort(raw)
    assert (np.diff(calibration.scores[order]) >= 0).all()


def test_with_few_parts_the_largest_good_score_is_the_limit():
    calibration = ScoreCalibration(np.array([1.0, 4.0]), 0.05)
    assert calibration.limit == 4.0
    assert calibration.score(np.array([2.5, 4.0])) == pytest.approx([0, 1])


@pytest.mark.parametrize("raw", [[2.0], [0.0], [3.0, 3.0, 3.0]])
def test_a_degenerate_calibration_still_gives_finite_ordered_scores(raw):
    calibration = ScoreCalibration(np.array(raw), 0.05)
    low, same, high = calibration.score(np.array([raw[0] - 1, raw[0], raw[0] + 1]))
    assert np.isfinite([low, same, high]).all()
    assert low < same == 0 < 1 < high
