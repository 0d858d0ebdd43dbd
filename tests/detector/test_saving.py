import hashlib
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from cmdiad_core.detector import Detector
from cmdiad_core.detector.archive import pack, unpack
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles


@pytest.fixture
def saved(fitted, tmp_path):
    folder = tmp_path / "model"
    fitted.save(folder)
    return folder


def _edit(folder, **changes):
    path = folder / "model.json"
    card = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(card | changes), "utf-8")


@pytest.mark.parametrize("names", [("rgb",), ("cloud",), ("infrared", "cloud"), None])
def test_a_loaded_model_gives_the_same_bit_for_bit(fitted, saved, part, names):
    loaded = Detector.load(saved, "cpu")
    before, after = (one.inspect(part(50), using=names) for one in (fitted, loaded))
    assert after.score == before.score
    assert after.p_value == before.p_value
    assert after.operating_point == before.operating_point
    assert after.regions == before.regions
    np.testing.assert_array_equal(after.map, before.map)
    for name, result in before.modalities.items():
        np.testing.assert_array_equal(after.modalities[name].map, result.map)
    assert loaded.recipe == fitted.recipe
    for key, scores in fitted.calibration_scores.items():
        np.testing.assert_array_equal(loaded.calibration_scores[key], scores)


def test_inspections_and_the_loaded_model_carry_the_saved_id(fitted, tmp_path, part):
    saved = fitted.save(tmp_path / "bolts")
    loaded = Detector.load(tmp_path / "bolts", "cpu")
    assert len(saved.id) == 12
    assert loaded.id == saved.id == loaded.inspect(part(50)).model_id
    assert loaded.name == "bolts"


def test_the_same_seed_gives_the_same_id_and_another_seed_another(part, recipe, tmp_path):
    encoders = {"rgb": "filter_bank", "cloud": "surface"}
    quick = recipe.model_copy(update={"encoders": encoders, "bank_size": 50, "steps": 10})
    ids = []
    for number, seed in enumerate([3, 3, 4]):
        parts = [part(n, ("rgb", "cloud")) for n in range(3)]
        seeded = quick.model_copy(update={"seed": seed})
        detector = Detector.fit(parts, recipe=seeded, device="cpu")
        ids.append(detector.save(tmp_path / str(number)).id)
    assert ids[0] == ids[1] != ids[2]


def test_a_model_is_three_files_and_nothing_is_pickled(saved):
    arrays = {"model.safetensors", "calibration.safetensors"}
    assert {path.name for path in saved.iterdir()} == {"model.json", *arrays}
    assert json.loads((saved / "model.json").read_text("utf-8"))["schema_version"] == 8
    for name in arrays:
        content = (saved / name).read_bytes()
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        assert all(entry["dtype"] in ("F16", "F32", "F64", "I32") for entry in header.values())
    assert [path.name for path in saved.parent.iterdir()] == ["model"]


@pytest.mark.parametrize("name", ["model.json", "model.safetensors"])
def test_a_missing_file_is_named(saved, name):
    (saved / name).unlink()
    with pytest.raises(InputError, match=f"{name} is missing"):
        Detector.load(saved, "cpu")


def test_a_missing_folder_is_bad_input(tmp_path):
    with pytest.raises(InputError, match="is not a model folder"):
        Detector.load(tmp_path / "none", "cpu")


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_damaged_arrays_are_bad_input(saved, damage):
    path = saved / "model.safetensors"
    content = bytearray(path.read_bytes())
    if damage == "flipped":
        content[-100] ^= 1
    path.write_bytes({"cut": content[:-10], "empty": b""}.get(damage, bytes(content)))
    with pytest.raises(InputError, match=r"model\.safetensors: is damaged"):
        Detector.load(saved, "cpu")


def test_arrays_of_another_model_are_bad_input(saved, part, recipe, tmp_path):
    quick = recipe.model_copy(update={"encoders": {"rgb": "filter_bank"}, "bank_size": 20})
    other = Detector.fit([part(n, ("rgb",)) for n in range(2)], recipe=quick, device="cpu")
    other.save(tmp_path / "other")
    (saved / "model.safetensors").write_bytes(
        (tmp_path / "other" / "model.safetensors").read_bytes()
    )
    with pytest.raises(InputError, match=r"not the file model\.json belongs to"):
        Detector.load(saved, "cpu")


def _wide(array):
    return np.zeros((*array.shape[:-1], array.shape[-1] + 1), array.dtype)


@pytest.mark.parametrize(
    ("name", "forged"),
    [
        ("plane/rgb", _wide),
        ("plane/rgb", lambda planes: np.concatenate([planes, planes[:1]])),
        ("plane/rgb", lambda planes: planes[0]),
        ("origin/rgb", lambda origins: origins[1:]),
        ("origin/rgb", lambda origins: origins + 1000),
        ("radius/rgb", lambda _: np.zeros(2)),
    ],
)
def test_arrays_that_do_not_fit_each_other_are_bad_input(saved, name, forged):
    path = saved / "model.safetensors"
    arrays = load_file(path)
    save_file(arrays | {name: forged(arrays[name])}, path)
    _edit(saved, id=hashlib.sha256(path.read_bytes()).hexdigest()[:12])
    with pytest.raises(InputError, match=r"model\.safetensors: does not hold what the model needs"):
        Detector.load(saved, "cpu")
    save_file(arrays, path)
    _edit(saved, id=hashlib.sha256(path.read_bytes()).hexdigest()[:12])
    assert Detector.load(saved, "cpu")


def test_a_model_of_an_older_version_asks_for_training(saved):
    _edit(saved, schema_version=7)
    with pytest.raises(InputError, match=r"model\.json: was written by an older version; train"):
        Detector.load(saved)


def test_a_newer_schema_is_named_as_such(saved):
    _edit(saved, schema_version=9, colour="new")
    with pytest.raises(InputError, match=r"newer version \(schema 9, this one reads 8\)"):
        Detector.load(saved, "cpu")


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
        {"operating_point": {"accept_below": "high", "reject_from": 1}},
        {"operating_point": {"accept_below": 0.5, "reject_from": float("nan")}},
        {"operating_point": {"accept_below": 2, "reject_from": 1}},
        {"recipe": {"encoders": {"rgb": "filter_bank"}, "depth": 3}},
        {"weights": {}},
        {"recipe": {"encoders": {"rgb": "filter_bank"}}},
        {"recipe": {"encoders": {"ultrasound": "filter_bank"}}},
        {"training_parts": []},
        {"training_parts": [{"id": 7}]},
    ],
)
def test_a_card_with_unknown_or_wrong_entries_is_bad_input(saved, changes):
    _edit(saved, **changes)
    with pytest.raises(InputError):
        Detector.load(saved, "cpu")


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b"null"])
def test_a_card_that_is_none_is_bad_input(saved, content):
    (saved / "model.json").write_bytes(content)
    with pytest.raises(InputError, match=r"model\.json: is damaged"):
        Detector.load(saved, "cpu")


def test_a_folder_that_is_no_model_is_not_overwritten(fitted, tmp_path):
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "photo.png").write_bytes(b"dear")
    with pytest.raises(InputError, match="exists and is not a model"):
        fitted.save(tmp_path / "holiday")
    assert (tmp_path / "holiday" / "photo.png").read_bytes() == b"dear"
    (tmp_path / "file").write_bytes(b"dear")
    with pytest.raises(InputError, match="exists and is not a model"):
        fitted.save(tmp_path / "file")


def test_an_older_model_is_replaced(fitted, part, recipe, tmp_path):
    quick = recipe.model_copy(update={"encoders": {"rgb": "filter_bank"}, "bank_size": 20})
    other = Detector.fit([part(n, ("rgb",)) for n in range(2)], recipe=quick, device="cpu")
    older = other.save(tmp_path / "model")
    newer = fitted.save(tmp_path / "model")
    assert Detector.load(tmp_path / "model", "cpu").id == newer.id != older.id
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_parts_whose_names_are_no_text_are_remembered(fitted, tmp_path):
    odd = PartFiles(os.fsdecode(b"cell \xff"), {"rgb": Path(os.fsdecode(b"/data/cell \xff.png"))})
    known = (odd, *fitted.training_parts[1:])
    replace(fitted, training_parts=known).save(tmp_path / "model")
    assert Detector.load(tmp_path / "model", "cpu").training_parts[0] == odd


def test_an_empty_folder_and_missing_parents_can_be_written(fitted, tmp_path):
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "empty", tmp_path / "a" / "b"):
        fitted.save(place)
        assert len(list(place.iterdir())) == 3


def test_what_lies_beside_a_model_in_its_folder_is_not_deleted(fitted, saved):
    (saved / "notes.txt").write_text("dear", "utf-8")
    with pytest.raises(InputError, match="exists and is not a model"):
        fitted.save(saved)
    assert (saved / "notes.txt").read_text("utf-8") == "dear"


def test_what_is_moved_into_place_was_on_the_disk_before(fitted, tmp_path, monkeypatch):
    """A power cut leaves no empty file under the final name: of a model, an export, an import."""
    settled, moved = set(), []
    fsync, replace = os.fsync, Path.replace

    def watch_fsync(handle):
        settled.add(os.fstat(handle).st_ino)
        fsync(handle)

    def watch_replace(path, target):
        whole = [*path.iterdir(), path] if path.is_dir() else [path]
        moved.append(Path(target).name)
        assert {one.stat().st_ino for one in whole} <= settled, target
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", watch_fsync)
    monkeypatch.setattr(Path, "replace", watch_replace)
    fitted.save(tmp_path / "made" / "cells")
    pack(tmp_path / "made" / "cells", tmp_path / "cells.cmdiad", {})
    unpack(tmp_path / "cells.cmdiad", tmp_path / "imported" / "cells", "cpu")
    assert moved == ["cells", "cells.cmdiad", "cells"]
    places = tmp_path / "made", tmp_path / "imported"
    assert {one.stat().st_ino for one in places} <= settled
