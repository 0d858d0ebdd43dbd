import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from cmdiad_core.annotation import Annotation, Area, StrokeJournal
from cmdiad_core.cli import app
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.store import Store


def test_marks_leave_one_store_and_enter_another(tmp_path):
    for stem in ("a", "b"):
        path = tmp_path / "data" / "test" / "dent" / "rgb" / f"{stem}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(ord(stem)).integers(0, 255, (20, 30, 3), np.uint8)
        Image.fromarray(pixels).save(path)
    first, second = tmp_path / "first.sqlite", tmp_path / "second.sqlite"
    part = open_dataset(tmp_path / "data").parts[1]
    store = Store(first)
    annotation = Annotation((20, 30), StrokeJournal(store, store.identify(part), "ann"))
    annotation.stroke(2, [Area(3, 4, np.ones((5, 6), bool))])
    store.close()
    data, out = str(tmp_path / "data"), str(tmp_path / "out")

    def run(*words):
        return CliRunner().invoke(app, ["annotations", *words])

    for kind in ("mvtec", "coco", "labelme"):
        place, form = f"{out}/{kind}", ("--format", kind)
        told = run("export", data, "--out", place, *form, "--store", str(first))
        assert told.exit_code == 0, told.output
        assert "Annotations of 1 parts written" in told.output
        told = run("import", data, place, *form, "--store", str(second))
        assert told.exit_code == 0, told.output
        store = Store(second)
        taken = Annotation((20, 30), StrokeJournal(store, store.identify(part), "bob"))
        np.testing.assert_array_equal(taken.mask, annotation.mask)
        store.close()
    Store(tmp_path / "third").close()
    told = run("export", data, "--out", out, "--store", str(tmp_path / "third"))
    assert told.exit_code == 2
    assert "no defect is marked" in told.output
    told = run("import", data, out, "--format", "yolo", "--store", str(second))
    assert told.exit_code == 2
    assert told.output.strip() == "yolo: is no format; there are coco, labelme, mvtec"


@pytest.mark.parametrize(
    ("kind", "own"), [("mvtec", "b.png"), ("coco", "annotations.json"), ("labelme", "b.json")]
)
def test_files_of_others_are_not_replaced(tmp_path, kind, own):
    store = Store(tmp_path / "store.sqlite")
    for stem in ("a", "b"):
        image = np.random.default_rng(ord(stem)).integers(0, 255, (20, 30, 3), np.uint8)
        (tmp_path / "test").mkdir(exist_ok=True)
        Image.fromarray(image).save(tmp_path / "test" / f"{stem}.png")
    for part in open_dataset(tmp_path / "test").parts:
        annotation = Annotation((20, 30), StrokeJournal(store, store.identify(part), "ann"))
        annotation.stroke(2, [Area(3, 4, np.ones((5, 6), bool))])
    store.close()
    words = ["--store", str(tmp_path / "store.sqlite"), "--format", kind]

    def export(out):
        return CliRunner().invoke(
            app, ["annotations", "export", str(tmp_path / "test"), "--out", str(out), *words]
        )

    assert export(tmp_path / "out").exit_code == 0
    (written,) = (tmp_path / "out").rglob(own)
    theirs = tmp_path / "theirs" / written.relative_to(tmp_path / "out")
    theirs.parent.mkdir(parents=True)
    theirs.write_text("somebody's own work")
    told = export(tmp_path / "theirs")
    assert told.exit_code == 2
    assert f"{theirs}: exists, and an export replaces nothing" in " ".join(told.output.split())
    assert theirs.read_text() == "somebody's own work"
    assert list((tmp_path / "theirs").rglob("*.*")) == [theirs]


@pytest.mark.parametrize("kind", ["mvtec", "coco", "labelme"])
def test_unknown_defect_types_are_named_and_added_on_demand(tmp_path, kind):
    path = tmp_path / "data" / "test" / "dent" / "rgb" / "a.png"
    path.parent.mkdir(parents=True)
    Image.fromarray(np.zeros((20, 30, 3), np.uint8)).save(path)
    part = open_dataset(tmp_path / "data").parts[0]
    first, second = Store(tmp_path / "first.sqlite"), Store(tmp_path / "second.sqlite")
    values = [first.add_defect_type(name, "ann").id for name in ("rust", "burr")]
    second.add_defect_type("something else", "ann")
    annotation = Annotation((20, 30), StrokeJournal(first, first.identify(part), "ann"))
    for row, value in enumerate([2, *values]):
        annotation.stroke(value, [Area(5 * row, 4, np.ones((3, 6), bool))])
    first.close()
    data, out = str(tmp_path / "data"), str(tmp_path / "out")

    def run(*words):
        return CliRunner().invoke(app, ["annotations", *words, "--format", kind])

    given = run("export", data, "--out", out, "--store", str(tmp_path / "first.sqlite"))
    assert given.exit_code == 0
    take = "import", data, out, "--store", str(tmp_path / "second.sqlite")
    refused = run(*take)
    assert refused.exit_code == 2
    said = " ".join(refused.output.split())
    assert "'burr', 'rust'" in said or "'rust', 'burr'" in said
    assert "--add-types adds them" in said
    assert {one.name for one in second.defect_types()}.isdisjoint({"rust", "burr"})
    assert run(*take, "--add-types").exit_code == 0
    names = {one.id: one.name for one in second.defect_types()}
    taken = Annotation((20, 30), StrokeJournal(second, second.identify(part), "bob")).mask
    for row, name in enumerate(("scratch", "rust", "burr")):
        assert names[taken[5 * row, 4]] == name
    np.testing.assert_array_equal(taken > 0, annotation.mask > 0)
    second.close()
