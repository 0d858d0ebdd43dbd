import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from cmdiad_core.inspection import Region
from cmdiad_core.report import record


def test_a_record_says_what_the_inspection_says(make):
    _, inspection = make(metric=True)
    found = json.loads(json.dumps(record(inspection, {"rgb": Path("a b/ü.png")}), allow_nan=False))
    assert found["schema"] == 1
    assert found["id"] == "test/dent/003"
    assert found["model"] == "pouch-7"
    assert found["using"] == ["cloud", "rgb"]
    assert found["predicting"] == ["infrared"]
    assert found["score"] == inspection.score
    assert found["p_value"] == inspection.p_value
    assert found["calibration_size"] == 23
    assert found["verdict"] == "reject"
    assert found["limits"] == {"accept_below": 0.8, "reject_from": 1.0}
    assert found["score_without_predictions"] == inspection.score
    assert found["p_value_without_predictions"] == inspection.p_value_without_predictions
    assert found["verdict_without_predictions"] == "reject"
    assert found["confidence"] == {"infrared": 0.5}
    assert found["seconds"] == {"encode": 0.125}
    assert found["files"] == {"rgb": str(Path("a b/ü.png"))}
    (region,) = found["regions"]
    (expected,) = inspection.regions
    assert list(region) == [field.name for field in fields(Region)]
    assert region["box"] == [10, 30, 20, 44]
    assert region["provenance"] == "measured"
    assert region["extent_mm"] == expected.extent_mm > 13
    assert region["position_mm"] == list(expected.position_mm)


def test_numbers_that_json_lacks_become_null(make):
    _, inspection = make()
    odd = replace(
        inspection, score=np.float32("nan"), p_value=float("inf"), calibration_size=np.int64(4)
    )
    found = json.loads(json.dumps(record(odd, {}), allow_nan=False))
    assert found["score"] is None
    assert found["p_value"] is None
    assert found["calibration_size"] == 4
    assert found["regions"][0]["extent_mm"] is None
