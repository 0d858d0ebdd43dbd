"""Parts of the line that came back from a near-line station, through the command line."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cmdiad_core.annotation import Annotation, Area, StrokeJournal
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_mask, load_sample
from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.store import Store
from cmdiad_core.store.nearline import NearLine
from cmdiad_core.workflows.labels import confirmed_parts, content_of

ACCEPT, REJECT = PersonVerdict.ACCEPT, PersonVerdict.REJECT


@pytest.fixture
def demo_parts(demo_data):
    """Return two good and two defective demo parts with masks, by serial number."""
    parts = open_dataset(demo_data).split("test")
    good = [part for part in parts if not part.defective][:2]
    bad = [part for part in parts if part.mask and part.defect_type in ("dent", "swelling")][:2]
    return {f"SN-{number}": part for number, part in enumerate((*good, *bad), start=1)}


@pytest.fixture
def line(demo_parts, tmp_path) -> Path:
    """Return a folder of colour images, as the line writes them."""
    root = tmp_path / "Linie 1"
    for serial, part in demo_parts.items():
        _copy(part.files["rgb"], root / "rgb" / f"{serial}.png")
    return root


@pytest.fixture
def station(demo_parts, tmp_path):
    """Return a function that writes a table of what a scanner measured and found."""

    def write(name: str = "Scanner", **other: dict[str, str]) -> Path:
        root = tmp_path / name
        rows = []
        for serial, part in demo_parts.items():
            cloud = _copy(part.files["cloud"], root / "scan" / f"job {serial}.tiff")
            row = {"id": f"job {serial}", "split": "", "serial": serial}
            row |= {"label": part.defect_type or "good", "cloud": str(cloud.relative_to(root))}
            if part.mask:
                row["mask"] = str(_copy(part.mask, root / f"{serial}.png").relative_to(root))
            rows.append(row | other.get(serial, {}))
        (root / "manifest.json").write_text(json.dumps(rows))
        return root

    return write


def _copy(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(source, target))


@pytest.fixture
def place(tmp_path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def store(place):
    store = Store(place)
    yield store
    store.close()


@pytest.fixture
def take(cmdiad, line, place):
    """Return a function that takes a station's parts in for those of the line."""

    def run(path, *words):
        given = ("--data", line) if "--data" not in words else ()
        who = ("--source", "CT station", "--person", "ann")
        return cmdiad("nearline", "import", path, "--store", place, *given, *who, *words)

    return run


def _judge(store, part, verdict):
    content = store.identify(part)
    return store.review(content, "bob", Opinion(), verdict=verdict)


def test_the_whole_way(cmdiad, line, station, demo_parts, place, store, take, tmp_path):
    inline = {part.id: part for part in open_dataset(line).parts}
    _judge(store, inline["SN-1"], REJECT)
    _judge(store, inline["SN-3"], REJECT)
    _judge(store, inline["SN-4"], ACCEPT)
    root, report = station(), tmp_path / "report.json"
    before = {path: path.read_bytes() for path in (*line.rglob("*.*"), *root.rglob("*.*"))}
    ended = take(root, "--json", report)
    assert (ended.status, ended.err) == (0, "Taking in near-line parts …\n")
    assert "4 results of CT station taken in, 0 were known; 2 contradict" in ended.out

    told = json.loads(report.read_text())
    assert [one["conflict"] for one in told["taken"]] == [True, False, False, True]
    assert all(one["added"] == ["cloud"] and one["registered"] for one in told["taken"])

    known = {name: store.identify(part) for name, part in inline.items()}
    said = store.opinions(known.values())
    truth = {name: said[content].defective for name, content in known.items()}
    assert truth == {"SN-1": None, "SN-2": False, "SN-3": True, "SN-4": None}
    result = said[known["SN-3"]].nearline
    assert (result.person, result.found.source) == ("ann", "CT station")
    assert result.found.origin == str(root)

    for serial, part in demo_parts.items():
        pair = NearLine(store.database).merged([known[serial]])[known[serial]].part
        assert pair.files["rgb"] == line / "rgb" / f"{serial}.png"
        assert pair.files["cloud"] == root / "scan" / f"job {serial}.tiff"
        sample, whole = load_sample(pair), load_sample(part)
        np.testing.assert_array_equal(sample.measured["cloud"], whole.measured["cloud"])
        mask = Annotation(sample.shape, StrokeJournal(store, known[serial], "")).mask
        types = {one.id: one.name for one in store.defect_types()}
        assert {types[value] for value in np.unique(mask[mask > 0])} <= {part.defect_type}
        np.testing.assert_array_equal(mask > 0, load_mask(part, sample.shape))

    ended = cmdiad("nearline", "conflicts", "--store", place)
    lines = sorted(ended.out.splitlines())
    assert [one.partition(":")[0] for one in lines] == ["SN-1", "SN-4"]
    assert "bob said accept" in lines[1]
    assert f"CT station says reject ({demo_parts['SN-4'].defect_type})" in lines[1]
    store.review(known["SN-4"], "bob", said[known["SN-4"]], verdict=REJECT)
    ended = cmdiad("nearline", "conflicts", "--store", place)
    assert [one.partition(":")[0] for one in ended.out.splitlines()] == ["SN-1"]

    # Neither the data of the line nor that of the station changed, and nothing was copied.
    assert before == {path: path.read_bytes() for path in (*line.rglob("*.*"), *root.rglob("*.*"))}
    assert not any(path.read_bytes() in before.values() for path in place.parent.glob("*.*"))


def test_models_learn_from_pairs_and_not_from_parts_in_conflict(
    line, station, take, place, store, demo_parts
):
    inline = {part.id: part for part in open_dataset(line).parts}
    _judge(store, inline["SN-1"], REJECT)
    take(station())
    said = []
    confirmed = confirmed_parts(None, str(place), line, said.append, on_one_grid=True)
    assert [str(error.where) for error in said] == ["SN-1"]
    assert "is in conflict" in said[0].problem
    found = {one.part.id: one for one in confirmed}
    assert {name: one.part.defective for name, one in found.items()} == {
        "SN-2": False,
        "SN-3": True,
        "SN-4": True,
    }
    for name, one in found.items():
        assert set(one.part.files) == {"rgb", "cloud"}
        assert one.contents == (content_of(one.part), content_of(inline[name]))
        assert one.part.defect_type == demo_parts[name].defect_type


def test_the_same_again_adds_nothing_and_a_changed_result_one(line, station, take, store):
    root = station()
    take(root)
    edits = store.latest_edit()
    assert "0 results of CT station taken in, 4 were known" in take(root).out
    assert store.latest_edit() == edits
    # The same files elsewhere say the same, and are found there from then on.
    copy = station("Kopie")
    assert "0 results of CT station taken in, 4 were known" in take(copy).out
    content = store.identify(next(p for p in open_dataset(line).parts if p.id == "SN-3"))
    pair = NearLine(store.database).merged([content])[content].part
    assert copy in pair.files["cloud"].parents

    changed = station(**{"SN-3": {"label": "good", "mask": ""}})
    assert "1 results of CT station taken in, 3 were known" in take(changed).out
    verdicts = [one.found.verdict for one in NearLine(store.database).history(content)]
    assert verdicts == [REJECT, ACCEPT]
    pair = NearLine(store.database).merged([content])[content].part
    mask = Annotation(load_sample(pair).shape, StrokeJournal(store, content, "")).mask
    assert not mask.any()  # the mask of the result that no longer stands is gone


def test_what_a_person_marked_stays(line, station, take, store, demo_parts):
    part = next(p for p in open_dataset(line).parts if p.id == "SN-3")
    content, shape = store.identify(part), load_sample(part).shape
    drawn = np.zeros(shape, bool)
    drawn[: shape[0] // 2] = True
    Annotation(shape, StrokeJournal(store, content, "bob")).stroke(1, [Area.of_mask(drawn)])
    take(station())
    mask = Annotation(shape, StrokeJournal(store, content, "")).mask
    assert (mask[drawn] == 1).all()
    np.testing.assert_array_equal(mask[~drawn] > 0, load_mask(demo_parts["SN-3"], shape)[~drawn])


def test_what_cannot_be_matched_is_named_and_nothing_is_guessed(line, station, take, store):
    _copy(line / "rgb" / "SN-2.png", line / "2" / "x" / "SN-2.png")
    root = station(**{"SN-1": {"serial": "SN-9"}, "SN-3": {"serial": "SN-4"}})
    ended = take(root)
    assert ended.status == 2
    lines = [one for one in ended.err.splitlines() if not one.endswith("…")]
    assert lines == [
        "job SN-1: has the serial number SN-9, which no in-line part has",
        "job SN-3: has the serial number SN-4, as 1 more that came back",
        "job SN-4: has the serial number SN-4, as 1 more that came back",
    ]
    assert "1 results of CT station taken in" in ended.out


def test_several_parts_of_the_line_with_one_serial_number_are_named(take, station, line):
    rows = [
        {"id": name, "split": "", "label": "", "rgb": f"rgb/{file}.png", "serial": serial}
        for name, file, serial in (("a", "SN-1", "SN-1"), ("b", "SN-2", "SN-1"))
    ]
    (line / "manifest.json").write_text(json.dumps(rows))
    ended = take(station())
    assert "job SN-1: has the serial number SN-1, as several in-line parts have: a, b" in ended.err
    assert ended.status == 2


def test_serial_numbers_in_names_are_found_by_a_rule(take, tmp_path, line, demo_parts, refused):
    root = tmp_path / "scans"
    for serial, part in demo_parts.items():
        _copy(part.files["cloud"], root / "cloud" / f"2026-11-23_{serial}_top.tiff")
    assert "which no in-line part has" in take(root).err
    assert "4 results" in take(root, "--serial", r"(SN-\d)").out
    for rule in ("SN", "(", "(S)(N)"):
        refused("nearline", "import", root, "--serial", rule, naming=rule)


def test_without_a_data_set_the_parts_of_the_store_count(cmdiad, line, station, place, store):
    for part in open_dataset(line).parts:
        store.identify(part)
    command = "nearline", "import", station() / "manifest.json", "--store", place
    assert "4 results of near-line taken in" in cmdiad(*command).out
    assert "4 were known" in cmdiad(*command).out


def test_a_part_that_cannot_be_read_is_named_and_the_rest_taken_in(take, station, store, line):
    root = station()
    (root / "scan" / "job SN-2.tiff").write_bytes(b"II*\0")
    ended = take(root)
    assert ended.status == 2
    assert str(root / "scan" / "job SN-2.tiff") in ended.err
    assert "3 results" in ended.out
    content = store.identify(next(p for p in open_dataset(line).parts if p.id == "SN-2"))
    assert NearLine(store.database).history(content) == []


def test_another_pixel_grid_is_said_and_its_mask_stays_a_file(take, tmp_path, line, store):
    root = tmp_path / "thermal"
    image = np.full((60, 80), 90, np.uint8)
    for folder in ("infrared", "masks"):
        (root / folder).mkdir(parents=True)
        Image.fromarray(image).save(root / folder / "SN-1.png")
    row = "SN-1;;hot spot;infrared/SN-1.png;masks/SN-1.png"
    (root / "manifest.csv").write_text(f"id;split;label;infrared;mask\n{row}\n")
    ended = take(root)
    assert ended.status == 0
    assert "SN-1: infrared not registered with what the line measured; its mask stays" in ended.out
    content = store.identify(next(p for p in open_dataset(line).parts if p.id == "SN-1"))
    pair = NearLine(store.database).merged([content])[content].part
    assert not pair.registered
    assert set(load_sample(pair).measured) == {"rgb", "infrared"}
    assert store.strokes(content) == []
    assert store.opinions([content])[content].defective is True
    # A model learns from both only where it does not need them on one grid.
    for on_one_grid, files in ((True, {"rgb"}), (False, {"rgb", "infrared"})):
        given = (None, str(store.database.where), line, pytest.fail)
        (one,) = confirmed_parts(*given, on_one_grid=on_one_grid)
        assert set(one.part.files) == files
        assert one.part.registered is on_one_grid


def test_a_later_station_adds_to_what_an_earlier_one_measured(take, station, tmp_path, line, store):
    take(station())
    root = tmp_path / "thermal"
    shape = load_sample(open_dataset(line).parts[0]).shape
    (root / "infrared").mkdir(parents=True)
    Image.fromarray(np.full(shape, 90, np.uint8)).save(root / "infrared" / "SN-1.png")
    take(root)
    content = store.identify(next(p for p in open_dataset(line).parts if p.id == "SN-1"))
    pair = NearLine(store.database).merged([content])[content].part
    assert set(pair.files) == {"rgb", "cloud", "infrared"}
    assert store.opinions([content])[content].defective is False  # what the first one said


def test_nothing_new_and_no_result_is_named(take, tmp_path, line, demo_parts):
    root = tmp_path / "again"
    _copy(line / "rgb" / "SN-1.png", root / "rgb" / "SN-1.png")
    ended = take(root)
    assert "SN-1: brings neither a result nor a modality that the line lacks" in ended.err
    assert ended.status == 2


def test_an_import_is_withdrawn_as_a_whole(cmdiad, line, station, take, place, store, refused):
    content = store.identify(next(p for p in open_dataset(line).parts if p.id == "SN-3"))
    _judge(store, next(p for p in open_dataset(line).parts if p.id == "SN-4"), ACCEPT)
    first, changed = station(), station("B", **{"SN-3": {"label": "good", "mask": ""}})

    def mask():
        shape = load_sample(NearLine(store.database).merged([content])[content].part).shape
        return Annotation(shape, StrokeJournal(store, content, "")).mask

    take(first)
    marked = mask()
    assert marked.any()
    take(changed)
    assert not mask().any()
    given = "nearline", "imports", "--store", place
    second, one = cmdiad(*given).out.splitlines()
    assert f"1 results of CT station from {changed}, taken in by ann" in second
    assert f"4 results of CT station from {first}" in one
    number = second.partition(":")[0]
    ended = cmdiad("nearline", "withdraw", number, "--store", place, "--reason", "wrong lot")
    assert ended.out == f"1 results of import {number} withdrawn\n"
    np.testing.assert_array_equal(mask(), marked)  # the mask that the second had taken back
    assert cmdiad(*given).out.splitlines()[0].endswith("; withdrawn")
    assert store.opinions([content])[content].defective is True
    refused("nearline", "withdraw", number, "--store", place, naming="withdrawn already")
    number = one.partition(":")[0]
    assert cmdiad("nearline", "withdraw", number, "--store", place).status == 0
    assert cmdiad("nearline", "conflicts", "--store", place).out.startswith("Nowhere")
    assert store.strokes(content) == []
    assert "4 results of CT station taken in, 0 were known" in take(first).out
