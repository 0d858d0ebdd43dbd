import numpy as np
import pytest

from cmdiad_core.scoring import fuse, smooth, tempered, upsampled


def _slowly(deviations, weights):
    """Signed cubic mean over the sources that saw a place, place by place."""
    shape = next(iter(deviations.values())).shape
    fused = np.zeros(shape)
    for place in np.ndindex(*shape):
        total = weight = 0.0
        for source, values in deviations.items():
            value = float(values[place])
            if not np.isnan(value):
                total += weights[source] * value * value * value
                weight += weights[source]
        if weight:
            mean = total / weight
            fused[place] = np.sign(mean) * abs(mean) ** (1 / 3)
    return fused


def test_fuse_agrees_with_a_slow_loop_with_holes_and_negative_values():
    rng = np.random.default_rng(3)
    deviations = {n: rng.normal(0, 3, (9, 7)).astype(np.float32) for n in ("a", "b", "c")}
    deviations["a"][rng.random((9, 7)) < 0.3] = np.nan
    deviations["b"][rng.random((9, 7)) < 0.3] = np.nan
    deviations["c"][:, 2] = np.nan
    for values in deviations.values():
        values[4, 4] = np.nan
    weights = {"a": 1.0, "b": 0.25, "c": 0.003}
    fused = fuse(deviations, weights)
    assert fused.dtype == np.float32
    assert fused[4, 4] == 0
    assert (fused < 0).any()
    np.testing.assert_allclose(fused, _slowly(deviations, weights), rtol=1e-4, atol=1e-5)


def test_a_single_source_is_left_as_it_is_whatever_it_weighs():
    values = np.array([[-2.0, 0.0, 7.5]], np.float32)
    for weight in (1.0, 0.0025):
        np.testing.assert_allclose(fuse({"a": values}, {"a": weight}), values, rtol=1e-5)


def test_a_defect_of_one_source_is_diluted_less_than_by_the_mean():
    a, b = np.full((1, 1), 8.0, np.float32), np.zeros((1, 1), np.float32)
    fused = fuse({"a": a, "b": b}, {"a": 1, "b": 1})[0, 0]
    assert 4 < fused < 8
    assert fused == pytest.approx(8 / 2 ** (1 / 3), rel=1e-5)


def test_smoothing_keeps_the_level_and_weakens_a_single_patch():
    field = np.full((20, 20), 3.0, np.float32)
    np.testing.assert_allclose(smooth(field), field, rtol=1e-6)
    field[10, 10] += 10
    smoothed = smooth(field)
    assert smoothed[10, 10] < 6
    assert np.unravel_index(smoothed.argmax(), smoothed.shape) == (10, 10)


def test_upsampling_keeps_place_and_level():
    field = np.zeros((6, 8), np.float32)
    field[4, 1] = 2
    large = upsampled(field, (60, 80))
    assert large.shape == (60, 80)
    row, column = np.unravel_index(large.argmax(), large.shape)
    assert (row // 10, column // 10) == (4, 1)
    assert large.max() == pytest.approx(2, rel=0.2)
    assert large[:30].max() == 0


def test_a_source_counts_at_each_place_as_much_as_its_weight_there():
    maps = {"a": np.full((1, 3), 1, np.float32), "b": np.full((1, 3), 4, np.float32)}
    weights = {"a": np.ones((1, 3), np.float32), "b": np.array([[1e-6, 1, 1e6]], np.float32)}
    expected = [[1, np.cbrt((1 + 64) / 2), 4]]
    np.testing.assert_allclose(fuse(maps, weights), expected, rtol=1e-3)


def test_far_deviations_count_by_their_logarithm_and_near_ones_as_they_are():
    found = tempered(np.array([[0.0, 0.2, -0.2, 300.0]], np.float32))[0]
    np.testing.assert_allclose(found[:3], [0, 0.2, -0.2], atol=0.001)
    assert found[3] == pytest.approx(3 * np.log(2 * 100), rel=1e-3)
