"""Large clouds: few points while the camera moves, all at rest, and the right one picked."""

import numpy as np
import pytest
from part_files import WAIT
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.panels.cloud.budget import TARGET, Budget
from app.panels.cloud.model import surface
from app.panels.cloud.painter import Painter
from cmdiad_core.inspection import ModalityResult, OperatingPoint, Provenance
from cmdiad_core.sample import Sample

SIDE = 460  # more points than are drawn at first while the camera moves


def _cloud(side=SIDE):
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    z = 0.4 + 0.01 * np.sin(20 * x) * np.cos(15 * y)
    cloud = np.stack([x * 0.1, y * 0.1, z], axis=-1).astype(np.float32)
    cloud[:3], cloud[50:60, 70:90] = np.nan, np.nan
    return cloud


@pytest.fixture
def large(inspected, in_space, show, bench, qtbot):
    """Return the cloud pane with a large cloud, and the cloud."""
    from dataclasses import replace

    show("part_accept")
    cloud = _cloud()
    values = np.zeros(cloud.shape[:2], np.float32)
    values[100:200, 100:300] = 5
    own = {"cloud": ModalityResult(Provenance.MEASURED, values)}
    inspection = replace(bench.session.inspection, map=values, modalities=own)
    bench.session.set_operating_point(OperatingPoint(3, 6))
    sample = Sample("large", {"cloud": cloud})
    bench.session.add_inspection(bench.session.current, sample, inspection)
    pane = inspected.cloud
    pane.fit()
    count = np.isfinite(cloud).all(axis=-1).sum()
    qtbot.waitUntil(lambda: pane.view.space.scene.size == count, timeout=WAIT)
    return pane, cloud


def _drag(widget, qtbot):
    centre = widget.rect().center()
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=centre)
    for step in range(4):
        QTest.mouseMove(widget, centre + QPoint(5 * step, 3 * step))
        qtbot.wait(20)
    return centre + QPoint(15, 9)


def test_few_points_while_the_mouse_turns_all_when_it_rests(large, qtbot):
    pane, cloud = large
    scene, widget = pane.view.space.scene, pane.view.space._plotter
    count, before = scene.size, pane.camera()
    end = _drag(widget, qtbot)
    assert pane.camera() != before
    assert 20_000 <= scene.size < count
    few = cloud[np.isfinite(cloud).all(axis=-1)][scene.few]
    np.testing.assert_array_equal(scene._sparse.mesh.points, few)
    np.testing.assert_array_equal(scene._sparse.colours, scene._all.colours[scene.few])
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)
    qtbot.waitUntil(lambda: scene.size == count, timeout=WAIT)


def test_all_points_come_in_pieces_and_look_as_if_drawn_at_once(large, bench, monkeypatch, qtbot):
    pane, cloud = large
    space = pane.view.space
    scene, widget, sizes = space.scene, space._plotter, []
    whole = widget.grab().toImage()
    monkeypatch.setattr("app.panels.cloud.pieces._PIECE", SIDE * 20)
    monkeypatch.setattr(type(scene), "_at_once", 20_000)
    number = widget.painted.connect(lambda _: sizes.append(scene.size))
    pane._drawn = None
    pane.show()
    assert not scene.is_whole
    qtbot.waitUntil(lambda: scene.is_whole, timeout=WAIT)
    qtbot.wait(100)
    widget.painted.disconnect(number)
    count = np.isfinite(cloud).all(axis=-1).sum()
    assert len(sizes) > 4
    assert sizes == sorted(sizes)
    assert sizes[-1] == scene.size == count
    assert widget.grab().toImage() == whole
    # What is drawn anew begins anew, also while points are still added.
    scene.rest()
    space.refresh()
    qtbot.waitUntil(lambda: scene.size > sizes[0], timeout=WAIT)
    space.refresh()
    assert scene.size == sizes[0]
    qtbot.waitUntil(lambda: scene.is_whole, timeout=WAIT)
    qtbot.wait(100)
    assert widget.grab().toImage() == whole


def test_a_movement_leaves_the_rest_undrawn(large, monkeypatch, qtbot):
    pane, _ = large
    scene, widget = pane.view.space.scene, pane.view.space._plotter
    monkeypatch.setattr("app.panels.cloud.pieces._PIECE", 1_000)
    monkeypatch.setattr(type(scene), "_at_once", 1_000)
    pane._drawn = None
    pane.show()
    qtbot.waitUntil(lambda: scene.size > 10_000, timeout=WAIT)
    assert not scene.is_whole
    end = _drag(widget, qtbot)
    assert scene.is_sparse
    few = scene.size
    qtbot.wait(100)
    assert scene.size == few
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)
    qtbot.waitUntil(lambda: scene.is_whole, timeout=WAIT)


def test_a_click_draws_nothing_anew_and_a_move_one_frame(large, qtbot):
    pane, _ = large
    widget, frames, renders = pane.view.space._plotter, [], []
    qtbot.wait(300)
    widget.painted.connect(frames.append)
    number = widget.ren_win.AddObserver("EndEvent", lambda *_: renders.append(1))
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())
    qtbot.wait(400)
    assert not frames, "the ring lies over the cloud"
    assert pane.view.space._ring.isVisible()
    _drag(widget, qtbot)
    widget.ren_win.RemoveObserver(number)
    assert 0 < len(frames) <= 5
    assert len(renders) == len(frames)


def test_the_picked_point_is_the_one_that_looking_at_all_finds(large, qtbot):
    pane, cloud = large
    scene = pane.view.space.scene
    points = cloud[np.isfinite(cloud).all(axis=-1)]
    plotter, camera = scene._plotter, scene._plotter.camera
    for turned in (0, 50, 80):
        camera.Azimuth(turned)
        camera.zoom(1 + turned / 20)
        plotter.renderer.ResetCameraClippingRange()
        width, height = plotter.window_size
        x, y, depth = scene._projected(points)
        found = 0
        for across, down in np.random.default_rng(turned).random((60, 2)):
            near = ((x - across) * width) ** 2 + ((y - down) * height) ** 2
            about = np.flatnonzero((near < max(6.0, scene._all.size) ** 2) & (depth > 0))
            number = scene.pick(across, down)
            if not len(about):
                assert number is None
                continue
            found += 1
            front = about[depth[about] <= depth[about].min() + scene.length * 0.05]
            assert near[number] == pytest.approx(near[front].min(), abs=1e-2)
            assert number in front
        assert found > 10
    row, column = pane._surface.pixel_of(1234)
    np.testing.assert_array_equal(cloud[row, column], points[1234])


def test_a_moved_limit_colours_few_points_at_once_and_all_at_rest(large, bench, qtbot):
    pane, _ = large
    scene, count = pane.view.space.scene, pane.view.space.scene.size
    former = scene._all.colours.copy()
    bench.session.set_operating_point(OperatingPoint(5.5, 6))
    assert scene.size < count
    grey = scene._sparse.colours
    assert (grey.max(axis=1) == grey.min(axis=1)).all()
    np.testing.assert_array_equal(scene._all.colours, former)
    qtbot.waitUntil(lambda: scene.size == count, timeout=WAIT)
    assert (scene._all.colours.max(axis=1) == scene._all.colours.min(axis=1)).all()
    assert (former.max(axis=1) > former.min(axis=1)).any()


def test_a_surface_found_in_stripes_is_the_one_found_at_once(monkeypatch):
    cloud = _cloud(300)
    striped = surface(cloud)
    monkeypatch.setattr("app.panels.cloud.model._STRIPE", 10**6)
    whole = surface(cloud)
    np.testing.assert_allclose(striped.shade, whole.shade, atol=2e-3)
    thin = whole.thinned(np.arange(0, len(whole.points), 7))
    np.testing.assert_array_equal(cloud[thin.valid], thin.points)
    colours = Painter().colours(whole, None, None, 1.0, False)
    np.testing.assert_array_equal(Painter().colours(thin, None, None, 1.0, False), colours[::7])


def test_a_cloud_larger_still_is_prepared_off_the_screens_thread(
    inspected, in_space, show, bench, qtbot, monkeypatch
):
    import threading

    from app.panels.cloud import controller

    threads = []

    def find(cloud):
        threads.append(threading.current_thread().name)
        return surface(cloud)

    monkeypatch.setattr(controller, "surface", find)
    monkeypatch.setattr(controller, "_AT_ONCE", 1000)
    show("part_accept")
    view = inspected.cloud.view
    assert view.stack.currentWidget() is view.words
    qtbot.waitUntil(lambda: view.stack.currentWidget() is view.space, timeout=WAIT)
    assert threads == ["cmdiad-worker"]
    assert view.space.scene.size == 48 * 48


def test_the_number_of_points_follows_the_time_of_a_frame():
    slow, fast, fitting = Budget(), Budget(), Budget()
    first = slow.points
    for _ in range(20):
        slow.spend(TARGET * 10)
        fast.spend(TARGET / 10)
        fitting.spend(TARGET)
    assert slow.points < first / 3
    assert fast.points > 50 * first
    assert fitting.points == first
    once = Budget()
    for seconds in (TARGET, TARGET, 9.0, TARGET, TARGET):
        assert not once.spend(seconds)
