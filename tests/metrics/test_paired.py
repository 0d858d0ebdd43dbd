import numpy as np
import pytest
from scipy import ndimage, stats

from cmdiad_core.metrics import aupro
from cmdiad_core.metrics.paired import OverlapCurve, auroc_of, paired_difference


def test_the_interval_is_that_of_the_mean_of_paired_differences():
    rng = np.random.default_rng(1)
    before = rng.normal(size=200)
    after = before + rng.normal(0.3, 0.5, 200)

    def means(drawn):
        return before[drawn].mean(), after[drawn].mean()

    found = paired_difference(means, [True] * 200)
    low, high = stats.t.interval(0.95, 199, (after - before).mean(), stats.sem(after - before))
    assert found.value == pytest.approx((after - before).mean())
    # Unpaired it would be four times as wide.
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.02)


def test_two_models_that_say_the_same_do_not_differ_and_one_class_has_no_auroc():
    scores = np.random.default_rng(2).normal(size=20)
    truth = [True] * 10 + [False] * 10
    found = paired_difference(auroc_of(truth, scores, scores), truth)
    assert (found.value, found.low, found.high) == (0, 0, 0)
    assert paired_difference(auroc_of([True] * 20, scores, scores), [True] * 20) is None


def test_the_quick_overlap_is_the_exact_one_on_any_selection_of_parts():
    rng = np.random.default_rng(3)
    masks = [np.zeros((40, 50), bool) for _ in range(6)]
    for mask in masks[:4]:
        mask[5:12, 8:20] = mask[25:30, 30:40] = True
    maps = [
        (ndimage.gaussian_filter(rng.normal(size=mask.shape), 2) + 0.3 * mask).astype(np.float32)
        for mask in masks
    ]
    curve = OverlapCurve(masks, maps, 0.3)
    for drawn in ([0, 1, 2, 3, 4, 5], [0, 0, 3, 5, 5, 4]):
        exact = aupro([masks[i] for i in drawn], [maps[i] for i in drawn], 0.3)
        assert 0.3 < exact < 0.99
        assert curve.area(np.array(drawn)) == pytest.approx(exact, abs=0.01)
    assert np.isnan(curve.area(np.array([4, 5])))
