"""Parts whose modalities are not registered are fused by their scores, and never predicted."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from cmdiad_core.detector import Detector
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Provenance
from cmdiad_core.sample import Sample

NAMES = ("cloud", "infrared", "rgb")
SUBSETS = [names for size in (1, 2, 3) for names in combinations(NAMES, size)]
#: Rows and columns of the registered part that each sensor sees: no two grids are alike.
SEEN = {
    "rgb": (slice(0, 48), slice(0, 64)),
    "infrared": (slice(0, 30), slice(10, 60)),
    "cloud": (slice(6, 46), slice(4, 44)),
}


@pytest.fixture(scope="module")
def apart(part):
    def make(number, names=NAMES):
        measured = {n: v[SEEN[n]] for n, v in part(number, names).measured.items()}
        return Sample(f"part/{number}", measured, metric=True, registered=False)

    return make


@pytest.fixture(scope="module")
def detector(apart, recipe):
    train = [*map(apart, range(6)), apart(6, ("rgb",))]
    checks = [*map(apart, range(10, 18)), apart(18, ("cloud", "rgb"))]
    loose = recipe.model_copy(update={"registered": False})
    return Detector.fit(train, checks, recipe=loose, device="cpu")


def dented(sample):
    measured = dict(sample.measured)
    measured["cloud"] = measured["cloud"].copy()
    measured["cloud"][20:27, 25:32, 2] += 0.004
    return replace(sample, measured=measured)


@pytest.mark.parametrize("names", SUBSETS)
def test_every_modality_has_its_own_map_and_nothing_is_predicted(detector, apart, names):
    sample = apart(30, names)
    inspection = detector.inspect(sample)
    assert set(inspection.using) == set(names)
    assert inspection.predicting == ()
    for name, result in inspection.modalities.items():
        if name in names:
            assert result.map.shape == sample.measured[name].shape[:2]
            assert result.score == result.map.max()
            assert inspection.map_over(name) is not None
        else:
            assert (result.provenance, result.map) == (Provenance.ABSENT, None)
        assert result.predicted_features is None
    if len(names) == 1:
        np.testing.assert_array_equal(inspection.map, inspection.modalities[names[0]].map)
    else:
        assert inspection.map is None


@pytest.fixture(scope="module")
def raw(detector):
    """Return a function: the power mean of the scores that the modalities of a part get alone."""
    known = {}

    def score(sample, name):
        if (sample.id, name) not in known:
            known[sample.id, name] = detector.inspect(sample, using=(name,)).score
        return known[sample.id, name]

    return lambda names, sample: np.cbrt(np.mean([score(sample, name) ** 3 for name in names]))


@pytest.mark.parametrize("names", [names for names in SUBSETS if len(names) > 1])
def test_the_score_of_a_part_comes_from_the_scores_of_its_modalities(detector, apart, raw, names):
    # The ninth checked part has no infrared.
    count = 8 if "infrared" in names else 9
    alone = [detector.calibration_scores[name,][:count] for name in names]
    good = sorted(np.cbrt(np.mean(np.power(alone, 3), axis=0)))
    # The recipe's false-reject rate is 0.2.
    limit = good[min(int(np.ceil((len(good) + 1) * 0.8)), len(good)) - 1]
    for sample in (apart(31), dented(apart(32))):
        inspection = detector.inspect(sample, using=names)
        found = raw(names, sample)
        expected = (found - np.median(good)) / (limit - np.median(good))
        assert inspection.score == pytest.approx(expected, rel=1e-3, abs=1e-3)
        assert inspection.calibration_size == len(good)
        higher = sum(value >= found - 1e-6 for value in good)
        assert inspection.p_value == pytest.approx((1 + higher) / (len(good) + 1))


def test_a_defect_that_one_sensor_sees_is_found_on_its_grid(detector, apart):
    good = [detector.inspect(apart(n)).score for n in range(40, 46)]
    inspection = detector.inspect(dented(apart(33)))
    assert inspection.score > max(*good, 1)
    top = inspection.regions[0]
    assert top.modality == "cloud"
    assert 17 <= top.peak[0] < 30
    assert 22 <= top.peak[1] < 35
    # Sizes and places come from the cloud's own points, which begin 4 mm and 6 mm off.
    assert top.area_mm2 > 49
    np.testing.assert_allclose(top.position_mm[:2], (4 + 28, 6 + 23), atol=5)
    scores = [region.score for region in inspection.regions]
    assert scores == sorted(scores, reverse=True)
    assert all(r.area_mm2 is None for r in inspection.regions if r.modality != "cloud")


def test_saved_and_loaded_it_says_the_same(detector, apart, tmp_path):
    detector.save(tmp_path / "model")
    again = Detector.load(tmp_path / "model", "cpu").inspect(dented(apart(34)))
    first = detector.inspect(dented(apart(34)))
    assert (again.score, again.p_value, again.map) == (first.score, first.p_value, None)


def test_folds_stand_in_for_validation_parts(apart, recipe):
    loose = recipe.model_copy(update={"registered": False, "folds": 3})
    detector = Detector.fit(map(apart, range(6)), recipe=loose, device="cpu")
    assert detector.inspect(apart(35)).calibration_size == 6


def test_a_registered_model_refuses_them_together_but_takes_one(fitted, apart):
    with pytest.raises(InputError, match=r"part/36: .* not registered.*--using"):
        fitted.inspect(apart(36))
    assert fitted.inspect(apart(36), using=("rgb",)).map.shape == (48, 64)


def test_registered_parts_are_fused_by_their_scores_too(detector, part):
    assert detector.inspect(part(37)).map is None


def test_learning_as_registered_from_parts_that_are_not_is_refused(apart, recipe):
    with pytest.raises(InputError, match="not registered"):
        Detector.fit(map(apart, range(3)), recipe=recipe, device="cpu")


def test_a_sample_on_several_grids_has_to_say_so(apart):
    with pytest.raises(ValueError, match="one pixel grid"):
        replace(apart(0), registered=True)
    assert not apart(0).using(("rgb", "cloud")).registered
