import numpy as np
import pytest
from part_files import WAIT
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QIcon
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox

from app import actions
from app.entry import Entry
from app.icons import icon
from app.shelf import Shelf
from app.text import LANGUAGES, text
from cmdiad_core.annotation import Area
from cmdiad_core.sample import PartFiles


def test_keys_go_through_the_queue_in_its_order(inspected, bench, qtbot):
    actions.show_part(bench, bench.session.ordered[0])
    table = inspected.queue.view.table
    inspected.activateWindow()
    table.setFocus()
    ordered = list(bench.session.ordered)
    qtbot.waitUntil(inspected.isActiveWindow)
    qtbot.keyClick(table, Qt.Key.Key_J)
    assert bench.session.current == ordered[1]
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert bench.session.current == ordered[2]
    qtbot.keyClick(table, Qt.Key.Key_K)
    assert bench.session.current == ordered[1]
    assert table.currentIndex().row() == 1


def test_finished_queue_shows_its_first_part(inspected, bench):
    assert bench.session.current == "part_reject"
    assert inspected.queue.view.table.currentIndex().row() == 0


def test_finished_queue_leaves_the_part_that_was_chosen(
    window, bench, detector, model, parts, all_inspected, qtbot
):
    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: bench.session.sample is not None)
    actions.show_part(bench, "part_rgb_only")
    actions.open_model(bench, model)
    all_inspected()
    assert bench.session.current == "part_rgb_only"


def test_choosing_parts_while_the_queue_is_inspected_leaves_none_out(
    window, bench, detector, model, parts, all_inspected, qtbot
):
    detector.may_go_on.clear()
    actions.open_model(bench, model)
    qtbot.waitUntil(lambda: bench.session.detector is not None)
    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: bool(detector.calls))
    for part_id in bench.session.entries:
        actions.show_part(bench, part_id)
    detector.may_go_on.set()
    all_inspected()
    assert set(detector.calls) == set(bench.session.entries)


def test_an_empty_queue_says_why(window, bench, detector, model, parts, qtbot, all_inspected):
    actions.open_model(bench, model)
    qtbot.waitUntil(lambda: bench.session.detector is not None, timeout=WAIT)
    view = window.queue.view
    assert view.note.text().startswith("No parts yet")
    assert window.verdict.view.detail.text() == view.note.text()
    actions.open_parts(bench, [parts])
    all_inspected()
    assert view.note.isHidden()
    view.search.setText("no such part")
    assert view.note.text() == "No part matches search and filter."


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_the_title_of_a_filter_is_seen_whole(language, inspected, qtbot):
    inspected.resize(1920, 1040)
    box = inspected.queue.view.filter
    longest = max(text("filter.unjudged"), text("filter.disputed"), key=len)
    needed = box.fontMetrics().horizontalAdvance(longest)

    def field():
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        control = QStyle.ComplexControl.CC_ComboBox
        part = QStyle.SubControl.SC_ComboBoxEditField
        return box.style().subControlRect(control, option, part, box)

    qtbot.waitUntil(lambda: field().width() > needed, timeout=WAIT)


def test_words_and_filters_narrow_the_queue(inspected, bench):
    view, table = inspected.queue.view, inspected.queue.view.table

    def shown():
        return [table.model().index(row, 2).data() for row in range(table.model().rowCount())]

    view.search.setText("ONLY part")
    assert sorted(shown()) == ["part_cloud_only", "part_rgb_only"]
    assert view.counts.text() == "2 shown of 5"
    view.search.setText("")
    view.filter.setCurrentIndex(view.filter.findData("without:rgb"))
    view.filter.activated.emit(view.filter.currentIndex())
    assert sorted(shown()) == ["part_cloud_only", "part_infrared_undecided"]
    assert list(bench.session.ordered) == shown()
    actions.show_next(bench)
    assert bench.session.current in shown()
    view.filter.setCurrentIndex(view.filter.findData("undecided"))
    view.filter.activated.emit(view.filter.currentIndex())
    assert shown() == ["part_infrared_undecided"]
    actions.set_operating_point(bench, 0.8, 8.0)
    assert sorted(shown()) == ["part_cloud_only", "part_infrared_undecided", "part_rgb_only"]


@pytest.mark.parametrize("pictures", [False, True])
def test_a_table_that_gets_the_focus_chooses_nothing(pictures, inspected, bench, qtbot):
    view = inspected.queue.view
    view.pictures.setChecked(pictures)
    actions.show_part(bench, "part_cloud_only")
    view.search.setText("part_rgb_only")
    shown = view.film if pictures else view.table
    QApplication.sendEvent(shown, QFocusEvent(QEvent.Type.FocusIn))
    assert bench.session.current == "part_cloud_only"
    qtbot.keyClick(shown, Qt.Key.Key_Down)
    assert bench.session.current == "part_rgb_only"
    assert [index.row() for index in view.table.selectionModel().selectedRows()] == [0]


def test_a_type_that_is_marked_narrows_the_queue_while_it_stands(inspected, bench, show, qtbot):
    view, model = inspected.queue.view, inspected.queue.view.table.model()
    show("part_reject")
    qtbot.waitUntil(lambda: bool(bench.session.annotating.annotations), timeout=WAIT)
    dent = bench.session.annotating.defect_type.name
    assert view.filter.findData(f"type:{dent}") < 0
    actions.mark_area(bench, "", Area(2, 2, np.ones((4, 4), bool)))
    actions.take_in_others(bench)
    qtbot.waitUntil(lambda: view.filter.findData(f"type:{dent}") > 0, timeout=WAIT)
    view.filter.setCurrentIndex(view.filter.findData(f"type:{dent}"))
    view.filter.activated.emit(view.filter.currentIndex())
    assert [model.index(row, 2).data() for row in range(model.rowCount())] == ["part_reject"]
    assert f"Marked on it: {dent}" in model.index(0, 2).data(Qt.ItemDataRole.ToolTipRole)
    actions.open_parts(bench, bench.settings.open_parts)
    qtbot.waitUntil(lambda: view.filter_key == "", timeout=WAIT)
    # The queue of now is looked up again, and with it what is marked.
    qtbot.waitUntil(lambda: view.filter.findData(f"type:{dent}") > 0, timeout=WAIT)
    show("part_reject")
    qtbot.waitUntil(lambda: bool(bench.session.annotating.annotations), timeout=WAIT)
    actions.undo_stroke(bench)
    actions.take_in_others(bench)
    qtbot.waitUntil(lambda: view.filter.findData(f"type:{dent}") < 0, timeout=WAIT)
    assert model.rowCount() == 5


def test_a_heading_puts_the_queue_in_its_order(inspected, bench):
    table = inspected.queue.view.table
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert list(bench.session.ordered) == sorted(bench.session.entries, reverse=True)
    rows = [table.model().index(row, 2).data() for row in range(5)]
    assert rows == list(bench.session.ordered)
    assert table.selectionModel().isRowSelected(rows.index(bench.session.current))


def test_next_stops_at_the_end(inspected, bench):
    for _ in range(9):
        actions.show_next(bench)
    assert bench.session.current == bench.session.ordered[-1]


def test_an_inspected_part_is_shown_again_without_inference(inspected, bench, detector):
    calls = len(detector.calls)
    for _ in range(4):
        actions.show_next(bench)
        assert bench.session.inspection is not None
    assert len(detector.calls) == calls


def test_moving_a_limit_judges_the_queue_without_inference(inspected, bench, detector, picture):
    calls = len(detector.calls)
    view = inspected.operating_point.view
    view.reject_line.setValue(3.5)
    assert view.reject_box.value() == 3.5
    assert [
        str(bench.session.verdict(bench.session.entries[i])) for i in bench.session.ordered
    ] == [
        "reject",
        "reject",
        "accept",
        "accept",
        "accept",
    ]
    table = inspected.queue.view.table.model()
    assert table.index(1, 0).data() == "Reject"
    assert view.counts.text().startswith("Queue: 2 reject, 0 undecided, 3 accept.")
    view.accept_box.setValue(0.8)
    assert table.index(3, 0).data() == "Undecided"
    assert inspected.image.view.canvas.shows_map
    assert len(detector.calls) == calls
    picture("limits")


def test_lower_limit_pushes_the_upper_one(inspected, bench):
    inspected.operating_point.view.accept_line.setValue(8.0)
    assert bench.session.operating_point.accept_below == 8.0
    assert bench.session.operating_point.reject_from == 8.0


def test_upper_limit_pushes_the_lower_one(inspected, bench):
    inspected.operating_point.view.reject_box.setValue(2.0)
    assert bench.session.operating_point.accept_below == 2.0


def test_reset_returns_to_the_limits_of_the_model(inspected, bench, detector):
    actions.set_operating_point(bench, 1.0, 2.0)
    actions.reset_operating_point(bench)
    assert bench.session.operating_point == detector.operating_point
    assert inspected.operating_point.view.reject_line.value() == 6.0


def test_folders_that_all_parts_share_are_left_out(bench, window):
    bench.session.set_parts([PartFiles(f"test/{name}", {}) for name in ("dent/000", "good/000")])
    table = window.queue.view.table.model()
    assert [table.index(row, 2).data() for row in range(2)] == ["dent/000", "good/000"]


def test_entries_that_failed_come_before_those_that_wait():
    part = PartFiles("a", {})
    waiting = Entry(part, 0)
    failed = Entry(part, 1).failed("cannot be read")
    assert sorted([waiting, failed], key=lambda e: e.sort_key) == [failed, waiting]


def test_shelf_forgets_the_longest_unused_result(inspected, bench):
    sample, inspection = bench.session.sample, bench.session.inspection
    shelf = Shelf(budget=1)
    shelf.put("a", sample, inspection)
    shelf.put("b", sample, inspection)
    assert "a" not in shelf
    assert shelf.get("b") == (sample, inspection)


def test_the_sign_of_a_verdict_keeps_its_shape_in_the_chosen_row(qapp):
    # The colour of "accept" may be that of the chosen row.
    sign = icon("accept", "#58a6d6")
    for mode, rim in ((QIcon.Mode.Normal, "#58a6d6"), (QIcon.Mode.Selected, "#ffffff")):
        drawn = sign.pixmap(QSize(48, 48), mode).toImage()
        assert drawn.pixelColor(24, 4).name() == rim
