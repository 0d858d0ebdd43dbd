import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_mask, load_sample
from cmdiad_core.data.preprocessing import PAPER, Distances, preprocessed
from cmdiad_core.data.writing import encoded
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Cancelled, silent
from cmdiad_core.workflows import preprocess as workflow
from cmdiad_core.workflows.preprocess import preprocess

SHAPE = (40, 56)
PART = (slice(12, 28), slice(16, 40))


def _write(root, place, names=("rgb", "xyz", "infrared"), spot=None):
    """A part 15 mm high on a planar table, textured, and the mask of a spot on it."""
    group, stem = place.rsplit("/", 1)
    rng = np.random.default_rng(sum(place.encode()))
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]] * 0.001
    cloud = np.stack([x, y, 0.4 + 0.1 * x], -1)
    cloud[(*PART, 2)] -= 0.015
    cloud[2:4, 2:4] = 0
    grey = np.full(SHAPE, 25) + rng.integers(0, 5, SHAPE)
    grey[PART] = rng.integers(120, 230, SHAPE)[PART]
    for name in names:
        (root / group / name).mkdir(parents=True, exist_ok=True)
    if "xyz" in names:
        tifffile.imwrite(
            root / group / "xyz" / f"{stem}.tiff", cloud.astype(np.float32), photometric="rgb"
        )
    if "rgb" in names:
        pixels = np.stack([grey, grey - 5, grey // 2], -1).astype(np.uint8)
        Image.fromarray(pixels).save(root / group / "rgb" / f"{stem}.png")
    if "infrared" in names:
        deep = (grey * 257 + 3).astype(np.uint16)
        Image.fromarray(deep).save(root / group / "infrared" / f"{stem}.png")
    if spot is not None:
        mask = np.zeros(SHAPE, np.uint8)
        mask[spot] = 255
        (root / group / "gt").mkdir(exist_ok=True)
        Image.fromarray(mask).save(root / group / "gt" / f"{stem}.png")


@pytest.fixture
def data(tmp_path):
    root = tmp_path / "cells"
    for stem in ("000", "001", "002"):
        _write(root, f"train/good/{stem}")
    _write(root, "test/good/000")
    _write(root, "test/dent/000", spot=(slice(14, 18), slice(20, 26)))
    return root


def _run(data, out, distances=PAPER, progress=silent):
    errors = []
    copied = preprocess(data, out, distances=distances, progress=progress, skipped=errors.append)
    return copied, errors


def _state(root):
    """Everything that a change to a file would change."""
    return {
        path: (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_the_copy_holds_what_the_library_makes_and_the_data_stay(data, tmp_path):
    before = _state(data)
    copied, errors = _run(data, tmp_path / "copy")
    assert (copied.written, copied.kept, copied.without_cloud, errors) == (5, 0, (), [])
    assert _state(data) == before
    old, new = open_dataset(data), open_dataset(tmp_path / "copy")
    assert [p.id for p in new.parts] == [p.id for p in old.parts]
    for theirs, ours in zip(old.parts, new.parts, strict=True):
        expected, mask = preprocessed(load_sample(theirs))
        sample = load_sample(ours)
        assert sample.metric
        assert (ours.split, ours.defect_type) == (theirs.split, theirs.defect_type)
        for name, values in expected.measured.items():
            np.testing.assert_array_equal(sample.measured[name], values)
        assert mask.sum() == 16 * 24
    dent = next(part for part in new.parts if part.defective)
    spot = load_mask(dent, (56, 56))
    np.testing.assert_array_equal(np.argwhere(spot)[[0, -1]], [(8 + 14, 20), (8 + 17, 25)])
    assert spot.sum() == 24


def test_a_second_run_writes_only_what_is_missing(data, tmp_path):
    out = tmp_path / "copy"
    _run(data, out)
    lost = out / "test" / "dent" / "xyz" / "000.tiff"
    content = lost.read_bytes()
    lost.unlink()
    before = _state(out)
    copied, _ = _run(data, out)
    assert (copied.written, copied.kept) == (1, 4)
    after = _state(out)
    assert lost.read_bytes() == content
    again = {path.name for path in after if after[path] != before.get(path)}
    assert again == {"000.tiff", "000.png"}
    assert sum(after[path] != before.get(path) for path in after) == 4


def test_a_stopped_run_goes_on(data, tmp_path):
    def stop(stage, done, total):
        if done == 2:
            raise Cancelled

    out = tmp_path / "copy"
    with pytest.raises(Cancelled):
        _run(data, out, progress=stop)
    copied, errors = _run(data, out)
    assert (copied.written + copied.kept, errors) == (5, [])
    assert copied.kept >= 1


def test_a_broken_part_is_named_and_the_others_are_written(data, tmp_path):
    (data / "train" / "good" / "xyz" / "001.tiff").write_bytes(b"II*\0 nothing")
    empty = data / "train" / "good" / "xyz" / "002.tiff"
    flat = tifffile.imread(empty)
    flat[..., 2] = 0.4 + 0.1 * flat[..., 0]
    tifffile.imwrite(empty, flat, photometric="rgb")
    Image.fromarray(np.zeros((3, 3), np.uint8)).save(data / "test" / "dent" / "gt" / "000.png")
    copied, errors = _run(data, tmp_path / "copy")
    assert copied.written == 2
    assert [error.where.name for error in errors] == ["001.tiff", "002.tiff", "000.png"]
    assert not list((tmp_path / "copy").rglob("dent"))


def test_parts_without_a_cloud_are_cut_out_by_their_own_picture_and_named(data, tmp_path):
    _write(data, "train/good/007", ("rgb", "infrared"))
    _write(data, "test/dent/007", ("rgb",), spot=(slice(14, 18), slice(20, 26)))
    copied, errors = _run(data, tmp_path / "copy")
    assert copied.without_cloud == ("train/good/007", "test/dent/007")
    assert (copied.masked, errors) == (("rgb", "infrared"), [])
    rgb = load_sample(_part(tmp_path / "copy", "test/dent/007")).measured["rgb"]
    inner = rgb[8:48]
    whole = load_sample(_part(data, "test/dent/007")).measured["rgb"]
    np.testing.assert_array_equal(inner[PART], whole[PART])
    assert (rgb[:8] == 0).all()
    assert (inner[0:6] == 0).all()
    assert (inner[:, 50:] == 0).all()


def test_pictures_without_a_background_are_copied_whole(tmp_path):
    rng = np.random.default_rng(0)
    for stem in "012":
        (tmp_path / "cells" / "train" / "good" / "rgb").mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 255, (*SHAPE, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / "cells" / "train" / "good" / "rgb" / f"{stem}.png")
    copied, _ = _run(tmp_path / "cells", tmp_path / "copy")
    assert (copied.masked, len(copied.without_cloud)) == ((), 3)
    part = load_sample(_part(tmp_path / "copy", "train/good/2"))
    np.testing.assert_array_equal(np.round(part.measured["rgb"][8:48] * 255), pixels)


def test_nothing_is_ever_written_into_the_data(data, tmp_path):
    before = _state(data)
    link = tmp_path / "link"
    link.symlink_to(data)
    for out in (
        data,
        data / "train" / "new",
        data / ".." / data.name / "x",
        link,
        link / "a" / "b",
    ):
        with pytest.raises(InputError, match="lies in the data set"):
            _run(data, out)
    with pytest.raises(InputError, match="neither empty nor"):
        _run(data, tmp_path)
    with pytest.raises(InputError, match="lies in the data set"):
        _run(link, data / "x")
    assert _state(data) == before
    assert not (data / "x").exists()


def test_a_run_that_wrote_no_part_may_be_tried_with_other_distances(data, tmp_path, monkeypatch):
    def unusable(*_):
        raise InputError("part", "cannot be used")

    out = tmp_path / "copy"
    with monkeypatch.context() as broken:
        broken.setattr(workflow, "_contents", unusable)
        copied, errors = _run(data, out)
    assert (copied.written, len(errors)) == (0, 5)
    copied, errors = _run(data, out, Distances(0.004, 0.006))
    assert (copied.written, errors) == (5, [])
    assert json.loads((out / "preprocessing.json").read_text("utf-8"))["plane_mm"] == 4


def test_a_folder_of_something_else_is_left_alone(data, tmp_path):
    out = tmp_path / "copy"
    _run(data, out)
    before = _state(out)
    with pytest.raises(InputError, match="other data or other distances"):
        _run(data, out, Distances(0.004, 0.006))
    assert _state(out) == before
    (out / "preprocessing.json").write_text("{", "utf-8")
    with pytest.raises(InputError, match=r"preprocessing.json: is damaged"):
        _run(data, out)
    file = tmp_path / "file"
    file.write_text("mine", "utf-8")
    with pytest.raises(InputError, match="neither empty nor"):
        _run(data, file)
    assert file.read_text("utf-8") == "mine"
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(InputError, match=r"loop.*cannot be"):
        _run(data, loop)


def test_a_full_disk_ends_the_run_with_one_sentence(data, tmp_path, monkeypatch):
    def full(self, target):
        if "rgb" in str(target):
            raise OSError(28, "No space left on device")
        return move(self, target)

    move = Path.replace
    monkeypatch.setattr("pathlib.Path.replace", full)
    errors = []
    with pytest.raises(InputError, match=r"rgb.*No space left on device"):
        preprocess(data, tmp_path / "out", distances=PAPER, progress=silent, skipped=errors.append)
    assert errors == []
    assert not list((tmp_path / "out").rglob(".cmdiad-*"))


def test_a_plain_folder_stays_one(tmp_path):
    for stem in "12":
        _write(tmp_path / "cells", f"./{stem}", ("rgb", "xyz"))
    copied, errors = _run(tmp_path / "cells", tmp_path / "copy")
    assert (copied.written, errors) == (2, [])
    made = open_dataset(tmp_path / "copy")
    assert [(part.id, set(part.files)) for part in made.parts] == [
        ("1", {"rgb", "cloud"}),
        ("2", {"rgb", "cloud"}),
    ]


def test_labels_and_ids_of_a_table_cannot_lead_out_of_the_folder(data, tmp_path):
    rows = ["id;split;label;rgb;cloud"]
    names = [("../../../a", "train", "good"), ("b", "test", "../../../x"), ("c", "test", "..")]
    group = "train/good"
    for number, (part, split, label) in enumerate(names):
        rows.append(
            f"{part};{split};{label};{group}/rgb/00{number}.png;{group}/xyz/00{number}.tiff"
        )
    (data / "manifest.csv").write_text("\n".join(rows), "utf-8")
    outside = set(tmp_path.iterdir())
    copied, errors = _run(data, tmp_path / "in" / "copy")
    assert (copied.written, errors) == (3, [])
    assert set(tmp_path.iterdir()) - outside == {tmp_path / "in"}
    assert set((tmp_path / "in").iterdir()) == {tmp_path / "in" / "copy"}
    parts = open_dataset(tmp_path / "in" / "copy").parts
    assert sorted(part.split for part in parts) == ["test", "test", "train"]
    assert sum(part.defective for part in parts) == 2


def test_parts_that_fit_nowhere_in_the_layout_are_refused_before_anything_is_written(data):
    table = data / "manifest.csv"
    row = "{};{};{};train/good/rgb/000.png;train/good/xyz/000.tiff"
    out = data.parent / "out"
    for rows, words in (
        ((("a", "train", ""), ("b", "", "good")), "has no part whose split and label"),
        ((("train/good/a", "train", "good"), ("a", "train", "good")), "would be the same"),
    ):
        lines = ["id;split;label;rgb;cloud", *(row.format(*entry) for entry in rows)]
        table.write_text("\n".join(lines), "utf-8")
        with pytest.raises(InputError, match=words):
            _run(data, out)
    lines = ["id;split;label;rgb;cloud;registered", f"{row.format('a', 'train', 'good')};no"]
    table.write_text("\n".join(lines), "utf-8")
    with pytest.raises(InputError, match="is not registered"):
        _run(data, out)
    assert not out.exists()


@pytest.mark.parametrize("unknown", [("b", "test", ""), ("b", "", "good")])
def test_parts_without_truth_are_left_out_and_named(data, unknown, tmp_path):
    row = "{};{};{};train/good/rgb/000.png;train/good/xyz/000.tiff"
    rows = (row.format(*entry) for entry in (("a", "train", "good"), unknown))
    (data / "manifest.csv").write_text("\n".join(["id;split;label;rgb;cloud", *rows]), "utf-8")
    copied, errors = _run(data, tmp_path / "copy")
    assert copied.written == 1
    assert [part.id for part in open_dataset(tmp_path / "copy").parts] == ["train/good/a"]
    assert [str(error).split(",")[0] for error in errors] == ["b: has no split"]


def test_the_stamp_says_what_was_done(data, tmp_path):
    _run(data, tmp_path / "copy", Distances(0.004, 0.01))
    stamp = json.loads((tmp_path / "copy" / "preprocessing.json").read_text("utf-8"))
    assert (stamp["plane_mm"], stamp["cluster_mm"]) == (4, 10)
    assert stamp["data"] == str(data.resolve())


@pytest.mark.parametrize("full_scale", [255, 65535])
def test_colours_lose_nothing_in_their_file(full_scale, tmp_path):
    from cmdiad_core.data.readers import read_file

    steps = np.linspace(0, full_scale, 300).round().reshape(10, 10, 3)
    values = (steps / full_scale).astype(np.float32)
    path = tmp_path / "x.png"
    path.write_bytes(encoded("rgb", values))
    np.testing.assert_array_equal(np.round(read_file(path, "rgb")["rgb"] * full_scale), steps)


def _part(root, part_id):
    return next(part for part in open_dataset(root).parts if part.id == part_id)
