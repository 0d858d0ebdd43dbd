"""A wrong name for a result costs nothing: what was measured, learned or said stays."""

import json
import os
import shutil
import sqlite3
import sys
import threading

import pytest

from cmdiad_core.cli import _batch
from cmdiad_core.errors import InputError


@pytest.fixture
def model(demo_model, tmp_path):
    return shutil.copytree(demo_model, tmp_path / "model")


@pytest.fixture
def line(demo_data, tmp_path):
    """A data set with a table, as small as can be."""
    root = tmp_path / "line"
    root.mkdir()
    shutil.copy(demo_data / "test" / "dent" / "rgb" / "000.png", root / "a.png")
    (root / "manifest.csv").write_text("id,split,label,rgb\na,test,dent,a.png\n")
    (root / "camera.json").write_text("{}")
    return root


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("create table verdicts (part)")
    return path


@pytest.fixture
def unchanged(model, line, store):
    """Checks that every file is what it was, and that there are no others."""

    def files():
        places = [store, *model.rglob("*"), *line.rglob("*")]
        return {path: path.read_bytes() for path in places if path.is_file()}

    before = files()
    yield
    assert files() == before


COMMANDS = {
    "inspect --json": lambda model, line, out: ("inspect", model, line, "--json", out),
    "evaluate --json": lambda model, line, out: ("evaluate", model, line, "--json", out),
    "data check --json": lambda model, line, out: ("data", "check", line, "--json", out),
    "nearline rank --csv": lambda model, line, out: ("nearline", "rank", model, line, "--csv", out),
    "quality --html": lambda model, line, out: ("quality", "--html", out),
    "compare --json": lambda model, line, out: ("compare", model, model, line, "--json", out),
    "audit export": lambda model, line, out: ("audit", "export", out),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("unchanged")
def test_a_result_replaces_only_a_result(command, refused, model, line, store, monkeypatch):
    monkeypatch.setenv("CMDIAD_STORE", str(store))
    words = COMMANDS[command]
    refused(*words(model, line, line / "a.png"), naming="a.png: exists and is no text")
    for table in ("manifest.csv", "camera.json"):
        refused(*words(model, line, line / table), naming=f"exists in the data set {line}")
    refused(*words(model, line, store), naming="store.sqlite: exists and is no text")
    refused(*words(model, line, model / "model.json"), naming=f"lies in the model {model}")
    refused(*words(model, line, model / "found.json"), naming=f"lies in the model {model}")


def test_a_result_replaces_the_one_before(cmdiad, line, tmp_path):
    out = tmp_path / "found.json"
    for _ in range(2):
        ended = cmdiad("data", "check", line, "--json", out)
        assert ended.status == 0, ended.err


@pytest.mark.usefixtures("unchanged")
def test_overlays_are_not_written_among_measurements(refused, model, line, tmp_path, monkeypatch):
    monkeypatch.setenv("CMDIAD_STORE", str(tmp_path / "empty.sqlite"))
    refused("inspect", model, line, "--out", line, naming="holds files of parts")
    refused("inspect", model, line / "a.png", "--out", line, naming="holds files of parts")
    refused("inspect", model, line, "--out", model, naming=f"lies in the model {model}")
    refused("study", "asymmetry", model, line, "--out", model, naming=f"lies in the model {model}")
    refused("benchmark", "mvtec3d", line, "--out", model, naming=f"lies in the model {model}")
    refused("annotations", "export", line, "--out", model, naming=f"lies in the model {model}")


def test_parts_in_folders_that_are_not_there_do_not_stop_the_rest(cmdiad, model, line, tmp_path):
    with (line / "manifest.csv").open("a") as table:
        table.write("b,test,dent,nowhere/b.png\n")
    ended = cmdiad("inspect", model, line, "--out", tmp_path / "out")
    assert ended.status == 2
    assert "nowhere" in ended.err
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_needs_no_folder_to_write_in(cmdiad, line, tmp_path, monkeypatch):
    def closed(folder):
        raise InputError(folder, "cannot be written")

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    monkeypatch.setattr(_batch, "require_folder", closed)
    ended = cmdiad("data", "check", line, "--json", pipe)
    assert ended.status == 0, ended.err
    reader.join(30)
    assert json.loads(read[0])


@pytest.mark.usefixtures("unchanged")
def test_a_candidate_is_not_written_into_a_model(refused, model, demo_data):
    words = ("retrain", model, "--out", model / "sub", "--depth", "teach", "--labels", demo_data)
    refused(*words, naming=f"lies in the model {model}")


def test_an_exported_model_replaces_only_another(cmdiad, refused, model, line, tmp_path):
    store = ("--store", tmp_path / "other.sqlite")
    assert cmdiad("models", "add", model, *store).status == 0
    before = (line / "a.png").read_bytes()
    refused("models", "export", "model", line / "a.png", *store, naming="is no exported model")
    assert (line / "a.png").read_bytes() == before
    for _ in range(2):
        ended = cmdiad("models", "export", "model", tmp_path / "model.cmdiad", *store)
        assert ended.status == 0, ended.err


def test_parts_that_a_data_set_calls_defective_are_not_learned_as_good(
    refused, demo_data, tmp_path
):
    inside = demo_data / "test" / "dent"
    naming = f"is a folder inside the data set {demo_data}"
    refused("train", inside, "--out", tmp_path / "model", naming=naming)
    refused("data", "check", inside, naming=naming)
