import csv
import io
from dataclasses import replace

import pytest
from part_files import WAIT
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app import theme
from cmdiad_core.inspection import Provenance, Region

MEASURED, PREDICTED = Provenance.MEASURED, Provenance.PREDICTED
REGIONS = (
    Region(9.0, "rgb", MEASURED, 120, (10, 24, 20, 36), (15, 30), 6.0, 4.5, (1, 2, 3), 14.2, -0.42),
    Region(7.0, "cloud", PREDICTED, 30, (30, 5, 36, 10), (33, 7), None, None, None, 7.0, None),
    Region(5.0, "rgb", MEASURED, 300, (2, 2, 8, 9), (4, 4), 16.0, 9.5, (4, 5, 6), 12.0, 0.3),
    Region(1.0, "rgb", MEASURED, 4, (40, 40, 42, 42), (41, 41), 1.0, 0.5, (4, 5, 6), 2.0, 0.1),
)


@pytest.fixture
def table(inspected, bench, show):
    """Return the defect panel of a part with four regions, the last one below the accept limit."""
    show("part_reject")
    session = bench.session
    changed = replace(session.inspection, regions=REGIONS)
    session.add_inspection(session.current, session.sample, changed)
    return inspected.defects.view


def _cells(table, column):
    model = table.table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def _click(table, row, qtbot):
    place = table.table.visualRect(table.table.model().index(row, 1)).center()
    qtbot.mouseClick(table.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_every_region_above_the_limit_has_a_row_in_words(table, picture):
    assert _cells(table, 0) == ["1", "2", "3"]
    assert _cells(table, 1) == ["9.00", "7.00", "5.00"]
    assert _cells(table, 2) == ["6.0 mm²", "30 px", "16.0 mm²"]
    assert _cells(table, 3) == ["4.5 mm", "7 px", "9.5 mm"]
    assert _cells(table, 4) == ["-0.42 mm", "uncalibrated", "+0.30 mm"]
    assert _cells(table, 5)[1] == "Point cloud (predicted)"
    assert _cells(table, 6)[0] == "row 15, column 30  ·  x 1.0, y 2.0, z 3.0 mm"
    assert table.counts.text() == "Regions: 3 of 3"
    picture("defects")


@pytest.mark.parametrize("percent", [100, 150])
def test_the_area_of_a_large_region_has_its_unit(table, bench, percent, qapp, qtbot):
    session = bench.session
    large = replace(REGIONS[0], area_mm2=434_271.5)
    changed = replace(session.inspection, regions=(large,))
    session.add_inspection(session.current, session.sample, changed)
    theme.choose(qapp, theme.Look(text_percent=percent))
    view = table.table
    try:
        qtbot.waitUntil(lambda: view.columnWidth(2) >= view.sizeHintForColumn(2), timeout=WAIT)
    finally:
        theme.choose(qapp, theme.Look())


@pytest.mark.parametrize(
    ("column", "ascending", "descending"),
    [
        (0, "123", "321"),
        (1, "321", "123"),
        (2, "132", "231"),
        (3, "123", "321"),
        (4, "132", "312"),  # the second has no depth
        (5, "213", "132"),
        (6, "312", "213"),
    ],
)
def test_rows_are_sorted_by_any_column_with_the_unmeasured_last(
    table, column, ascending, descending
):
    table.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    assert "".join(_cells(table, 0)) == ascending
    table.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert "".join(_cells(table, 0)) == descending


def test_a_click_goes_to_the_region_in_every_view(table, inspected, bench, qtbot):
    _click(table, 2, qtbot)
    assert bench.session.region is REGIONS[2]
    canvas = inspected.image.view.canvas
    assert canvas.cursor_place == (4.5, 4.5)
    assert canvas.framed == REGIONS[2].box
    _click(table, 0, qtbot)
    assert canvas.framed == REGIONS[0].box


def test_keys_go_from_region_to_region(table, bench, qtbot):
    _click(table, 0, qtbot)
    qtbot.keyClick(table.table, Qt.Key.Key_Down)
    assert bench.session.region is REGIONS[1]
    qtbot.keyClick(table.table, Qt.Key.Key_Down)
    qtbot.keyClick(table.table, Qt.Key.Key_Up)
    assert bench.session.region is REGIONS[1]


def test_a_region_clicked_in_the_image_is_selected_in_the_table(table, inspected):
    inspected.image.view.canvas.clicked.emit(5.0, 5.0)
    rows = table.table.selectionModel().selectedRows()
    assert [index.row() for index in rows] == [2]
    inspected.image.view.canvas.clicked.emit(25.0, 45.0)
    assert not table.table.selectionModel().selectedRows()
    assert inspected.image.view.canvas.framed is None


def test_a_filter_keeps_what_meets_it_and_a_mistake_is_told(table, qtbot):
    qtbot.keyClicks(table.filter, "area_mm2 > 10 or provenance == 'predicted'")
    assert _cells(table, 0) == ["2", "3"]
    assert table.counts.text() == "Regions: 2 of 3"
    assert table.problem.isHidden()
    qtbot.keyClicks(table.filter, " and size > 3")
    assert "does not know “size”" in table.problem.text()
    assert "area_mm2" in table.problem.text()
    assert _cells(table, 0) == ["2", "3"], "what was understood last stays"
    table.filter.clear()
    assert len(_cells(table, 0)) == 3
    assert table.problem.isHidden()
    qtbot.keyClicks(table.filter, "score > 99")
    assert table.table.words == "No region meets the condition."
    table.filter.clear()


def test_a_table_without_regions_says_why(inspected, table, show):
    show("part_accept")
    assert not _cells(table, 0)
    assert table.table.words == "Nothing on this part reaches the accept limit."


def test_the_table_follows_the_limits_and_keeps_its_order(table, bench):
    from app import actions

    table.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    actions.set_operating_point(bench, 0.5, 6.0)
    assert _cells(table, 0) == ["4", "3", "2", "1"]
    actions.set_operating_point(bench, 6.0, 6.0)
    assert _cells(table, 0) == ["2", "1"]


def test_copy_is_csv_with_full_numbers(table, qtbot):
    _click(table, 0, qtbot)
    qtbot.keyClick(table.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    found = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))
    assert [row["number"] for row in found] == ["1", "2", "3"]
    assert float(found[0]["length_px"]) == 14.2
    assert found[1]["area_mm2"] == ""
    assert found[1]["provenance"] == "predicted"


def test_another_part_has_other_rows(table, show):
    show("part_accept")
    assert _cells(table, 0) == []
