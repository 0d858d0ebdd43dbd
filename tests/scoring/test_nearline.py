from dataclasses import replace

import numpy as np
import pytest

from cmdiad_core.inspection import Inspection, ModalityResult, OperatingPoint, Provenance, Verdict
from cmdiad_core.progress import Cancelled
from cmdiad_core.scoring import Doubt, Reason, choose, doubt

LIMITS = OperatingPoint(0.5, 1.0)


def _doubt(part, unusual=0.0, near=0.0, apart=0.0, look=(0.0, 0.0), verdict=Verdict.ACCEPT):
    strength = {Reason.UNUSUAL: unusual, Reason.NEAR_LIMIT: near, Reason.DISAGREEING: apart}
    return Doubt(part, verdict, strength, {"rgb": np.array(look, np.float32)}, 0.3, {}, near)


def _far(number):
    """A look that is like that of no other number."""
    return (10.0 * number, 0.0)


def _inspection(fused, *, without=0.2, predicted=0.3, features=None):
    if features is None:
        features = np.zeros((4, 5, 2), np.float32)
    return Inspection(
        sample_id="a",
        model_id="m",
        score=float(fused.max()),
        p_value=0.3,
        calibration_size=9,
        operating_point=LIMITS,
        map=fused,
        modalities={
            "rgb": ModalityResult(Provenance.MEASURED, fused, 0.2, features),
            "cloud": ModalityResult(Provenance.PREDICTED, fused, predicted),
            "infrared": ModalityResult(Provenance.ABSENT),
        },
        regions=(),
        score_without_predictions=without,
        p_value_without_predictions=0.3,
        seconds={},
    )


def test_stopped_parts_are_not_chosen():
    lot = [
        _doubt("undecided", 9, 9, 9, verdict=Verdict.UNDECIDED),
        _doubt("rejected", 9, 9, 9, verdict=Verdict.REJECT),
        _doubt("accepted"),
    ]
    assert [choice.part for choice in choose(lot, 3)] == ["accepted"]


@pytest.mark.parametrize("reason", ["unusual", "near", "apart"])
def test_every_reason_counts_and_is_told(reason):
    lot = [_doubt(str(n), **{reason: n}, look=_far(n)) for n in range(5)]
    chosen = choose(lot, 3)
    assert [choice.part for choice in chosen] == ["4", "3", "2"]
    names = {"unusual": Reason.UNUSUAL, "near": Reason.NEAR_LIMIT, "apart": Reason.DISAGREEING}
    assert [choice.shares[names[reason]] for choice in chosen] == pytest.approx([0.9, 0.7, 0.5])
    assert all(choice.like == "" for choice in chosen)


def test_of_parts_that_look_the_same_only_one_comes_first():
    # Five parts with one dent, each slightly more urgent than five that differ.
    dents = [_doubt(f"dent {n}", 5.0 + n, 0.4, look=(3.0, 0.01 * n)) for n in range(5)]
    others = [_doubt(f"other {n}", 1.0 + n, 0.4, look=_far(n + 5)) for n in range(5)]
    chosen = choose([*others, *dents], 4)
    assert chosen[0].part == "dent 4"
    assert sum(choice.part.startswith("other") for choice in chosen) >= 1
    second = next(choice for choice in chosen[1:] if choice.part.startswith("dent"))
    assert second.like == "dent 4"


def test_parts_that_other_sensors_looked_at_do_not_look_alike():
    seen = _doubt("a", 2.0)
    felt = replace(seen, part="b", look={"cloud": np.zeros(2, np.float32)})
    assert [choice.like for choice in choose([seen, felt], 2)] == ["", ""]


def test_no_more_than_the_budget_or_than_there_are():
    lot = [_doubt(str(n), n) for n in range(3)]
    assert len(choose(lot, 2)) == 2
    assert len(choose(lot, 7)) == 3
    assert choose([], 7) == []


def test_choosing_is_given_up_when_it_is_cancelled():
    seen = []

    def stop(stage, done, total):
        seen.append((stage, done, total))
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        choose([_doubt(str(n), n) for n in range(5)], 3, stop)
    assert seen == [("choose", 0, 3), ("choose", 1, 3)]


def test_a_wide_faint_deviation_is_more_unusual_than_a_single_place():
    narrow, wide = np.zeros((40, 50), np.float32), np.zeros((40, 50), np.float32)
    narrow[3, 4] = 0.45
    wide[10:20, 10:20] = 0.3
    assert doubt(_inspection(wide)).strength[Reason.UNUSUAL] == pytest.approx(0.3)
    assert doubt(_inspection(narrow)).strength[Reason.UNUSUAL] == pytest.approx(0)


def test_predictions_disagree_by_their_own_score():
    fused = np.full((40, 50), 0.2, np.float32)
    strength = doubt(_inspection(fused, without=0.2, predicted=0.75)).strength
    assert strength[Reason.DISAGREEING] == pytest.approx(0.55)
    assert doubt(_inspection(fused, without=0.8, predicted=0.1)).strength[
        Reason.DISAGREEING
    ] == pytest.approx(0.7)


def test_the_look_is_that_of_the_strangest_place():
    fused = np.zeros((40, 50), np.float32)
    fused[39, 0] = 1
    features = np.arange(40, dtype=np.float32).reshape(4, 5, 2)
    found = doubt(_inspection(fused, features=features))
    np.testing.assert_array_equal(found.look["rgb"], features[3, 0])
    assert list(found.look) == ["rgb"]
