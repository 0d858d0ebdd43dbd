import dataclasses

import numpy as np
import pytest

from cmdiad_core.detector import Detector, Recipe
from cmdiad_core.sample import Sample

SHAPE = (48, 64)
PART = (slice(14, 34), slice(18, 46))


def _part(number, lying=True):
    rng = np.random.default_rng(number)
    image = 0.1 + rng.normal(0, 0.01, (*SHAPE, 3))
    place = PART if lying else (slice(None), slice(None))
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    ribs = 0.5 + 0.15 * np.sin(columns / 3) + 0.1 * np.sin(rows / 2 + number)
    image[place] = (ribs[..., None] + rng.normal(0, 0.02, (*SHAPE, 3)))[place]
    return Sample(f"part/{number}", {"rgb": np.clip(image, 0, 1).astype(np.float32)}, metric=False)


def _changed(sample, place, value):
    image = sample.measured["rgb"].copy()
    image[place] = value
    return dataclasses.replace(sample, measured={"rgb": image})


@pytest.fixture(scope="module")
def detectors():
    recipe = Recipe(encoders={"rgb": "filter_bank"}, bank_size=300, false_reject_rate=0.2)
    return {
        lying: Detector.fit(
            [_part(i, lying) for i in range(8)],
            [_part(i, lying) for i in range(8, 16)],
            recipe=recipe,
            device="cpu",
        )
        for lying in (True, False)
    }


def test_the_bench_beside_a_part_is_not_looked_at(detectors):
    inspection = detectors[True].inspect(_part(20))
    features = inspection.modalities["rgb"].measured_features
    assert detectors[True].before_background == ("rgb",)
    assert np.isnan(features[:4]).all()
    assert np.isfinite(features[24, 32]).all()
    foreground = inspection.modalities["rgb"].foreground
    np.testing.assert_array_equal(foreground, np.isfinite(features).all(axis=-1))
    np.testing.assert_array_equal(inspection.foreground_of("fused"), foreground)


def test_a_part_that_fills_the_picture_is_looked_at_everywhere(detectors):
    assert detectors[False].before_background == ()
    inspection = detectors[False].inspect(_part(20, False))
    assert np.isfinite(inspection.modalities["rgb"].measured_features).all()
    assert inspection.foreground_of("fused") is None
    assert inspection.before_background == ()


def test_a_spot_on_the_part_is_found_and_other_light_on_the_bench_is_not(detectors):
    good = _part(20)
    calm = detectors[True].inspect(good).score
    spot = (slice(22, 26), slice(28, 33))
    assert detectors[True].inspect(_changed(good, spot, (0.9, 0.1, 0.1))).score > calm + 2
    lit = good.measured["rgb"] + np.linspace(0, 0.1, SHAPE[1])[:, None]
    lit[PART] = good.measured["rgb"][PART]
    changed = dataclasses.replace(good, measured={"rgb": lit.astype(np.float32)})
    assert detectors[True].inspect(changed).score < calm + 0.5


def test_an_empty_bench_is_no_good_part(detectors):
    empty = _changed(_part(20), PART, 0.1)
    assert detectors[True].inspect(empty).score > 2


def test_a_loaded_model_knows_its_background(detectors, tmp_path):
    detectors[True].save(tmp_path / "model")
    loaded = Detector.load(tmp_path / "model", "cpu")
    before, after = (d.inspect(_part(21)) for d in (detectors[True], loaded))
    np.testing.assert_array_equal(after.map, before.map)
