import pytest

from cmdiad_core.detector import Detector
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Cancelled, silent
from cmdiad_core.workflows.train import train


def _train(data, out, progress=silent, wanted=("rgb",), replace=False):
    return train(
        data,
        out,
        wanted=wanted,
        encoders={},
        seed=0,
        device="cpu",
        progress=progress,
        skipped=pytest.fail,
        replace=replace,
    )


@pytest.mark.parametrize("stage", ["read", "calibrate", "learn"])
def test_cancelled_training_leaves_no_model_folder(demo_data, tmp_path, stage):

    def stop(now, done, total):
        if now == stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        _train(demo_data, tmp_path / "model", stop)
    assert list(tmp_path.iterdir()) == []


def test_cancelled_training_keeps_the_older_model(demo_data, demo_model, tmp_path):
    older = Detector.load(demo_model, "cpu").save(tmp_path / "model")

    def stop(stage, done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        _train(demo_data, tmp_path / "model", stop, replace=True)
    assert Detector.load(tmp_path / "model", "cpu").id == older.id


def test_a_model_is_replaced_only_where_that_is_asked_for(demo_data, demo_model, tmp_path):
    older = Detector.load(demo_model, "cpu").save(tmp_path / "model")
    with pytest.raises(InputError, match="holds a model; choose another folder, or add --replace"):
        _train(demo_data, tmp_path / "model")
    assert Detector.load(tmp_path / "model", "cpu").id == older.id
    newer = _train(demo_data, tmp_path / "model", replace=True)
    assert Detector.load(tmp_path / "model", "cpu").id == newer.id != older.id


def test_a_place_that_cannot_be_written_is_found_before_anything_is_read(demo_data, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("dear")

    def never(stage, done, total):
        pytest.fail("read before the place was checked")

    with pytest.raises(InputError, match="exists and is not a model"):
        _train(demo_data, tmp_path / "notes", never)


def test_an_unknown_modality_is_bad_input(demo_data, tmp_path):
    with pytest.raises(InputError, match="modality ultrasound: is not known"):
        _train(demo_data, tmp_path / "model", wanted=("ultrasound",))
    assert list(tmp_path.iterdir()) == []
