"""Whatever is wrong, the command line says so in one sentence and ends with 2."""

import json
import os
import shutil
import sys

import numpy as np
import pytest
import tifffile
from PIL import Image


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cloud(change):
    def spoil(path):
        points = tifffile.imread(path)
        change(points)
        tifffile.imwrite(path, points, photometric="rgb")

    return spoil


def one_point(points):
    kept = points[100, 100].copy()
    points[:] = 0
    points[100, 100] = kept


SPOILT = {
    "truncated PNG": ("rgb/Größe 7.png", cut),
    "truncated TIFF": ("xyz/Größe 7.tiff", cut),
    "wrong channel count": (
        "xyz/Größe 7.tiff",
        lambda path: tifffile.imwrite(path, np.ones((20, 30, 5), np.float32)),
    ),
    "modalities of different size": (
        "rgb/Größe 7.png",
        lambda path: Image.new("RGB", (30, 20)).save(path),
    ),
    "all points invalid": ("xyz/Größe 7.tiff", cloud(lambda points: points.fill(0))),
    "a single point": ("xyz/Größe 7.tiff", cloud(one_point)),
    "nothing but NaN": ("xyz/Größe 7.tiff", cloud(lambda points: points.fill(np.nan))),
    "nothing but infinity": ("xyz/Größe 7.tiff", cloud(lambda points: points.fill(np.inf))),
}


@pytest.mark.parametrize("case", SPOILT)
def test_spoilt_part(case, refused, demo_model, part):
    name, spoil = SPOILT[case]
    spoil(part / name)
    assert "Größe 7" in refused("inspect", demo_model, part, naming=part)


NO_FILES = {
    "link that leads nowhere": lambda path: path.symlink_to(path.with_name("gone.png")),
    "link to itself": lambda path: path.symlink_to(path.name),
    "folder": lambda path: path.mkdir(),
    "pipe": lambda path: os.mkfifo(path),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lacks some of these")
@pytest.mark.parametrize("case", NO_FILES)
def test_what_is_no_file_does_not_stop_the_rest(case, cmdiad, demo_model, part, tmp_path):
    NO_FILES[case](part / "rgb" / "Größe 8.png")
    ended = cmdiad("inspect", demo_model, part, "--json", tmp_path / "found.json")
    assert ended.status == 2
    sentences = [line for line in ended.err.splitlines() if not line.endswith("…")]
    assert len(sentences) == 1
    assert str(part / "rgb" / "Größe 8.png") in sentences[0]
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert [one["id"] for one in found["parts"]] == ["Größe 7"]


def test_truncated_pcd(refused, demo_model, tmp_path):
    path = tmp_path / "größe 7.pcd"
    head = "VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n"
    path.write_text(head + "WIDTH 30\nHEIGHT 20\nPOINTS 600\nDATA binary\n0123")
    refused("inspect", demo_model, path, naming=path)


def test_single_values_that_are_not_finite_are_holes(cmdiad, demo_model, part):
    def spoil(points):
        points[100:110, 100:110] = np.nan
        points[110:120, 100:110] = np.inf

    cloud(spoil)(part / "xyz" / "Größe 7.tiff")
    ended = cmdiad("inspect", demo_model, part)
    assert ended.status == 0, ended.err


def test_empty_folder(refused, demo_model, tmp_path):
    empty = tmp_path / "leerer Ordner"
    empty.mkdir()
    refused("inspect", demo_model, empty, naming=empty)
    refused("evaluate", demo_model, empty, naming=empty)
    refused("train", empty, "--out", tmp_path / "model", naming=empty)
    assert not (tmp_path / "model").exists()


@pytest.fixture
def few_good(demo_data, tmp_path):
    """Return a function that makes a data set of a few good parts without a validation split."""

    def make(count):
        folder = tmp_path / "wenige" / "train" / "good" / "rgb"
        folder.mkdir(parents=True)
        for number in range(count):
            shutil.copy(demo_data / f"train/good/rgb/{number:03}.png", folder)
        return tmp_path / "wenige"

    return make


def test_one_training_part(refused, few_good, tmp_path):
    data = few_good(1)
    assert "at least 2" in refused("train", data, "--out", tmp_path / "model", naming=data)


def test_combinations_that_nothing_calibrates_are_named(cmdiad, demo_data, tmp_path):
    for split, names in (("train", ("rgb", "infrared")), ("validation", ("rgb",))):
        for name in names:
            folder = tmp_path / "cells" / split / "good" / name
            folder.mkdir(parents=True)
            for number in range(3):
                shutil.copy(demo_data / f"{split}/good/{name}/{number:03}.png", folder)
    ended = cmdiad("train", tmp_path / "cells", "--out", tmp_path / "model")
    assert ended.status == 0, ended.err
    said = "parts with infrared, or with infrared and rgb, cannot be inspected"
    assert said in " ".join(ended.out.split())
    refused = cmdiad("inspect", tmp_path / "model", tmp_path / "cells")
    assert refused.status == 2
    assert "a combination that no good part had that calibrates the model" in refused.err
    studied = cmdiad("study", "asymmetry", tmp_path / "model", demo_data, "--out", tmp_path / "s")
    assert studied.status == 2
    assert "in good parts that calibrate it too" in studied.err


def test_what_calibrates_is_said_where_it_is_too_little(cmdiad, few_good, tmp_path):
    ended = cmdiad("train", few_good(3), "--out", tmp_path / "model")
    assert ended.status == 0, ended.err
    assert "3 good parts calibrate it" in ended.out
    assert "no validation split" in ended.out
    # The conformal p-value of n parts is at least 1 / (n + 1).
    assert "at most 5% of good parts are rejected, for which 19 are needed" in ended.out


def test_no_stems_pair(refused, demo_model, part):
    (part / "rgb" / "Größe 7.png").rename(part / "rgb" / "other.png")
    refused("inspect", demo_model, part, naming=part)


@pytest.fixture
def model(demo_model, tmp_path):
    return shutil.copytree(demo_model, tmp_path / "mein Modell")


def test_model_of_a_newer_schema(refused, model, part):
    card = json.loads((model / "model.json").read_text("utf-8"))
    (model / "model.json").write_text(json.dumps({**card, "schema_version": 99}), "utf-8")
    for command in ("inspect", "evaluate"):
        assert "newer" in refused(command, model, part, naming=model)


@pytest.mark.parametrize("name", ["model.json", "model.safetensors"])
def test_model_with_a_missing_file(name, refused, model, part):
    (model / name).unlink()
    assert name in refused("inspect", model, part, naming=model)


def test_modality_the_model_never_saw(refused, demo_model, demo_data, tmp_path):
    refused("inspect", demo_model, demo_data, "--using", "infrared", naming="infrared")
    thermogram = tmp_path / "infrared" / "1.png"
    thermogram.parent.mkdir()
    shutil.copy(demo_data / "test/dent/infrared/000.png", thermogram)
    sentence = refused("inspect", demo_model, thermogram, naming=thermogram)
    assert "infrared" in sentence


def test_unwritable_places(refused, demo_model, demo_data, part, below_a_file):
    for option in ("--out", "--json"):
        refused("inspect", demo_model, part, option, below_a_file, naming=below_a_file)
    refused("demo", "--headless", "--out", below_a_file, naming=below_a_file)


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("inspect", "--out"),
        ("inspect", "--json"),
        ("evaluate", "--json"),
        ("nearline rank", "--json"),
        ("nearline rank", "--csv"),
        ("compare", "--json"),
        ("compare", "--html"),
        ("data check", "--json"),
    ],
)
def test_unwritable_places_are_said_before_the_work(
    command, option, cmdiad, demo_model, demo_data, below_a_file
):
    models = {"data check": [], "compare": [demo_model, demo_model]}.get(command, [demo_model])
    ended = cmdiad(*command.split(), *models, demo_data, option, below_a_file)
    assert ended.status == 2
    (sentence,) = ended.err.splitlines()
    assert str(below_a_file) in sentence


def test_unwritable_model_is_said_before_training(refused, demo_data, below_a_file):
    refused("train", demo_data, "--out", below_a_file, naming=below_a_file)


def test_full_disk(refused, demo_model, part, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    file = tmp_path / "found.json"
    assert "No space" in refused("inspect", demo_model, part, "--json", file, naming=file)
    assert not list(tmp_path.glob(".cmdiad-*"))


@pytest.mark.parametrize("arguments", [[], ["open"]])
def test_no_display(arguments, refused, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    refused(*arguments, naming="isplay")


def test_open_names_a_path_that_is_not_there(refused, tmp_path):
    refused("open", tmp_path / "gone", naming=tmp_path / "gone")
    refused("open", "--model", tmp_path / "gone", naming=tmp_path / "gone")


@pytest.mark.parametrize(
    "command",
    [
        ["quality"],
        ["nearline", "conflicts"],
        ["nearline", "imports"],
        ["nearline", "withdraw", "1"],
        ["models", "list"],
        ["models", "export", "model", "model.cmdiad"],
        ["users", "list"],
        ["audit", "verify"],
        ["retrain", "model", "--out", "candidate", "--depth", "teach"],
    ],
)
def test_a_slip_in_the_address_makes_no_new_store(command, refused, tmp_path):
    refused(*command, "--store", tmp_path / "slip.sqlite", naming=tmp_path / "slip.sqlite")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_no_demo_is_left_alone(refused, tmp_path):
    (tmp_path / "thesis.txt").write_text("")
    refused("demo", "--headless", "--out", tmp_path, naming=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", "--seed", "-1"],
        ["train", "data", "--out", "model", "--seed", "-1"],
        ["train", "data", "--out", "model", "--encoder", "rgb"],
        ["train", "data", "--out", "model", "--modalities", "rgb,"],
        ["train", "data"],
        ["inspect", "model"],
        ["inspect", "model", "part", "--using", ""],
        ["evaluate", "model"],
        ["study", "asymmetry", "model", "data"],
        ["fly"],
    ],
)
def test_usage(arguments, cmdiad):
    ended = cmdiad(*arguments)
    assert ended.status == 2
    assert "Usage" in ended.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--modalities", "sound"], "sound"),
        (["--encoder", "rgb=crystal_ball"], "crystal_ball"),
        (["--encoder", "sound=filter_bank"], "sound"),
        (["--device", "abacus"], "abacus"),
    ],
)
def test_options_that_cannot_be_met(options, words, refused, demo_data, tmp_path):
    refused("train", demo_data, "--out", tmp_path / "model", *options, naming=words)


def test_interrupted(cmdiad, demo_model, part, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("cmdiad_core.detector.Detector.load", interrupt)
    ended = cmdiad("inspect", demo_model, part)
    assert ended.status == 130
    assert "Traceback" not in ended.err
