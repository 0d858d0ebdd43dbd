import numpy as np

from cmdiad_core.inspection import Inspection, ModalityResult, OperatingPoint, Provenance
from cmdiad_core.sample import Sample
from cmdiad_core.scoring import find_part_regions, judged_at

FOUND_AT = OperatingPoint(1.0, 2.0)


def inspected(*, registered=True):
    shown = np.zeros((20, 20), np.float32)
    shown[2:6, 2:6] = 1.5
    shown[3, 3] = 1.8
    shown[12:14, 12:14] = 0.6
    sample = Sample("x", {"rgb": np.zeros((20, 20, 3), np.float32)})
    results = {"rgb": ModalityResult(Provenance.MEASURED, shown)}
    fused = shown if registered else None
    regions = find_part_regions(fused, results, sample, FOUND_AT.accept_below)
    return sample, Inspection(
        "x", "m", 1.8, 0.1, 9, FOUND_AT, fused, results, regions, 1.8, 0.1, {}
    )


def test_other_limits_give_other_regions():
    for registered in (True, False):
        sample, inspection = inspected(registered=registered)
        assert [region.area_px for region in inspection.regions] == [16]
        for limit, areas in ((0.5, [16, 4]), (1.6, [1]), (1.9, [])):
            judged = judged_at(sample, inspection, OperatingPoint(limit, 2.0))
            assert [region.area_px for region in judged.regions] == areas
            assert judged.operating_point.accept_below == limit


def test_the_upper_limit_moves_no_region():
    sample, inspection = inspected()
    judged = judged_at(sample, inspection, OperatingPoint(1.0, 1.7))
    assert judged.verdict == "reject"
    assert judged.regions == inspection.regions
