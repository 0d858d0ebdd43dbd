"""The CT tab: every slice is the one in the file, and a bad file is said in its place."""

import numpy as np
import pytest
import tifffile
from part_files import WAIT
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from app import actions
from app.panels.slices.model import Axis, grey

SHAPE = (9, 20, 30)


@pytest.fixture
def voxels():
    return np.random.default_rng(0).integers(200, 60_000, SHAPE).astype(np.uint16)


@pytest.fixture
def stack(tmp_path, voxels):
    path = tmp_path / "scan.tif"
    metadata = {"spacing": 0.3, "unit": "mm", "axes": "ZYX"}
    tifffile.imwrite(path, voxels, imagej=True, resolution=(10, 5), metadata=metadata)
    return path


@pytest.fixture
def opened(window, bench, stack, qtbot):
    actions.open_paths(bench, [stack])
    qtbot.waitUntil(lambda: window.slices._plane is not None, timeout=WAIT)
    return window


def test_a_stack_opens_in_a_tab_of_its_own(opened, voxels, picture):
    view = opened.slices.view
    assert opened.tabs.currentWidget() is view
    assert view.note.text() == ("scan.tif: 30 x 20 pixels, 9 slices, voxels 0.1 x 0.2 x 0.3 mm")
    expected = grey(voxels[4], view.level.value(), view.window_width.value())
    np.testing.assert_array_equal(view.canvas._image.image, expected)
    assert expected.max() > 240
    assert expected.min() < 15
    picture("ct")


@pytest.mark.parametrize("axis", list(Axis))
def test_every_slice_is_the_one_in_the_file(opened, voxels, axis, qtbot):
    view = opened.slices.view
    view.axis.setCurrentIndex(int(axis))
    view.slider.setValue(6)
    qtbot.waitUntil(lambda: opened.slices._shown == (axis, 5), timeout=WAIT)
    expected = (voxels[5], voxels[:, 5], voxels[:, :, 5])[axis]
    np.testing.assert_array_equal(opened.slices._plane, expected)
    view.level.setValue(20_000)
    view.window_width.setValue(10_000)
    share = (expected.astype(float) - 15_000) / 10_000
    # A grey value is rounded down.
    np.testing.assert_allclose(view.canvas._image.image, np.clip(share, 0, 1) * 255, atol=1.01)
    view.canvas.pointed.emit(2.5, 3.5)
    z, y, x = ((5, 2, 3), (2, 5, 3), (2, 3, 5))[axis]
    assert f"x {x}, y {y}, z {z}: {voxels[z, y, x]}" in view.readout.text()
    assert f"{x * 0.1:.2f}, {y * 0.2:.2f}, {z * 0.3:.2f} mm" in view.readout.text()


def test_the_first_slice_shown_is_the_middle_one(opened):
    view = opened.slices.view
    assert opened.slices._shown == (Axis.Z, 4)
    assert view.slider.value() == view.number.value() == 5


def test_the_wheel_goes_through_the_slices(opened, qtbot):
    viewport = opened.slices.view.canvas.viewport
    at = QPointF(viewport.rect().center())
    no = Qt.KeyboardModifier.NoModifier
    opened.slices.view.canvas.pointed.emit(4.5, 7.5)
    for _ in range(3):
        turn = QWheelEvent(
            at,
            viewport.mapToGlobal(at),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            no,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, turn)
    qtbot.waitUntil(lambda: opened.slices._shown == (Axis.Z, 7), timeout=WAIT)
    assert opened.slices.view.slider.value() == 8
    assert "x 7, y 4, z 7:" in opened.slices.view.readout.text()


def test_the_ct_of_a_part_is_read_when_looked_at(inspected, parts, show, voxels, qtbot, bench):
    tab = inspected.tabs.indexOf(inspected.slices.view)
    (parts / "ct").mkdir()
    for name in ("part_reject", "part_rgb_only"):
        tifffile.imwrite(parts / "ct" / f"{name}.tif", voxels, photometric="minisblack")
    show("part_accept")
    assert not inspected.tabs.isTabVisible(tab)
    show("part_reject")
    qtbot.waitUntil(lambda: inspected.tabs.isTabVisible(tab), timeout=WAIT)
    assert inspected.slices._volume is None
    inspected.tabs.setCurrentIndex(tab)
    qtbot.waitUntil(lambda: inspected.slices._plane is not None, timeout=WAIT)
    assert "no spacing" in inspected.slices.view.note.text()
    show("part_rgb_only")
    assert inspected.slices._plane is None, "not those of the part before"
    qtbot.waitUntil(lambda: inspected.slices._plane is not None, timeout=WAIT)
    assert inspected.slices.view.note.text().startswith("part_rgb_only.tif")
    assert inspected.tabs.currentIndex() == tab
    show("part_accept")
    assert inspected.slices._volume is None
    qtbot.waitUntil(lambda: not inspected.tabs.isTabVisible(tab), timeout=WAIT)


def test_a_cut_file_is_said_in_its_place(window, bench, stack, qtbot):
    stack.write_bytes(stack.read_bytes()[:-900])
    actions.open_volume(bench, stack)
    note = window.slices.view.note
    qtbot.waitUntil(lambda: "scan.tif" in note.text() and "Reading" not in note.text())
    assert "cut short" in note.text()
    assert not window.slices.view.slider.isEnabled()
