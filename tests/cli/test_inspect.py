import json

import pytest

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.store import Store
from cmdiad_core.store.inspections import Inspections
from cmdiad_core.store.model_files import folder_digest


def test_results_are_shown_and_written(cmdiad, demo_model, demo_data, tmp_path):
    out, file = tmp_path / "new" / "out", tmp_path / "more" / "found.json"
    ended = cmdiad("inspect", demo_model, demo_data / "test/dent", "--out", out, "--json", file)
    assert ended.status == 0, ended.err
    assert "test/dent/000" in ended.out
    written = json.loads(file.read_text("utf-8"))
    assert list(written) == ["schema", "model", "device", "paths", "parts", "skipped"]
    assert (written["schema"], written["skipped"]) == (1, [])
    assert written["paths"] == [str(demo_data / "test/dent")]
    (found,) = written["parts"]
    assert found["id"] == "test/dent/000"
    assert found["using"] == ["cloud", "rgb"]
    assert found["verdict"] in ("accept", "undecided", "reject")
    assert 0 < found["p_value"] <= 1
    assert {path.name for path in out.iterdir()} == {
        "report.html",
        "report.pdf",
        "regions.csv",
        *(f"test_dent_000_{source}.png" for source in ("fused", "rgb", "cloud")),
    }


def test_a_narrow_terminal_still_tells_parts_apart(cmdiad, demo_model, demo_data, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    ended = cmdiad("inspect", demo_model, demo_data / "test")
    first_cells = [line.split("│")[1].strip() for line in ended.out.splitlines() if "│" in line]
    ids = [part.id for part in open_dataset(demo_data).split("test")]
    assert all(part_id in "".join(first_cells) for part_id in ids)
    # Nor is anything else cut off, and regions are there with what saw them.
    assert "…" not in ended.out
    assert "(measured)" in ended.out


def test_sizes_without_a_cloud_are_called_uncalibrated(cmdiad, demo_model, demo_data):
    colours = cmdiad("inspect", demo_model, demo_data / "test", "--using", "rgb").out
    assert " px " in colours
    assert "uncalibrated" in colours
    assert "mm²" not in colours
    both = cmdiad("inspect", demo_model, demo_data / "test").out
    assert "mm²" in both
    assert "uncalibrated" not in both


def test_highest_scores_come_first(cmdiad, demo_model, demo_data, tmp_path):
    cmdiad("inspect", demo_model, demo_data, "--json", tmp_path / "found.json")
    parts = json.loads((tmp_path / "found.json").read_text("utf-8"))["parts"]
    scores = [part["score"] for part in parts]
    assert len(scores) == 11
    assert scores == sorted(scores, reverse=True)


def test_using_leaves_the_other_files_closed(cmdiad, demo_model, part, tmp_path):
    (part / "xyz" / "Größe 7.tiff").write_bytes(b"II*\0 damaged")
    file = tmp_path / "found.json"
    ended = cmdiad("inspect", demo_model, part, "--using", "rgb", "--json", file)
    assert ended.status == 0, ended.err
    (found,) = json.loads(file.read_text("utf-8"))["parts"]
    assert (found["using"], found["predicting"]) == (["rgb"], ["cloud"])
    assert list(found["files"]) == ["rgb"]


def test_files_named_singly_are_one_part(cmdiad, demo_model, part, tmp_path):
    ended = cmdiad("inspect", demo_model, *part.glob("*/*"), "--json", tmp_path / "found.json")
    assert ended.status == 0, ended.err
    (found,) = json.loads((tmp_path / "found.json").read_text("utf-8"))["parts"]
    assert (found["id"], found["using"]) == ("Größe 7", ["cloud", "rgb"])


@pytest.mark.parametrize("given", ["part", "path"])
def test_what_is_bad_does_not_stop_the_rest(given, cmdiad, demo_model, demo_data, part, tmp_path):
    bad = part / "rgb" / "Größe 7.png" if given == "part" else tmp_path / "nowhere.png"
    if given == "part":
        bad.write_bytes(bad.read_bytes()[:5000])
    out, file = tmp_path / "out", tmp_path / "found.json"
    good = demo_data / "test" / "dent"
    ended = cmdiad("inspect", demo_model, bad, good, "--out", out, "--json", file)
    assert ended.status == 2
    assert ended.err.count(str(bad)) == 1
    written = json.loads(file.read_text("utf-8"))
    assert [found["id"] for found in written["parts"]] == ["test/dent/000"]
    assert [skipped["file"] for skipped in written["skipped"]] == [str(bad)]
    assert written["skipped"][0]["problem"]
    assert bad.name in (out / "report.html").read_text("utf-8")


def test_sizes_are_in_millimetres_only_where_they_were_measured(
    cmdiad, demo_model, demo_data, tmp_path
):
    units = {}
    for using in ("rgb,cloud", "rgb"):
        file = tmp_path / f"{using}.json"
        cmdiad("inspect", demo_model, demo_data, "--using", using, "--json", file)
        parts = json.loads(file.read_text("utf-8"))["parts"]
        regions = [region for found in parts for region in found["regions"]]
        assert regions
        units[using] = any(region["area_mm2"] is not None for region in regions)
    assert units == {"rgb,cloud": True, "rgb": False}


def test_a_store_keeps_what_was_said_of_each_part(cmdiad, demo_model, part, tmp_path):
    place, file = tmp_path / "store.sqlite", tmp_path / "found.json"
    for _ in range(2):
        ended = cmdiad("inspect", demo_model, part, "--store", place, "--json", file)
        assert ended.status == 0, ended.err
    # Whatever is looked at, it is the same part.
    cmdiad("inspect", demo_model, part, "--store", place, "--using", "rgb")
    (told,) = json.loads(file.read_text("utf-8"))["parts"]
    store = Store(place)
    both, rgb = Inspections(store.database).all()
    store.close()
    assert (both.score, both.p_value, both.verdict) == (
        told["score"],
        told["p_value"],
        told["verdict"],
    )
    assert both.model == folder_digest(demo_model)
    assert (both.part, both.measured, rgb.measured) == (rgb.part, ("cloud", "rgb"), ("rgb",))


def test_a_store_that_cannot_be_used_stops_no_inspection(cmdiad, demo_model, part, tmp_path):
    (tmp_path / "notes.txt").write_text("no database " * 100)
    ended = cmdiad("inspect", demo_model, part, "--store", tmp_path / "notes.txt")
    assert ended.status == 2
    assert "Größe 7" in ended.out
    assert ended.err.count("is not a store of cmdiad") == 1
