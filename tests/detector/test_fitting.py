import numpy as np
import pytest

from cmdiad_core.detector import Detector
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Cancelled

ENCODERS = {"rgb": "filter_bank", "cloud": "surface"}
BOTH = ("rgb", "cloud")


@pytest.fixture
def quick(recipe):
    changed = {"encoders": ENCODERS, "bank_size": 60, "steps": 10}
    return recipe.model_copy(update=changed)


def _fit(train, checks=(), *, recipe, **options):
    return Detector.fit(train, checks, recipe=recipe, device="cpu", **options)


@pytest.mark.parametrize("count", [2, 7])
def test_without_calibration_parts_every_training_part_is_held_out_once(part, quick, count):
    detector = _fit([part(n, BOTH) for n in range(count)], recipe=quick)
    assert {n: len(scores) for n, scores in detector.calibration_scores.items()} == {
        ("cloud",): count,
        ("rgb",): count,
        ("cloud", "rgb"): count,
    }
    assert detector.inspect(part(9, BOTH)).calibration_size == count


def test_held_out_training_parts_are_not_in_the_bank_that_judges_them(part, quick):
    changed = {"encoders": {"rgb": "filter_bank"}, "bank_size": 4000, "bank_candidates": 10000}
    detector = _fit([part(n, ("rgb",)) for n in range(3)], recipe=quick.model_copy(update=changed))
    own = [detector.inspect(part(n, ("rgb",))).score for n in range(3)]
    # Seen again by the whole bank, which knows them, they look better than when held out.
    assert max(own) < min(detector.calibration_scores["rgb",])


def test_parts_without_a_common_modality_give_no_predictions(part, quick):
    train = [part(n, ("rgb",) if n % 2 else ("cloud",)) for n in range(8)]
    checks = [part(n, ("rgb",) if n % 2 else ("cloud",)) for n in range(10, 16)]
    detector = _fit(train, checks, recipe=quick)
    assert set(detector.calibration_scores) == {("rgb",), ("cloud",)}
    assert detector.inspect(part(20, ("rgb",))).predicting == ()
    with pytest.raises(InputError, match="a combination that no good part"):
        detector.inspect(part(20, BOTH))


@pytest.mark.parametrize("paired", [1, 2])
def test_few_parts_with_both_modalities_are_enough_without_calibration_parts(part, quick, paired):
    train = [part(n, BOTH) for n in range(paired)]
    train += [part(n, ("rgb",)) for n in range(paired, 6)]
    train += [part(n, ("cloud",)) for n in range(6, 12)]
    detector = _fit(train, recipe=quick)
    assert len(detector.calibration_scores["rgb",]) > 0
    assert np.isfinite(detector.inspect(part(20, ("rgb",))).score)
    assert np.isfinite(detector.inspect(part(20, BOTH)).score)


def test_a_modality_of_a_single_part_is_predicted_but_cannot_be_judged(part, quick):
    train = [part(0, BOTH), *(part(n, ("rgb",)) for n in range(1, 6))]
    detector = _fit(train, recipe=quick)
    assert detector.inspect(part(20, ("rgb",))).predicting == ("cloud",)
    assert detector.inspect(part(20, BOTH), using=("rgb",)).calibration_size > 0
    with pytest.raises(InputError, match="a combination that no good part"):
        detector.inspect(part(20, ("cloud",)))


def test_parts_that_have_nothing_in_common_are_bad_input(part, quick):
    with pytest.raises(InputError, match="no good part can be compared"):
        _fit([part(0, ("rgb",)), part(1, ("cloud",))], recipe=quick)


def test_a_modality_that_only_training_parts_have_is_predicted(part, quick):
    train = [part(n, BOTH) for n in range(4)]
    detector = _fit(train, [part(n, ("rgb",)) for n in range(4, 8)], recipe=quick)
    assert set(detector.calibration_scores) == {("rgb",)}
    assert detector.inspect(part(20, ("rgb",))).predicting == ("cloud",)


def test_a_modality_that_no_part_has_is_bad_input(part, quick):
    with pytest.raises(InputError, match="cloud: is in none of the training parts"):
        _fit([part(n, ("rgb",)) for n in range(3)], recipe=quick)


def test_one_part_is_too_few(part, quick):
    with pytest.raises(InputError, match="at least 2 good parts, got 1"):
        _fit([part(0, BOTH)], recipe=quick)


def test_progress_rises_to_its_total(part, quick):
    told = []
    _fit(
        [part(n, BOTH) for n in range(4)],
        recipe=quick,
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    assert [done for _, done, _ in told] == list(range(1, told[-1][2] + 1))
    assert {(stage, total) for stage, _, total in told} == {("learn", told[-1][2])}


def test_progress_can_stop_the_work(part, quick):
    def stop(stage, done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        _fit([part(n, BOTH) for n in range(3)], recipe=quick, progress=stop)


def test_the_device_must_exist(part, quick):
    with pytest.raises(InputError, match="device nowhere: is not available"):
        Detector.fit([part(n, BOTH) for n in range(3)], recipe=quick, device="nowhere")
