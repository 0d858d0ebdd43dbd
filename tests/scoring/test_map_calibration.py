import numpy as np
import pytest
from scipy import ndimage

from cmdiad_core.scoring import MapCalibrationFit

PLACES = np.where(np.arange(40)[:, None] < 20, 1.0, 3.0) * np.ones((40, 32))


def _parts(place, count=12, noise=0.2, seed=0):
    rng = np.random.default_rng(seed)
    return [(place + noise * rng.normal(size=place.shape)).astype(np.float32) for _ in range(count)]


def test_a_place_that_is_harder_on_every_part_is_judged_against_itself():
    calibration = MapCalibrationFit(_parts(PLACES))()
    inner = np.abs(np.arange(40) - 19.5) > 6  # away from the step, which pooling blurs
    np.testing.assert_allclose(calibration.location[inner], PLACES[inner], atol=0.15)
    again = calibration(_parts(PLACES, 1, seed=5)[0])
    assert abs(again[:12].mean() - again[-12:].mean()) < 0.1


def test_where_parts_are_only_noise_every_place_gets_nearly_the_global_mean():
    parts = _parts(np.full((40, 32), 2.0), noise=1.0)
    calibration = MapCalibrationFit(parts)()
    assert np.abs(calibration.location - np.mean(parts)).max() < 0.12
    # Less than the pooled means themselves would vary, and the spread is that of the values.
    deviations = np.stack([calibration(one) for one in _parts(np.full((40, 32), 2.0), 6, 1.0, 9)])
    assert abs(deviations.mean()) < 0.05
    assert 0.5 < deviations.std() < 1.1


def test_a_place_where_good_parts_vary_more_does_not_hide_what_is_odd_beside_it():
    spread = np.where(np.arange(40)[:, None] < 20, 1.0, 0.2) * np.ones((40, 32))
    parts = _parts(np.full((40, 32), 2.0), noise=spread)
    scale = MapCalibrationFit(parts)().scale
    assert scale[:17].mean() > 2 * scale[23:].mean()
    assert np.abs(scale[23] / scale[30:].mean() - 1).max() < 0.2


def test_one_outlier_place_on_one_part_does_not_move_what_is_normal_far_away():
    parts = _parts(PLACES)
    before = MapCalibrationFit(parts)().location
    parts[0] = parts[0].copy()
    parts[0][2, 2] += 20
    after = MapCalibrationFit(parts)().location
    assert np.abs(after - before)[20:].max() < 0.1


def test_what_is_missing_on_some_parts_is_left_out():
    parts = _parts(PLACES)
    for part in parts[:6]:
        part[:10] = np.nan
    calibration = MapCalibrationFit(parts)()
    assert np.isfinite(calibration.location).all()
    assert (calibration.scale > 0).all()
    np.testing.assert_allclose(calibration.location[:8], 1.0, atol=0.2)
    deviation = calibration(parts[0])
    assert np.isnan(deviation[:10]).all()
    assert np.isfinite(deviation[10:]).all()


def test_a_part_of_another_shape_is_judged_on_its_own_grid():
    calibration = MapCalibrationFit(_parts(PLACES))()
    large = np.repeat(np.repeat(PLACES, 2, 0), 2, 1).astype(np.float32)
    deviation = calibration(large)
    assert deviation.shape == (80, 64)
    assert np.abs(deviation[:26]).max() < 0.2
    assert np.abs(deviation[-26:]).max() < 0.2
    assert MapCalibrationFit([*_parts(PLACES), large])().location.shape == (40, 32)


@pytest.mark.parametrize("count", [1, 2])
def test_few_parts_that_agree_by_chance_do_not_give_a_vanishing_scale(count):
    parts = _parts(PLACES, 1) * count
    calibration = MapCalibrationFit(parts)()
    assert (calibration.scale >= 0.5 * np.std(parts)).all()


def test_quantiles_are_those_of_every_distance_that_there_is():
    parts = _parts(PLACES)
    parts[0][:10] = np.nan
    known = np.sort(np.concatenate([part[np.isfinite(part)] for part in parts]))
    quantiles = MapCalibrationFit(parts)().with_quantiles(parts).quantiles
    assert quantiles.shape == (1001,)
    assert quantiles[[0, 1000]].tolist() == [known[0], known[-1]]
    below = [np.mean(known <= value) for value in quantiles]
    np.testing.assert_allclose(below, np.linspace(0, 1, 1001), atol=1e-3)


def plainly(parts):
    """Mean and spread of every place, written out: part by part and place by place."""
    stack = np.stack(parts).astype(np.float64)
    seen = np.isfinite(stack)
    mean = stack[seen].mean()
    centred = np.where(seen, stack - mean, 0)

    def pooled(field):
        return np.pi * ndimage.gaussian_filter(field, 1.0, mode="nearest")

    weight = np.maximum(pooled(seen.sum(0).astype(float)), 1e-9)
    local = pooled(centred.sum(0)) / weight
    noise = (np.square(centred - local).sum(0) / np.maximum(seen.sum(0), 1) / weight).mean()
    location = mean + max(0, 1 - noise / local.var()) * local
    residual = np.where(seen, np.square(stack - location), 0)
    return location, np.sqrt(pooled(residual.sum(0)) / weight + 0.3 * stack[seen].var())


@pytest.mark.parametrize("out", [(), (0,), (2, 5, 11)])
def test_leaving_parts_out_is_learning_from_the_others(out):
    parts = _parts(PLACES, noise=0.5)
    for part in parts[:6]:
        part[:10] = np.nan
    found = MapCalibrationFit(parts)(out)
    location, scale = plainly([one for number, one in enumerate(parts) if number not in out])
    np.testing.assert_allclose(found.location, location, rtol=1e-5)
    np.testing.assert_allclose(found.scale, scale, rtol=1e-5)
