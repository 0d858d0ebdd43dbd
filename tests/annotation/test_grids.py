"""Parts whose modalities have pixel grids of their own are marked on each of them."""

import numpy as np
import pytest
from PIL import Image

from cmdiad_core.annotation import Annotation, Area, StrokeJournal, marked_types
from cmdiad_core.annotation.formats import formats
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.store import Store
from cmdiad_core.workflows.annotations import export_annotations, import_annotations

GRIDS = {"": (20, 30), "infrared": (8, 10)}
#: By grid: value, and the box that is marked.
MARKED = {"": (1, Area(3, 4, np.ones((5, 6), bool))), "infrared": (2, Area(1, 2, np.eye(4) > 0))}


@pytest.fixture(params=["rgb/7.png infrared/7.png", "7.png 7.bmp"])
def part(request, tmp_path):
    """Return a part whose files lie in folders, or beside each other under one name."""
    files = {}
    for name, place, size in zip(
        ("rgb", "infrared"), request.param.split(), GRIDS.values(), strict=True
    ):
        files[name] = tmp_path / "data" / place
        files[name].parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(size[0]).integers(0, 255, size, np.uint8)
        Image.fromarray(pixels if name == "infrared" else np.dstack([pixels] * 3)).save(files[name])
    return PartFiles("7", files, registered=False)


@pytest.fixture
def opened(tmp_path):
    """Return a function that opens a store by name."""
    stores = []

    def open_(name):
        stores.append(Store(tmp_path / f"{name}.sqlite"))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


def annotated(store, part):
    """Return what is marked on each grid, as the window reads it."""
    content = store.identify(part)
    return {
        grid: Annotation(shape, StrokeJournal(store, content, "ann", grid))
        for grid, shape in GRIDS.items()
    }


def mark(annotations):
    for grid, (value, area) in MARKED.items():
        annotations[grid].stroke(value, [area])


def masks(annotations):
    return {grid: one.mask.copy() for grid, one in annotations.items()}


EXPECTED = {
    grid: value * area.on_grid(GRIDS[grid]).astype(np.uint8)
    for grid, (value, area) in MARKED.items()
}


def test_a_sample_names_its_grids():
    rgb, heat = np.zeros((20, 30, 3), np.float32), np.zeros((8, 10), np.float32)
    apart = Sample("7", {"rgb": rgb, "infrared": heat}, registered=False)
    assert apart.grids == GRIDS
    wanted = {"rgb": "", "infrared": "infrared", "cloud": None}
    assert {name: apart.grid_of(name) for name in wanted} == wanted
    together = Sample("7", {"rgb": rgb, "infrared": rgb[..., 0]})
    assert together.grids == {"": (20, 30)}
    assert {together.grid_of(name) for name in wanted} == {""}


def test_each_grid_keeps_its_own_strokes(part, opened):
    store = opened("one")
    annotations = annotated(store, part)
    mark(annotations)
    np.testing.assert_equal(masks(annotations), EXPECTED)
    np.testing.assert_equal(masks(annotated(store, part)), EXPECTED)
    annotations["infrared"].undo()
    again = annotated(store, part)
    assert not again["infrared"].mask.any()
    np.testing.assert_array_equal(again[""].mask, EXPECTED[""])
    assert (again[""].undoable, again["infrared"].undoable) == (1, None)
    assert (again[""].redoable, again["infrared"].redoable) == (None, 2)
    again["infrared"].redo()
    np.testing.assert_equal(masks(annotated(store, part)), EXPECTED)
    content = store.identify(part)
    names = {one.id: one.name for one in store.defect_types()}
    assert marked_types(store, [content]) == {content: frozenset((names[1], names[2]))}


@pytest.mark.parametrize("name", formats())
def test_marks_of_each_grid_leave_one_store_and_enter_another(name, part, opened, tmp_path):
    first, second = opened("one"), opened("two")
    mark(annotated(first, part))
    assert export_annotations([part], first, name, tmp_path / "out") == 1
    assert import_annotations([part], second, "bob", name, tmp_path / "out") == 1
    np.testing.assert_equal(masks(annotated(second, part)), EXPECTED)
    assert import_annotations([part], second, "bob", name, tmp_path / "out") == 0
