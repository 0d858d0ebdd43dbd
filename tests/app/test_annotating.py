from dataclasses import replace
from urllib.parse import quote

import numpy as np
import pytest
from part_files import WAIT
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from app import actions, application
from app.annotating import Tool
from app.main_window import MainWindow
from app.panels.annotation.exchange_menu import exchange_menus
from app.text import text
from app.widgets.label_layer import LabelLayer
from cmdiad_core.annotation.shapes import brush

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ready(inspected, bench, show, qtbot):
    """Return the window with the marks of `part_accept` read."""
    open_part(bench, show, qtbot, "part_accept")
    return inspected


def open_part(bench, show, qtbot, name):
    show(name)
    qtbot.waitUntil(lambda: bool(bench.session.annotating.annotations), timeout=WAIT)


def mask(bench):
    return bench.session.annotating.annotations[""].mask


def place(window, row, column):
    """Return where a place of the image lies on the viewport."""
    canvas = window.image.view.canvas
    return canvas.viewport.mapFrom(canvas, canvas.scene_position(row, column).toPoint())


def send(widget, kind, point, button=LEFT):
    buttons = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
    which = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
    at = QPointF(point), QPointF(widget.mapToGlobal(point))
    event = QMouseEvent(kind, *at, which, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def drag(widget, points):
    send(widget, QEvent.Type.MouseButtonPress, points[0])
    for point in points[1:]:
        send(widget, QEvent.Type.MouseMove, point)
    send(widget, QEvent.Type.MouseButtonRelease, points[-1])


def choose(window, qtbot, tool):
    qtbot.mouseClick(window.annotation.view.buttons[tool], LEFT)


def draw(window, *corners):
    drag(window.image.view.canvas.viewport, [place(window, *corner) for corner in corners])


def key(window, qtbot, code, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(window.image.view.canvas.focusProxy(), code, modifier)


def test_brush_marks_what_it_passes_and_ctrl_z_takes_it_back(ready, bench, qtbot, picture):
    choose(ready, qtbot, Tool.BRUSH)
    bench.session.annotating.set_radius(3)
    draw(ready, (10, 10), (10, 30), (30, 30))
    expected = np.zeros((48, 48), np.uint8)
    for way in (((10, 10), (10, 30)), ((10, 30), (30, 30))):
        expected[brush(*way, 3, (48, 48)).on_grid((48, 48))] = 1
    # The mouse goes by whole pixels of the screen.
    assert np.count_nonzero(mask(bench) != expected) < 8
    picture("annotated")
    first = mask(bench).copy()
    key(ready, qtbot, Qt.Key.Key_3)
    draw(ready, (40, 5), (40, 20))
    assert set(np.unique(mask(bench))) == {0, 1, 3}
    both = mask(bench).copy()
    key(ready, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(mask(bench), first)
    redo = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    key(ready, qtbot, Qt.Key.Key_Z, redo)
    np.testing.assert_array_equal(mask(bench), both)
    legend = ready.annotation.view.legend.text()
    for number in (1, 3):
        one = next(t for t in bench.session.annotating.types if t.id == number)
        assert one.name in legend
        assert one.colour in legend


def test_undo_and_redo_wait_for_the_end_of_a_stroke(ready, bench, qtbot):
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    first = mask(bench).copy()
    viewport, control = ready.image.view.canvas.viewport, Qt.KeyboardModifier.ControlModifier
    send(viewport, QEvent.Type.MouseButtonPress, place(ready, 30, 10))
    send(viewport, QEvent.Type.MouseMove, place(ready, 30, 20))
    key(ready, qtbot, Qt.Key.Key_Z, control)
    send(viewport, QEvent.Type.MouseMove, place(ready, 30, 30))
    send(viewport, QEvent.Type.MouseButtonRelease, place(ready, 30, 30))
    both = mask(bench).copy()
    assert (both >= first).all()
    assert both[30, 25]
    key(ready, qtbot, Qt.Key.Key_Z, control)
    np.testing.assert_array_equal(mask(bench), first)
    send(viewport, QEvent.Type.MouseButtonPress, place(ready, 40, 10))
    key(ready, qtbot, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert not mask(bench)[30, 25]
    key(ready, qtbot, Qt.Key.Key_Escape)
    np.testing.assert_array_equal(mask(bench), first)


def test_marks_are_there_after_a_restart_and_can_be_undone(
    ready, bench, qtbot, tmp_path, model, parts
):
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    draw(ready, (30, 10), (30, 30))
    marked = mask(bench).copy()
    # As after a crash: nothing was told to end.
    settings = QSettings(str(tmp_path / "other.ini"), QSettings.Format.IniFormat)
    second = application.create_workbench(settings, tmp_path / "data" / "store.sqlite")
    window = MainWindow(second)
    qtbot.addWidget(window)
    window.show()
    actions.open_parts(second, [parts])
    qtbot.waitUntil(lambda: bool(second.session.entries), timeout=WAIT)
    actions.show_part(second, bench.session.current)
    qtbot.waitUntil(lambda: bool(second.session.annotating.annotations), timeout=WAIT)
    np.testing.assert_array_equal(mask(second), marked)
    qtbot.mouseClick(window.annotation.view.undo, LEFT)
    assert 0 < mask(second).sum() < marked.sum()
    assert not mask(second)[30, 20]
    window.close()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_undo_while_looking_takes_a_stroke_off_the_screen(ready, bench, show, qtbot, elsewhere):
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    marked = mask(bench).copy()
    choose(ready, qtbot, Tool.LOOK)
    part, canvas = bench.session.current, ready.image.view.canvas

    def drawn() -> bool:
        return QColor.fromRgba(canvas.labels.pixels.pixel(20, 10)).alpha() > 0

    assert drawn()
    if elsewhere:
        open_part(bench, show, qtbot, "part_reject")
    # The key goes to the menu.
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    control = Qt.KeyboardModifier.ControlModifier
    key(ready, qtbot, Qt.Key.Key_Z, control)
    qtbot.waitUntil(lambda: _marks(bench, part, np.zeros_like(marked)), timeout=WAIT)
    assert not drawn()
    assert "stroke on the mask" in ready.statusBar().currentMessage()
    key(ready, qtbot, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: _marks(bench, part, marked), timeout=WAIT)
    assert drawn()


def _marks(bench, part, expected):
    session = bench.session
    annotation = session.annotating.annotations.get("")
    is_read = session.current == part and annotation is not None
    return is_read and np.array_equal(annotation.mask, expected)


def test_other_part_has_marks_of_its_own(ready, bench, show, qtbot):
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    marked = mask(bench).copy()
    open_part(bench, show, qtbot, "part_reject")
    assert not mask(bench).any()
    open_part(bench, show, qtbot, "part_accept")
    np.testing.assert_array_equal(mask(bench), marked)


def test_eraser_removes_and_its_size_follows_the_keys(ready, bench, qtbot):
    choose(ready, qtbot, Tool.BRUSH)
    bench.session.annotating.set_radius(6)
    draw(ready, (20, 10), (20, 40))
    choose(ready, qtbot, Tool.ERASER)
    before = bench.session.annotating.radius
    key(ready, qtbot, Qt.Key.Key_BracketLeft)
    assert bench.session.annotating.radius < before
    draw(ready, (20, 25), (20, 26))
    assert not mask(bench)[20, 25]
    assert mask(bench)[20, 12]


def test_polygon_by_clicks_backspace_and_enter(ready, bench, qtbot):
    choose(ready, qtbot, Tool.POLYGON)
    for corner in ((10, 10), (10, 30), (30, 30), (45, 2), (30, 10)):
        drag(ready.image.view.canvas.viewport, [place(ready, *corner)])
        if corner == (45, 2):
            key(ready, qtbot, Qt.Key.Key_Backspace)
    assert not mask(bench).any()
    key(ready, qtbot, Qt.Key.Key_Return)
    rows, columns = np.nonzero(mask(bench))
    ends = [rows.min(), columns.min(), rows.max(), columns.max()]
    np.testing.assert_allclose(ends, [10, 10, 29, 29], atol=1)
    assert abs(np.count_nonzero(mask(bench)) - 400) < 45


def test_polygon_closes_by_a_double_click_and_esc_forgets_it(ready, bench, qtbot):
    choose(ready, qtbot, Tool.POLYGON)
    viewport = ready.image.view.canvas.viewport
    for corner in ((5, 5), (5, 20)):
        drag(viewport, [place(ready, *corner)])
    key(ready, qtbot, Qt.Key.Key_Escape)
    assert bench.session.annotating.tool is Tool.POLYGON
    for corner in ((25, 25), (25, 40), (40, 40)):
        drag(viewport, [place(ready, *corner)])
    send(viewport, QEvent.Type.MouseButtonDblClick, place(ready, 40, 40))
    assert mask(bench)[28, 36]
    assert not mask(bench)[:20].any()
    key(ready, qtbot, Qt.Key.Key_Escape)
    assert bench.session.annotating.tool is Tool.LOOK


def test_wand_takes_the_map_above_the_level_after_a_preview(ready, bench, show, qtbot):
    open_part(bench, show, qtbot, "part_reject")
    choose(ready, qtbot, Tool.WAND)
    send(ready.image.view.canvas.viewport, QEvent.Type.MouseMove, place(ready, 15, 30))
    preview = ready.annotation._sketch.preview
    assert preview.boundingRect().size().toTuple() == (12, 10)
    ready.annotation.view.level.setValue(9.5)
    assert preview.boundingRect().isEmpty()
    ready.annotation.view.level.setValue(8.5)
    drag(ready.image.view.canvas.viewport, [place(ready, 15, 30)])
    expected = np.zeros((48, 48))
    expected[10:20, 24:36] = 1
    np.testing.assert_array_equal(mask(bench), expected)
    drag(ready.image.view.canvas.viewport, [place(ready, 2, 2)])
    np.testing.assert_array_equal(mask(bench), expected)


def test_chosen_region_becomes_a_label_by_enter(ready, bench, show, qtbot):
    open_part(bench, show, qtbot, "part_reject")
    choose(ready, qtbot, Tool.REGION)
    actions.select_region(bench, bench.session.inspection.regions[0])
    key(ready, qtbot, Qt.Key.Key_Return)
    assert np.count_nonzero(mask(bench)) == bench.session.inspection.regions[0].area_px


def test_lasso_marks_the_points_it_surrounds(ready, in_space, bench, show, qtbot, picture):
    space = ready.cloud.view.space
    choose(ready, qtbot, Tool.LASSO)
    surface = ready.cloud._surface
    seen = space.scene.places() * (space.drawing.width(), space.drawing.height())
    corners = [seen[row * 48 + column] for row, column in ((12, 12), (12, 30), (30, 30), (30, 12))]
    drag(space.drawing, [QPoint(*(round(float(v)) for v in corner)) for corner in corners])
    assert surface.valid.all()
    rows, columns = np.nonzero(mask(bench))
    ends = [rows.min(), columns.min(), rows.max(), columns.max()]
    np.testing.assert_allclose(ends, [12, 12, 30, 30], atol=2)
    assert np.count_nonzero(mask(bench)) > 200
    # The points have the colour of the type.
    marked, other = (space.scene._all.colours[row * 48 + 20] for row in (20, 40))
    assert np.ptp(marked) > np.ptp(other)
    picture("lasso")


def test_keys_in_the_cloud_are_those_of_the_window(ready, in_space, bench, qtbot):
    session, drawing = bench.session, ready.cloud.view.space.drawing
    told = []
    for event in ("KeyPressEvent", "CharEvent", "KeyReleaseEvent"):
        drawing.observe(drawing.iren.interactor, event, lambda: told.append(1))
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    choose(ready, qtbot, Tool.LASSO)
    drawing.setFocus()
    for code in (Qt.Key.Key_3, Qt.Key.Key_P, Qt.Key.Key_W):
        qtbot.keyClick(drawing, code)
    assert told == []
    assert session.annotating.defect_type.digit == 3
    qtbot.keyClick(drawing, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not mask(bench).any()
    qtbot.keyClick(drawing, Qt.Key.Key_Escape)
    assert session.annotating.tool is Tool.LOOK
    part = session.current
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow, timeout=WAIT)
    qtbot.keyClick(drawing, Qt.Key.Key_K)
    assert session.current != part
    assert told == []


def test_modalities_with_pixels_of_their_own_are_marked_each(
    ready, in_space, bench, qtbot, picture
):
    session = bench.session
    sample, grids = session.sample, {"": (48, 48), "cloud": (30, 40), "infrared": (24, 24)}
    sizes = {"rgb": grids[""], "cloud": grids["cloud"], "infrared": grids["infrared"]}
    measured = {n: sample.measured["rgb" if n == "infrared" else n] for n in sizes}
    measured["infrared"] = measured["infrared"][..., 0]
    measured = {n: m[: sizes[n][0], : sizes[n][1]] for n, m in measured.items()}
    apart = replace(sample, measured=measured, registered=False)
    own = {name: replace(one, map=None) for name, one in session.inspection.modalities.items()}
    session.add_inspection(
        session.current, apart, replace(session.inspection, map=None, modalities=own)
    )
    annotating = session.annotating
    qtbot.waitUntil(lambda: len(annotating.annotations) == 3, timeout=WAIT)

    def marked():
        return {grid: one.mask.any() for grid, one in annotating.annotations.items()}

    assert {grid: one.mask.shape for grid, one in annotating.annotations.items()} == grids
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    assert marked() == {"": True, "cloud": False, "infrared": False}
    # Corners of a polygon that was begun on other pixels are forgotten.
    choose(ready, qtbot, Tool.POLYGON)
    for corner in ((2, 2), (2, 20), (20, 20)):
        draw(ready, corner)
    source = ready.image.view.source
    source.activated.emit(source.findData("infrared"))
    key(ready, qtbot, Qt.Key.Key_Return)
    assert not marked()["infrared"]
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (12, 4), (12, 16))
    assert marked() == {"": True, "cloud": False, "infrared": True}
    labels = ready.image.view.canvas.labels
    assert QColor.fromRgba(labels.pixels.pixel(10, 12)).alpha() > 0
    assert QColor.fromRgba(labels.pixels.pixel(20, 10)).alpha() == 0
    picture("annotated_apart")
    choose(ready, qtbot, Tool.LASSO)
    space = ready.cloud.view.space
    seen = space.scene.places() * (space.drawing.width(), space.drawing.height())
    corners = [seen[row * 40 + column] for row, column in ((5, 5), (5, 25), (25, 25), (25, 5))]
    drag(space.drawing, [QPoint(*(round(float(v)) for v in corner)) for corner in corners])
    assert marked() == {"": True, "cloud": True, "infrared": True}
    # The latest stroke goes first, wherever it lies, and what was undone last comes back first.
    for grid, title in (("cloud", "Point cloud"), ("infrared", "Infrared image")):
        actions.undo_stroke(bench)
        assert not marked()[grid]
        assert title in ready.statusBar().currentMessage()
    actions.redo_stroke(bench)
    assert marked() == {"": True, "cloud": False, "infrared": True}


def test_looking_leaves_mouse_and_keys_to_the_view(ready, bench, qtbot):
    bench.session.annotating.set_radius(5)
    draw(ready, (10, 10), (10, 30))
    assert not mask(bench).any()
    assert bench.session.annotating.tool is Tool.LOOK
    choose(ready, qtbot, Tool.BRUSH)
    key(ready, qtbot, Qt.Key.Key_Escape)
    draw(ready, (10, 10), (10, 30))
    assert not mask(bench).any()


def test_stroke_that_cannot_be_written_is_taken_back_and_said(ready, bench, qtbot, monkeypatch):
    from cmdiad_core.errors import InputError

    def full(*_):
        raise InputError("store.sqlite", "cannot be written, the disk is full")

    monkeypatch.setattr(bench.store.open(), "add_stroke", full)
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    assert not mask(bench).any()
    assert "disk is full" in ready.messages.sentences[0]
    labels = ready.image.view.canvas.labels
    assert QColor.fromRgba(labels.pixels.pixel(20, 10)).alpha() == 0


def test_every_tool_can_be_reached_by_keyboard_and_says_what_it_does(ready):
    for button in ready.annotation.view.buttons.values():
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert button.accessibleName()
        assert len(button.toolTip()) > 10


def test_layer_redrawn_in_boxes_is_as_one_redrawn_whole(qapp):
    rng = np.random.default_rng(0)
    labels = np.zeros((900, 800), np.uint8)
    colours = {1: "#ff0000", 2: "#00ff00"}
    layer, whole = LabelLayer(), LabelLayer()
    layer.show_labels(labels, colours)
    for _ in range(12):
        area = brush(*rng.uniform(0, 900, (2, 2)), rng.uniform(1, 60), labels.shape)
        top, left, bottom, right = area.box
        labels[top:bottom, left:right][area.inside] = rng.integers(0, 3)
        layer.change(area.box)
    whole.show_labels(labels, colours)
    assert layer.pixels == whole.pixels
    inside, edge = (QColor.fromRgba(c) for c in layer.pixels.colorTable()[1:130:128])
    assert 0 < inside.alpha() < edge.alpha() == 255


@pytest.mark.parametrize("name", ["mvtec", "coco", "labelme"])
def test_marks_go_to_files_and_come_back(ready, bench, qtbot, tmp_path, name):
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    key(ready, qtbot, Qt.Key.Key_2)
    draw(ready, (30, 10), (30, 30))
    marked = mask(bench).copy()
    actions.export_annotations(bench, name, tmp_path / "out")
    qtbot.waitUntil(lambda: any((tmp_path / "out").rglob("*.*")), timeout=WAIT)
    draw(ready, (20, 10), (20, 30))
    actions.undo_stroke(bench)
    actions.undo_stroke(bench)
    draw(ready, (40, 10), (40, 30))
    before = bench.session.annotating.annotations
    actions.import_annotations(bench, name, tmp_path / "out")
    qtbot.waitUntil(lambda: bench.session.annotating.annotations not in ({}, before), timeout=WAIT)
    np.testing.assert_array_equal(mask(bench), marked)
    labels = ready.image.view.canvas.labels
    assert QColor.fromRgba(labels.pixels.pixel(20, 30)).alpha() > 0


def test_files_that_cannot_be_used_change_nothing(ready, bench, qtbot, tmp_path):
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    marked = mask(bench).copy()
    (tmp_path / "annotations.json").write_text("{}")
    actions.import_annotations(bench, "coco", tmp_path)
    qtbot.waitUntil(lambda: bool(ready.messages.sentences), timeout=WAIT)
    assert "is no COCO file at images" in ready.messages.sentences[0]
    np.testing.assert_array_equal(mask(bench), marked)


def test_stroke_made_while_marks_are_read_again_stays(ready, bench, qtbot):
    choose(ready, qtbot, Tool.BRUSH)
    actions.read_annotation(bench)
    draw(ready, (10, 10), (10, 30))
    marked = mask(bench).copy()
    idle = []
    bench.worker.submit("test", "idle", lambda: None, idle.append, idle.append, title="")
    qtbot.waitUntil(lambda: bool(idle), timeout=WAIT)
    assert marked.any()
    np.testing.assert_array_equal(mask(bench), marked)


def test_marks_are_seen_on_infrared_and_on_the_predicted_plane(ready, bench, show, qtbot):
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    source = ready.image.view.source
    source.activated.emit(source.findData("infrared"))
    assert seen(ready.image.view.canvas, 10, 20)
    open_part(bench, show, qtbot, "rgb_only")
    plane = ready.cloud.view.plane
    assert not seen(plane, 10, 20)
    draw(ready, (10, 10), (10, 30))
    assert seen(plane, 10, 20)
    assert not seen(plane, 30, 20)


def seen(canvas, row, column):
    return QColor.fromRgba(canvas.labels.pixels.pixel(column, row)).alpha() > 0


def test_undo_is_the_strokes_while_a_tool_is_in_use_wherever_the_focus_is(ready, bench, qtbot):
    actions.comment(bench, bench.session.current, "look again")
    choose(ready, qtbot, Tool.BRUSH)
    draw(ready, (10, 10), (10, 30))
    table = ready.queue.view.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not mask(bench).any()
    qtbot.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert bench.session.reviews.of(bench.session.current).comment.comment == "look again"
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert bench.session.annotating.tool is Tool.LOOK


@pytest.mark.parametrize("agreed", [True, False])
def test_unknown_defect_types_are_offered(ready, bench, qtbot, tmp_path, agreed, monkeypatch):
    name = "rust <b>"
    folder = tmp_path / "ground_truth" / quote(name) / bench.session.current
    folder.parent.mkdir(parents=True)
    pixels = np.zeros((48, 48), np.uint8)
    pixels[10:20, 10:20] = 255
    Image.fromarray(pixels).save(f"{folder}.png")
    asked = []

    def question(parent, title, words):
        asked.append(words)
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        return yes if agreed else no

    monkeypatch.setattr(QMessageBox, "question", question)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    wanted = text("menu.import_annotations")
    menu = next(one for one in exchange_menus(ready, bench) if one.title() == wanted)
    menu.actions()[0].trigger()
    if agreed:
        qtbot.waitUntil(lambda: mask(bench).any(), timeout=WAIT)
        np.testing.assert_array_equal(mask(bench) > 0, pixels > 0)
        assert name in [one.name for one in bench.session.annotating.types]
    else:
        qtbot.waitUntil(lambda: bool(ready.messages.sentences), timeout=WAIT)
        assert not mask(bench).any()
        assert name not in [one.name for one in bench.store.open().defect_types()]
    assert len(asked) == 1
    assert name in asked[0]
