import math

import numpy as np
import pytest
from part_files import WAIT
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from app import actions
from app.annotating import Tool
from app.cursor import Cursor
from cmdiad_core.annotation import Area
from cmdiad_core.measuring import length
from cmdiad_core.sample import Sample

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ready(inspected, bench, show, qtbot):
    """Return the window with `part_accept` shown and the measure in hand."""
    show("part_accept")
    qtbot.waitUntil(lambda: bool(bench.session.annotating.annotations), timeout=WAIT)
    inspected.activateWindow()
    inspected.queue.view.table.setFocus()
    qtbot.waitUntil(inspected.isActiveWindow)
    qtbot.keyClick(inspected.queue.view.table, Qt.Key.Key_M)
    assert bench.session.annotating.tool is Tool.MEASURE
    return inspected


def click(window, qtbot, row, column):
    canvas = window.image.view.canvas
    place = canvas.viewport.mapFrom(canvas, canvas.scene_position(row, column).toPoint())
    qtbot.mouseClick(canvas.viewport, LEFT, pos=place)


def drawn(space):
    image = space.drawing.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), -1, 3).astype(int)


def words(window):
    return window.image._lines.words


def test_two_clicks_measure_and_say_it_beside_the_line_and_in_the_readout(
    ready, bench, qtbot, picture
):
    click(ready, qtbot, 10.5, 10.5)
    assert len(bench.session.measuring.lines) == 0
    click(ready, qtbot, 20.5, 30.5)
    (line,) = bench.session.measuring.lines
    assert math.dist((line.end.row, line.end.column), (20.5, 30.5)) < 0.3
    cloud = bench.session.sample.measured["cloud"]
    mm = 1000 * math.dist(*(cloud[int(e.row), int(e.column)] for e in (line.begin, line.end)))
    (beside,) = words(ready)
    assert beside.startswith(f"{mm:.2f} mm")
    said = ready.readout.view.text()
    assert beside.replace("\n", ", ") in said
    assert "over plane around it" in said, "in full there, in short on the part"
    assert beside.count("\n") == 1
    assert not bench.session.annotating.annotations[""].mask.any()
    picture("measured")


def test_line_is_seen_on_infrared_and_in_space_and_follows_the_mouse(
    ready, in_space, bench, qtbot, picture, qapp
):
    space = ready.cloud.view.space
    seen = space.scene.places() * (space.drawing.width(), space.drawing.height())
    for row, column in ((12, 12), (30, 35)):
        place = QPoint(*(round(float(value)) for value in seen[row * 48 + column]))
        qtbot.mouseClick(space.drawing, LEFT, pos=place)
    (line,) = bench.session.measuring.lines
    np.testing.assert_allclose((line.end.row, line.end.column), (30.5, 35.5), atol=2)
    assert space.lines.words == words(ready)
    source = ready.image.view.source
    source.activated.emit(source.findData("infrared"))
    assert len(words(ready)) == 1
    click(ready, qtbot, 5.5, 5.5)
    bench.session.hover(Cursor("infrared", 40.5, 5.5))
    assert len(words(ready)) == len(space.lines.words) == 2
    picture("measuring_in_space")
    frames = []
    space.drawing.painted.connect(frames.append)
    for column in (10.5, 20.5, 40.5):
        bench.session.hover(Cursor("infrared", 5.5, column))
        qapp.processEvents()
    assert frames == []
    assert len(words(ready)) == 2
    lit = drawn(space)
    bench.session.measuring.clear()
    bare = drawn(space)
    assert np.count_nonzero(np.abs(lit - bare).max(axis=-1) > 100) > 200
    assert space.lines.words == []


def test_escape_and_delete_take_the_last_away_and_another_part_all(ready, bench, show, qtbot):
    measuring = bench.session.measuring
    for column in (5, 15, 25, 35):
        click(ready, qtbot, 10, column)
        click(ready, qtbot, 40, column)
    click(ready, qtbot, 10, 45)
    canvas = ready.image.view.canvas.focusProxy()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert (measuring.begun, len(measuring.lines)) == (None, 4)
    qtbot.keyClick(ready.queue.view.table, Qt.Key.Key_Delete)
    assert [round(one.end.column) for one in measuring.lines] == [5, 15, 25]
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert len(words(ready)) == 2
    show("part_reject")
    assert words(ready) == []
    assert measuring.lines == ()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert bench.session.annotating.tool is Tool.LOOK
    click(ready, qtbot, 10, 10)
    assert measuring.begun is None


def test_undo_while_measuring_takes_lines_back_and_strokes_stay(ready, bench, qtbot, show):
    measuring, control = bench.session.measuring, Qt.KeyboardModifier.ControlModifier
    canvas = ready.image.view.canvas.focusProxy()
    actions.mark_area(bench, "", Area(30, 30, np.ones((4, 4), bool)))
    for column in (5, 15):
        click(ready, qtbot, 10, column)
        click(ready, qtbot, 40, column)
    first, second = measuring.lines
    click(ready, qtbot, 10, 45)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, control)
    assert (measuring.begun, measuring.lines) == (None, (first, second))
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert measuring.lines == (first,)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, control)
    assert measuring.lines == (first, second)
    for _ in range(3):
        qtbot.mouseClick(ready.annotation.view.undo, LEFT)
    assert measuring.lines == ()
    assert "nothing of yours to undo" in ready.statusBar().currentMessage()
    qtbot.keyClick(canvas, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert measuring.lines == (first,)
    assert bench.session.annotating.annotations[""].mask.any()
    show("part_reject")
    qtbot.keyClick(canvas, Qt.Key.Key_Z, control)
    assert measuring.lines == ()


def test_a_part_without_cloud_is_uncalibrated_and_lines_lie_on_the_plane(ready, bench, show, qtbot):
    show("rgb_only")
    click(ready, qtbot, 10, 10)
    click(ready, qtbot, 10, 10)  # of a double click
    click(ready, qtbot, 10, 34)
    (beside,) = words(ready)
    number, unit, said = beside.split()
    assert float(number) == pytest.approx(24, abs=0.5)
    assert (unit, said) == ("px", "(uncalibrated)")
    assert ready.cloud._lines.words == [beside]


def test_unregistered_modalities_are_measured_apart(ready, bench, qtbot):
    rows, columns = np.mgrid[:48, :48].astype(np.float32) / 1000
    cloud = np.stack([columns, rows, np.ones_like(rows)], axis=-1)
    image = np.zeros((20, 30, 3), np.float32)
    sample = Sample("part_accept", {"rgb": image, "cloud": cloud}, metric=True, registered=False)
    bench.session.add_sample(bench.session.current, sample)
    actions.measure_to(bench, Cursor("rgb", 1.5, 1.5))
    actions.measure_to(bench, Cursor("cloud", 9.5, 9.5))
    measuring = bench.session.measuring
    assert measuring.lines == ()
    assert "both ends" in ready.statusBar().currentMessage()
    actions.measure_to(bench, Cursor("rgb", 1.5, 9.5))
    actions.measure_to(bench, Cursor("cloud", 9.5, 9.5))
    actions.measure_to(bench, Cursor("cloud", 9.5, 19.5))
    flat, deep = measuring.lines
    assert (flat.length.pixels, flat.length.mm) == (8, None)
    assert deep.length == length(sample.using(("cloud",)), (9.5, 9.5), (9.5, 19.5))
    assert deep.length.mm == pytest.approx(10)
    assert words(ready) == ["8.0 px (uncalibrated)"]


def test_enter_takes_the_marked_place(ready, bench, qtbot):
    for row in (10.5, 30.5):
        bench.session.pin(Cursor("rgb", row, 10.5))
        qtbot.keyClick(ready.image.view.canvas.focusProxy(), Qt.Key.Key_Return)
    assert bench.session.measuring.lines[0].length.pixels == 20
