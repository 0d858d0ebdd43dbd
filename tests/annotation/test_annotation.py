import os
import signal
import subprocess
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config

import cmdiad_core.store as store_package
from cmdiad_core.annotation import Annotation, Area, StrokeJournal, marked_types
from cmdiad_core.annotation.shapes import brush
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles
from cmdiad_core.store import Store

SHAPE = (50, 70)


def square(row, column, side=6):
    return Area(row, column, np.ones((side, side), bool))


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.sqlite")
    yield store
    store.close()


@pytest.fixture
def part(store, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"pixels")
    return store.identify(PartFiles("a", {"rgb": path}))


def test_random_strokes_undone_and_redone_give_every_former_mask():
    rng = np.random.default_rng(1)
    annotation = Annotation(SHAPE)
    masks = [annotation.mask.copy()]
    while len(masks) < 30:
        ends = rng.uniform(0, 50, (4, 2))
        ways = [brush(a, b, 3, SHAPE) for a, b in pairwise(ends)]
        box = annotation.stroke(int(rng.integers(1, 5)), ways, erase=rng.random() < 0.3)
        if box is not None:
            masks.append(annotation.mask.copy())
    for mask in masks[-2::-1]:
        assert annotation.undo() is not None
        np.testing.assert_array_equal(annotation.mask, mask)
    assert annotation.undo() is None
    for mask in masks[1:]:
        annotation.redo()
        np.testing.assert_array_equal(annotation.mask, mask)
    assert annotation.redo() is None


def test_new_stroke_forgets_what_was_undone_and_abandoned_ones_leave_nothing():
    annotation = Annotation(SHAPE)
    annotation.stroke(1, [square(0, 0)])
    annotation.undo()
    annotation.begin(2)
    annotation.paint(square(3, 3))
    annotation.paint(square(5, 5))
    assert annotation.abandon() == (3, 3, 11, 11)
    assert not annotation.mask.any()
    annotation.stroke(2, [square(9, 9)])
    assert annotation.redo() is None
    assert annotation.types_in_use() == (2,)
    assert annotation.stroke(2, [square(9, 9)]) is None


def test_history_is_bounded_and_forgets_the_oldest():
    annotation = Annotation((256, 256), budget=200_000)
    rng = np.random.default_rng(0)
    for _ in range(40):
        annotation.stroke(int(rng.integers(1, 9)), [Area(0, 0, rng.random((256, 256)) < 0.5)])
        assert annotation.history_bytes < 200_000
    undone = 0
    while annotation.undo():
        undone += 1
    assert 1 < undone < 40


def test_mask_handed_out_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        Annotation(SHAPE).mask[0, 0] = 1


def test_undo_reaches_back_over_a_restart(store, part, tmp_path):
    annotation = Annotation(SHAPE, StrokeJournal(store, part, "ann"))
    annotation.stroke(1, [square(2, 2)])
    first = annotation.mask.copy()
    annotation.stroke(2, [square(4, 4)])
    both = annotation.mask.copy()
    annotation.stroke(2, [square(20, 20)])
    annotation.undo()
    store.close()
    again = Store(tmp_path / "store.sqlite")
    annotation = Annotation(SHAPE, StrokeJournal(again, part, "bob"))
    np.testing.assert_array_equal(annotation.mask, both)
    annotation.undo()
    np.testing.assert_array_equal(annotation.mask, first)
    annotation.redo()
    np.testing.assert_array_equal(annotation.mask, both)
    again.close()


def test_redo_reaches_back_over_a_restart(store, part, tmp_path):
    annotation = Annotation(SHAPE, StrokeJournal(store, part, "ann"))
    masks = [annotation.mask.copy()]
    for value, place in enumerate((2, 4, 20), start=1):
        annotation.stroke(value, [square(place, place)])
        masks.append(annotation.mask.copy())
    annotation.undo()
    annotation.undo()
    store.close()
    again = Store(tmp_path / "store.sqlite")
    annotation = Annotation(SHAPE, StrokeJournal(again, part, "ann"))
    for mask in masks[1:]:
        np.testing.assert_array_equal(annotation.mask, mask)
        annotation.redo()
    assert annotation.redo() is None
    annotation.undo()
    annotation.stroke(1, [square(40, 40)])
    assert Annotation(SHAPE, StrokeJournal(again, part, "ann")).redo() is None
    again.close()


def test_marked_types_are_those_of_every_mask_whatever_was_erased(store, tmp_path):
    names = {one.id: one.name for one in store.defect_types()}
    rng = np.random.default_rng(2)
    found, masks = [], {}
    for number in range(8):
        path = tmp_path / f"{number}.png"
        path.write_bytes(b"pixels %d" % number)
        found.append(store.identify(PartFiles(str(number), {"rgb": path})))
        masks[found[-1]] = annotation = Annotation(SHAPE, StrokeJournal(store, found[-1], "ann"))
        # Few places and large squares: some types are painted over whole.
        for _ in range(number):
            place = rng.integers(0, 3, 2) * 12
            value, erase = int(rng.integers(1, 4)), rng.random() < 0.4
            annotation.stroke(value, [square(*place, side=15)], erase=erase)
        if number % 3 == 2:
            annotation.undo()
    expected = {
        part: frozenset(names[int(value)] for value in np.unique(one.mask) if value)
        for part, one in masks.items()
    }
    known = marked_types(store, found)
    assert known == {part: types for part, types in expected.items() if types}
    assert any(
        types < {names[int(s.defect_type)] for s in store.strokes(part)}
        for part, types in expected.items()
    )
    assert marked_types(store, found[:1]) == {}


def test_strokes_of_the_first_version_of_the_store_are_kept(tmp_path):
    rng = np.random.default_rng(3)
    mask, strokes = np.zeros(SHAPE, np.uint8), []
    for value in (1, 2, 0, 3):
        top, left = rng.integers(0, 20, 2).tolist()
        old = mask[top : top + 25, left : left + 40].copy()
        mask[top : top + 25, left : left + 40][rng.random(old.shape) < 0.4] = value
        strokes.append(((top, left, top + 25, left + 40), old, mask[top:, left:][:25, :40].copy()))
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    config = Config()
    config.set_main_option(
        "script_location", str(Path(store_package.__file__).parent / "migrations")
    )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        run = connection.exec_driver_sql
        run("insert into parts values ('p', 'p', '', '2026-01-01 00:00:00')")
        run("insert into defect_types values (1, 'dent', '#ffffff', 1)")
        for number, (box, old, new) in enumerate(strokes, start=1):
            edit = number, "stroke", "p", "ann", "2026-01-01 00:00:00", "0.1", None
            run("insert into edits values (?, ?, ?, ?, ?, ?, ?)", edit)
            values = [zlib.compress(pixels.tobytes(), 1) for pixels in (old, new)]
            run("insert into strokes values (?, ?, ?, ?, ?, ?, ?, ?)", (number, 1, *box, *values))
    engine.dispose()
    store = Store(tmp_path / "store.sqlite")
    annotation = Annotation(SHAPE, StrokeJournal(store, "p", "ann"))
    np.testing.assert_array_equal(annotation.mask, mask)
    for box, old, _ in reversed(strokes):
        assert annotation.undo() == box
        np.testing.assert_array_equal(annotation.mask[box[0] : box[2], box[1] : box[3]], old)
    assert not annotation.mask.any()
    store.close()


def test_what_the_journal_refuses_was_never_drawn(store, part, monkeypatch):
    annotation = Annotation(SHAPE, StrokeJournal(store, part, "ann"))
    annotation.stroke(1, [square(2, 2)])
    before = annotation.mask.copy()

    def full(*_):
        raise InputError("store", "cannot be written, the disk is full")

    monkeypatch.setattr(store, "add_stroke", full)
    monkeypatch.setattr(store, "undo", full)
    with pytest.raises(InputError, match="disk is full"):
        annotation.stroke(3, [square(4, 4), square(8, 8)])
    np.testing.assert_array_equal(annotation.mask, before)
    with pytest.raises(InputError, match="disk is full"):
        annotation.undo()
    np.testing.assert_array_equal(annotation.mask, before)


def test_strokes_of_a_larger_image_are_refused(store, part):
    Annotation(SHAPE, StrokeJournal(store, part, "ann")).stroke(1, [square(40, 60)])
    with pytest.raises(InputError, match="larger image"):
        Annotation((20, 20), StrokeJournal(store, part, "ann"))


def test_killed_in_the_middle_the_mask_is_whole(store, part, tmp_path):
    script = """
import sys, numpy as np
from cmdiad_core.annotation import Annotation, Area, StrokeJournal
from cmdiad_core.store import Store
annotation = Annotation((50, 70), StrokeJournal(Store(sys.argv[1]), sys.argv[2], "ann"))
for number in range(1000):
    annotation.stroke(1, [Area(0, 0, np.ones((number // 50 + 1, number % 50 + 1), bool))])
    annotation.stroke(2, [Area(0, 0, np.ones((number // 50 + 1, number % 50 + 1), bool))])
    print(number, flush=True)
"""
    command = [sys.executable, "-c", script, str(tmp_path / "store.sqlite"), part]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        told = [int(child.stdout.readline()) for _ in range(20)]
        os.kill(child.pid, signal.SIGKILL)
        told += [int(line) for line in child.stdout]
    strokes = store.strokes(part)
    assert len(strokes) >= 2 * len(told)
    annotation = Annotation(SHAPE, StrokeJournal(store, part, "ann"))
    expected = np.zeros(SHAPE, np.uint8)
    for number in range((len(strokes) + 1) // 2):
        done = slice(number // 50 + 1), slice(number % 50 + 1)
        expected[done] = 2 if 2 * number + 1 < len(strokes) else 1
    np.testing.assert_array_equal(annotation.mask, expected)
