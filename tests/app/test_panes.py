import numpy as np
import pytest
from part_files import WAIT

from app import actions, theme
from app.widgets.badge import Badge
from cmdiad_core.inspection import Provenance


def test_part_with_everything(inspected, in_space, show, picture):
    show("part_accept")
    assert inspected.image.view.badge.words == "Measured"
    assert inspected.cloud.view.badge.words == "Measured"
    view = inspected.cloud.view
    assert view.stack.currentWidget() is view.space
    assert view.space.scene.size == 48 * 48
    picture("everything-measured")


def test_absent_cloud_shows_the_predicted_map_and_no_cloud(inspected, in_space, show, picture):
    show("rgb_only")
    view = inspected.cloud.view
    assert view.badge.words == "Predicted"
    assert view.stack.currentWidget() is view.plane
    assert view.plane.shows_map
    assert "No point cloud was measured" in view.note.text()
    assert not view.reset.isEnabled()
    picture("cloud-predicted")


def test_cloud_that_is_not_even_predicted_is_absent(inspected, bench, show, monkeypatch):
    from dataclasses import replace

    from cmdiad_core.inspection import ModalityResult

    show("rgb_only")
    inspection = bench.session.inspection
    nothing = {**inspection.modalities, "cloud": ModalityResult(Provenance.ABSENT)}
    inspection = replace(inspection, modalities=nothing)
    bench.session.add_inspection(bench.session.current, bench.session.sample, inspection)
    assert inspected.cloud.view.badge.words == "Absent"
    assert "none" in inspected.cloud.view.words.text()


def test_modalities_that_are_not_registered_have_maps_of_their_own(
    inspected, in_space, bench, show, monkeypatch
):
    from dataclasses import replace

    show("part_accept")
    sample, inspection = bench.session.sample, bench.session.inspection
    small = {**sample.measured, "cloud": sample.measured["cloud"][:30, :40]}
    sample = replace(sample, measured=small, registered=False)
    own = {
        name: replace(result, map=np.full(small[name].shape[:2], score, np.float32))
        for score, (name, result) in enumerate(inspection.modalities.items(), start=7)
    }
    inspection = replace(inspection, map=None, modalities=own)
    canvas, shown = inspected.image.view.canvas, []
    monkeypatch.setattr(canvas, "show_map", lambda values, scale: shown.append(values))
    bench.session.add_inspection(bench.session.current, sample, inspection)
    assert shown[-1] is own["rgb"].map
    inspected.image.view.source.activated.emit(inspected.image.view.source.findData("infrared"))
    assert shown[-1] is own["infrared"].map
    assert inspected.cloud.view.space.scene.size == 30 * 40


def test_a_grey_image_in_the_place_of_a_coloured_one_is_named(inspected, bench, show, picture):
    from dataclasses import replace

    show("part_accept")
    note, sample = inspected.image.view.note, bench.session.sample
    assert note.isHidden()
    grey = sample.measured["rgb"][..., :1].repeat(3, axis=2)
    sample = replace(sample, measured={**sample.measured, "rgb": grey})
    bench.session.add_inspection(bench.session.current, sample, bench.session.inspection)
    assert "This image is grey" in note.text()
    picture("grey")
    # A thermogram is grey by nature.
    inspected.image.view.source.activated.emit(inspected.image.view.source.findData("infrared"))
    assert note.isHidden()


def test_what_was_looked_at_is_surrounded_and_named(inspected, bench, show, picture):
    from dataclasses import replace

    show("part_accept")
    pane, sample = inspected.image.view, bench.session.sample
    assert not pane.canvas.shows_foreground
    assert pane.legend.isHidden()
    masks = {name: np.zeros((12, 12), bool) for name in sample.measured}
    for number, mask in enumerate(masks.values()):
        mask[3:9, 2 + number : 6 + number] = True

    def look(inspection, **more):
        own = {
            name: replace(result, foreground=masks.get(name))
            for name, result in inspection.modalities.items()
        }
        changed = replace(inspection, modalities=own, **more)
        bench.session.add_inspection(bench.session.current, sample, changed)
        ends = [np.stack(item.getData(), 1) for item in pane.canvas._dashes]
        return np.concatenate(ends).min(axis=0), np.concatenate(ends).max(axis=0)

    inspection = bench.session.inspection
    # A patch has 4 pixels; the fused map rests on all three modalities.
    np.testing.assert_array_equal(look(inspection), [(8, 12), (32, 36)])
    assert pane.canvas.shows_foreground
    assert pane.legend.text() == "Dashed outline: what was looked at"
    assert pane.legend.isVisible()
    picture("looked-at")
    # Without a fused map, that of the image which is shown.
    np.testing.assert_array_equal(look(inspection, map=None), [(8, 12), (24, 36)])
    show("part_reject")
    assert not pane.canvas.shows_foreground
    assert pane.legend.isHidden()


def test_absent_rgb_is_replaced_by_infrared_and_says_so(inspected, show, picture):
    show("infrared")
    view = inspected.image.view
    assert view.source.currentData() == "infrared"
    assert (
        view.note.text() == "Not measured on this part: RGB image. Shown instead: infrared image."
    )
    picture("infrared-only")


def test_without_any_image_the_height_is_shown(inspected, in_space, show, picture):
    show("cloud_only")
    assert inspected.image.view.source.currentText() == "Height of the point cloud"
    assert inspected.image.view.badge.words == "Measured"
    picture("cloud-only")


def test_chosen_image_stays_for_the_next_part(inspected, show):
    show("part_accept")
    view = inspected.image.view
    view.source.activated.emit(view.source.findData("cloud"))
    show("part_reject")
    assert view.source.currentData() == "cloud"
    assert view.note.isHidden()


def test_verdict_says_what_it_rests_on(inspected, show):
    view = inspected.verdict.view
    show("part_reject")
    assert view.headline.text() == "Reject – largest region 9.00, seen by RGB image (measured)"
    assert view.score.value.text() == "9.00"
    assert view.p_value.note.text() == "of 40 good parts;\ncannot fall below 0.024"
    assert "uncalibrated" in view.detail.text()
    assert view.without.value.text() == ""
    assert view.badges.badges["Infrared image"].words == "Infrared image: Absent"
    show("rgb_only")
    assert view.without.value.text() == "0.75"
    assert view.badges.badges["Point cloud"].words == "Point cloud: Predicted"
    show("part_accept")
    assert view.headline.text() == "Accept – nothing reaches the accept limit"


def test_camera_stays_for_the_next_part_until_views_are_fitted(inspected, in_space, show):
    show("part_accept")
    camera = inspected.cloud.view.space._plotter.camera
    first = camera.position
    camera.Azimuth(30)
    turned = camera.position
    show("part_reject")
    assert camera.position == turned
    inspected.menus.fit_views.trigger()
    assert camera.position == pytest.approx(first)


def test_opacity_is_remembered(inspected, bench):
    inspected.image.view.opacity.setValue(31)
    assert bench.settings.opacity == 31


def test_cloud_without_opengl_is_drawn_as_a_picture(inspected, qtbot, show, picture, monkeypatch):
    monkeypatch.setattr("app.panels.cloud.controller.can_draw", lambda: False)
    show("part_reject")
    inspected.start()
    view = inspected.cloud.view
    drawn = lambda: view.space is not None and not view.space.pixmap().isNull()  # noqa: E731
    qtbot.waitUntil(drawn, timeout=WAIT)
    assert "no OpenGL" in view.note.text()
    before = view.space.pixmap().toImage()
    qtbot.mousePress(view.space, qt_left())
    qtbot.mouseMove(view.space, view.space.rect().center() / 2)
    qtbot.mouseRelease(view.space, qt_left())
    qtbot.waitUntil(lambda: view.space.pixmap().toImage() != before)
    picture("without-opengl")


def qt_left():
    from PySide6.QtCore import Qt

    return Qt.MouseButton.LeftButton


def test_light_look(inspected, in_space, show, qapp, picture, monkeypatch):
    monkeypatch.setattr(theme, "_system_is_light", lambda: True)
    theme.apply(qapp)
    show("part_reject")
    picture("light")
    monkeypatch.undo()
    theme.apply(qapp)


@pytest.mark.parametrize("provenance", list(Provenance))
def test_badge_says_it_in_words_and_shape(qtbot, provenance):
    badge = Badge("Point cloud")
    qtbot.addWidget(badge)
    badge.show_provenance(provenance)
    assert badge.words == f"Point cloud: {provenance.value.capitalize()}"
    assert badge.accessibleName() == badge.words


def test_nothing_moves_while_a_part_waits_for_its_result(inspected, bench, detector, show, qtbot):
    show("part_reject")
    qtbot.wait(50)
    before = inspected.tabs.y()
    bench.session.shelf.clear()
    detector.may_go_on.clear()
    actions.show_part(bench, next(i for i in bench.session.entries if "part_accept" in i))
    qtbot.wait(50)
    assert bench.session.inspection is None
    assert inspected.tabs.y() == before
    detector.may_go_on.set()
    qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)
