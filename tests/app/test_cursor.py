import numpy as np
import pytest
from fake_detector import PATCHES, SIZE
from PySide6.QtCore import Qt

ROW, COLUMN = 20.5, 30.5


def test_pointing_at_the_image_marks_the_cloud(inspected, in_space, show, bench, qtbot):
    show("part_accept")
    canvas = inspected.image.view.canvas
    target = canvas.scene_position(ROW, COLUMN)
    canvas.pointed.emit(ROW, COLUMN)
    cloud = bench.session.sample.measured["cloud"]
    expected = cloud[int(ROW), int(COLUMN)]
    assert inspected.cloud.view.space.scene.marked == pytest.approx(expected, abs=1e-6)
    assert canvas.rect().contains(target.toPoint())


def test_the_mouse_over_the_image_is_where_the_cursor_is(inspected, show, bench, qtbot):
    show("part_accept")
    canvas = inspected.image.view.canvas
    qtbot.mouseMove(canvas._view.viewport(), canvas.scene_position(10, 10).toPoint())
    qtbot.wait(50)  # moves that follow each other at once are dropped
    qtbot.mouseMove(canvas._view.viewport(), canvas.scene_position(ROW, COLUMN).toPoint())

    def arrived():
        cursor = bench.session.cursor
        # One pixel of the screen is less than half a pixel of this image.
        assert (cursor.row, cursor.column) == pytest.approx((ROW, COLUMN), abs=0.5)

    qtbot.waitUntil(arrived)
    canvas.left.emit()
    assert bench.session.cursor is None


def test_a_click_on_a_point_of_the_cloud_marks_its_pixel(inspected, in_space, show, bench, qtbot):
    show("part_accept")
    space = inspected.cloud.view.space
    cloud = bench.session.sample.measured["cloud"]
    across, down = space.scene.place_of(cloud[int(ROW), int(COLUMN)])
    space.pointing.clicked.emit(across, down)
    assert inspected.image.view.canvas.cursor_place == pytest.approx((ROW, COLUMN), abs=1)
    space.pointing.left.emit()
    assert inspected.image.view.canvas.cursor_place is not None, "a click stays marked"


def test_turning_the_cloud_is_not_pointing(inspected, in_space, show, bench, qtbot):
    show("part_accept")
    widget = inspected.cloud.view.space.pointing.parent()
    clicks = []
    inspected.cloud.view.space.pointing.clicked.connect(lambda *place: clicks.append(place))
    centre = widget.rect().center()
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=centre)
    qtbot.mouseMove(widget, centre + centre / 3)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=centre + centre / 3)
    assert not clicks
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=centre)
    assert clicks == [pytest.approx((0.5, 0.5), abs=0.02)]


def test_a_region_is_gone_to_in_every_view(inspected, in_space, show, bench):
    from app import actions

    show("part_reject")
    region = bench.session.inspection.regions[0]
    actions.select_region(bench, region)
    row, column = region.peak
    assert bench.session.region is region
    assert inspected.image.view.canvas.cursor_place == (row + 0.5, column + 0.5)
    expected = bench.session.sample.measured["cloud"][row, column]
    assert inspected.cloud.view.space.scene.marked == pytest.approx(expected, abs=1e-6)


def test_a_click_inside_a_region_chooses_it(inspected, show, bench):
    show("part_reject")
    region = bench.session.inspection.regions[0]
    inspected.image.view.canvas.clicked.emit(12.0, 26.0)
    assert bench.session.region is region
    inspected.image.view.canvas.clicked.emit(40.0, 5.0)
    assert bench.session.region is None


def test_another_part_has_no_cursor_yet(inspected, show, bench):
    show("part_reject")
    inspected.image.view.canvas.clicked.emit(12.0, 26.0)
    show("part_accept")
    assert bench.session.cursor is None
    assert inspected.image.view.canvas.cursor_place is None


def test_the_readout_has_the_numbers_of_the_place(inspected, show, bench):
    show("part_accept")
    result = bench.session.inspection.modalities["rgb"]
    inspected.image.view.canvas.clicked.emit(12.5, 26.5)
    x, y, z = bench.session.sample.measured["cloud"][12, 26] * 1000
    scale = PATCHES / SIZE
    distance = result.bank_distance[int(12.5 * scale), int(26.5 * scale)]
    words = inspected.readout.view.text()
    assert "Row 12, column 26" in words
    assert f"x {x:.1f}, y {y:.1f}, z {z:.1f} mm" in words
    assert "Score 0.50" in words
    assert f"RGB {distance:.2f}" in words


def test_a_place_without_a_point_says_so(inspected, in_space, show, bench):
    from dataclasses import replace

    show("part_accept")
    sample = bench.session.sample
    holed = sample.measured["cloud"].copy()
    holed[5:25, 5:25] = np.nan
    sample = replace(sample, measured={**sample.measured, "cloud": holed})
    bench.session.add_inspection(bench.session.current, sample, bench.session.inspection)
    inspected.image.view.canvas.clicked.emit(15.0, 15.0)
    assert "no point measured here" in inspected.readout.view.text()
    assert inspected.cloud.view.space.scene.marked is None
