import numpy as np
import pytest
from scipy import ndimage

from cmdiad_core.detector import Pattern, Recipe
from cmdiad_core.detector.calibration import HeldOut, calibrate
from cmdiad_core.detector.sources import Evidence

RECIPE = Recipe(encoders={"rgb": "filter_bank"}, false_reject_rate=0.1)
RGB = Pattern(("rgb",))


def _part(rng):
    """A good part whose distances to a bank vary smoothly over it, as those of real parts do."""
    field = ndimage.gaussian_filter(rng.normal(size=(12, 16)), 3, mode="nearest")
    distance = np.exp(3 * field).astype(np.float32)
    around = np.zeros((12, 16, 2), np.float32)
    return HeldOut({"rgb": (12, 16)}, {"rgb": Evidence(distance, around)}, {}, {}, {})


def _raw(calibration, part):
    return float(calibration.raw_map(RGB, calibration.judged(part.evidence), part.shapes, []).max())


def test_as_many_good_parts_are_rejected_as_was_promised():
    rng = np.random.default_rng(4)
    rejected = []
    for _ in range(20):
        calibration = calibrate([_part(rng) for _ in range(9)], ["rgb"], [], RECIPE)
        limit = calibration.scores[RGB].limit
        rejected += [_raw(calibration, _part(rng)) > limit for _ in range(50)]
    # Limits from parts that are compared with themselves would reject 22 %.
    assert np.mean(rejected) == pytest.approx(RECIPE.false_reject_rate, abs=0.04)


def test_a_calibration_part_is_judged_by_the_others():
    rng = np.random.default_rng(5)
    parts = [_part(rng) for _ in range(6)]
    found = calibrate(parts, ["rgb"], [], RECIPE).scores[RGB].raw
    others = [calibrate([*parts[:i], *parts[i + 1 :]], ["rgb"], [], RECIPE) for i in range(6)]
    expected = [_raw(calibration, part) for calibration, part in zip(others, parts, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_single_calibration_part_is_judged_by_itself():
    part = _part(np.random.default_rng(6))
    calibration = calibrate([part], ["rgb"], [], RECIPE)
    np.testing.assert_allclose(calibration.scores[RGB].raw, [_raw(calibration, part)])
