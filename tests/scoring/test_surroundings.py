import numpy as np
import pytest
from sklearn.linear_model import Ridge

from cmdiad_core.scoring import SurroundingsFit, surroundings


def _learned(deviations, around):
    fit = SurroundingsFit(around, [np.isfinite(one) for one in deviations])
    return fit(dict(enumerate(deviations)))


def _good(count=10, seed=0):
    """Parts with rough and smooth regions that lie elsewhere on each of them."""
    rng = np.random.default_rng(seed)
    deviations, around = [], []
    for _ in range(count):
        rough = np.roll(np.arange(40) < 15, rng.integers(40))[:, None] * np.ones((40, 30))
        around.append(np.stack([rough, rng.normal(size=(40, 30))], -1).astype(np.float32))
        deviations.append((rng.normal(size=(40, 30)) * (1 + 3 * rough)).astype(np.float32))
    return deviations, around


def test_what_good_parts_reach_in_rough_places_is_not_odd_there_and_odd_elsewhere():
    learned = _learned(*_good())
    (deviation,), (around,) = _good(1, seed=7)
    rough = around[..., 0] > 0.5
    found = learned(np.full_like(deviation, 5.0), around)
    assert found[rough].mean() < 0.75 * found[~rough].mean()
    found = learned(deviation, around)
    assert found[rough].std() / found[~rough].std() < 0.65 * (
        deviation[rough].std() / deviation[~rough].std()
    )


def test_no_deviation_changes_its_sign_and_nan_stays():
    learned = _learned(*_good())
    (deviation,), (around,) = _good(1, seed=8)
    deviation[3:5] = np.nan
    found = learned(deviation, around * 100)
    np.testing.assert_array_equal(np.sign(found), np.sign(deviation))


def test_the_regression_is_that_of_scikit_learn():
    deviations, around = _good()
    deviations[0][:10] = np.nan
    learned = _learned(deviations, around)
    rows = np.concatenate([a[np.isfinite(d)] for d, a in zip(deviations, around, strict=True)])
    values = np.concatenate([d[np.isfinite(d)] for d in deviations])
    square = np.maximum(values, 0) ** 2
    standard = np.clip((rows - rows.mean(0)) / rows.std(0), -3, 3)
    terms = np.column_stack([np.ones(len(rows)), standard])
    expected = Ridge(alpha=1e-3 * len(rows), fit_intercept=False).fit(terms, square / square.mean())
    np.testing.assert_allclose(learned.slopes, expected.coef_, atol=1e-3)


def test_where_surroundings_say_nothing_nothing_changes():
    rng = np.random.default_rng(1)
    deviations = [rng.normal(size=(40, 30)).astype(np.float32) for _ in range(10)]
    around = [np.zeros((40, 30, 3), np.float32)] * 10
    learned = _learned(deviations, around)
    np.testing.assert_allclose(learned(deviations[0], around[0]), deviations[0], rtol=1e-3)


def test_parts_without_a_measured_place_teach_nothing():
    empty = [np.full((4, 4), np.nan, np.float32)]
    learned = _learned(empty, [np.zeros((4, 4, 2), np.float32)])
    ones = np.ones((4, 4), np.float32)
    np.testing.assert_allclose(learned(ones, np.zeros((4, 4, 2), np.float32)), ones)


def test_surroundings_are_means_of_what_was_measured_around():
    rng = np.random.default_rng(2)
    features = rng.normal(size=(20, 18, 12)).astype(np.float32)
    features[:, 9:] = np.nan
    found = surroundings(features)
    assert found.shape == (20, 18, 8)
    rows, columns = np.mgrid[:20, :9]
    weight = np.exp(-((rows - 10) ** 2 + (columns - 8) ** 2) / (2 * 1.5**2))
    mean = (weight[..., None] * features[:, :9, :8]).sum((0, 1)) / weight.sum()
    assert found[10, 8] == pytest.approx(mean, abs=0.02)
    assert np.isfinite(found).all()


def test_what_is_learned_without_a_part_is_what_the_others_teach():
    deviations, around = _good(4)
    fit = SurroundingsFit(around, [np.isfinite(one) for one in deviations])
    found = fit({n: deviations[n] for n in (0, 2, 3)})
    few = [0, 2, 3]
    expected = _learned([deviations[n] for n in few], [around[n] for n in few])
    place = around[1]
    np.testing.assert_allclose(
        found(deviations[1], place), expected(deviations[1], place), rtol=0.02, atol=0.02
    )
