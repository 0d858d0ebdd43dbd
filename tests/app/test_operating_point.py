import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from part_files import WAIT
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app import actions
from app.colour_menu import ColourMenu
from app.colour_scale import COLOUR_MAPS, ColourScale, colour_map
from app.panels.operating_point.methods import METHODS
from app.panels.operating_point.model import Group, groups, histogram
from app.session import Session
from app.settings import Settings
from app.widgets.image_canvas import ImageCanvas
from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.scoring import Rate

BY_FALSE_REJECTS, BY_ESCAPES, BY_COSTS, BY_ROC = range(4)


@pytest.fixture
def labelled(inspected, bench):
    """Return the window with ten more inspected parts that are known to be good or defective."""
    session = bench.session
    first = next(iter(session.entries.values()))
    scores = {"good": [0.1, 0.4, 2.2, 4.5], "defective": [1.5, 4.0, 5.0, 7.0, 8.0, 9.0]}
    for truth, values in scores.items():
        for number, score in enumerate(values):
            part = replace(
                first.part, id=f"{truth}/{number}", split="test", defective=truth == "defective"
            )
            session.entries[part.id] = replace(first, part=part, score=score, place=9)
    session._scores = None
    session.parts_changed.emit()
    return inspected


def _drag(view, line, score, qtbot):
    """Drag a limit with the mouse; where it goes is a pixel of the screen exact."""
    plot = view.plot.viewport()
    start, end = view.place_of(line.value()).toPoint(), view.place_of(score).toPoint()
    qtbot.mouseMove(plot, start)
    qtbot.wait(30)  # moves that follow each other at once are dropped
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=start)
    for share in np.linspace(0, 1, 6):
        at = QPoint(round(start.x() + share * (end.x() - start.x())), start.y())
        QTest.mouseMove(plot, at)
        qtbot.wait(30)
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=end)


def test_dragging_a_limit_moves_verdicts_counts_and_maps(inspected, in_space, show, bench, qtbot):
    show("part_reject")  # 9.0 in a box of 120 pixels
    view, session = inspected.operating_point.view, bench.session
    canvas = inspected.image.view.canvas
    drawn = np.count_nonzero(canvas._map.image[..., 3])
    assert drawn == 120
    bare = inspected.cloud.view.space.scene._all.colours.copy()
    _drag(view, view.reject_line, 10.0, qtbot)
    pixel = (session.detector.scale[1] - session.detector.scale[0]) / view.plot.width()
    assert session.operating_point.reject_from == pytest.approx(10.0, abs=3 * pixel)
    _drag(view, view.accept_line, 9.5, qtbot)
    assert session.operating_point.accept_below == pytest.approx(9.5, abs=3 * pixel)
    assert not session.detector.calls[5:], "a limit needs no inference"
    assert not np.count_nonzero(canvas._map.image[..., 3])
    assert view.counts.text().startswith("Queue: 0 reject, 0 undecided, 5 accept.")
    assert inspected.queue.view.counts.text().startswith("0 flagged")

    def calm():
        colours = inspected.cloud.view.space.scene._all.colours
        assert (colours.max(axis=1) == colours.min(axis=1)).all()

    assert (bare.max(axis=1) > bare.min(axis=1)).any()
    qtbot.waitUntil(calm, timeout=WAIT)


def test_the_outline_follows_when_the_limit_rests(qtbot):
    canvas = ImageCanvas("map")
    qtbot.addWidget(canvas)
    values = np.zeros((40, 40), np.float32)
    values[10:20, 10:20] = 5
    values[12:15, 12:15] = 9
    canvas.show_image(np.zeros((40, 40), np.uint8))
    canvas.show_map(values, ColourScale(0, 10, OperatingPoint(4, 6)))
    first = canvas._line.image.copy()
    canvas.show_map(values, ColourScale(0, 10, OperatingPoint(8, 9)))
    assert np.count_nonzero(canvas._map.image[..., 3]) == 9
    assert canvas._line.image is None, "no outline of another limit meanwhile"
    qtbot.waitUntil(lambda: canvas._line.image is not None, timeout=WAIT)
    fresh = ImageCanvas("map")
    qtbot.addWidget(fresh)
    fresh.show_image(np.zeros((40, 40), np.uint8))
    fresh.show_map(values, ColourScale(0, 10, OperatingPoint(8, 9)))
    np.testing.assert_array_equal(canvas._line.image, fresh._line.image)
    np.testing.assert_array_equal(canvas._map.image, fresh._map.image)
    assert (canvas._line.image != first).any()


def test_parts_are_grouped_by_what_is_known_of_them(labelled, show, bench, picture):
    show("part_accept")
    session = bench.session
    found = groups(session.detector, session)
    assert {group: len(scores) for group, scores in found.items()} == {
        Group.CALIBRATION: 40,
        Group.GOOD: 4,
        Group.DEFECTIVE: 6,
        Group.UNLABELLED: 5,
    }
    entry = session.entries["good/0"]
    session.entries["good/0"] = replace(entry, part=replace(entry.part, split="train"))
    assert len(groups(session.detector, session)[Group.GOOD]) == 3, "the model learned from it"
    legend = re.sub("<.*?>", "", labelled.operating_point.view.legend.text())
    assert "●&nbsp;4&nbsp;known&nbsp;good" in legend
    assert "✖&nbsp;6&nbsp;known&nbsp;defective" in legend
    assert "▲&nbsp;5&nbsp;unlabelled" in legend
    picture("operating-point-labelled")


def test_errors_are_told_per_thousand_with_their_bounds(labelled, show, bench):
    show("part_accept")
    actions.set_operating_point(bench, 3.0, 2.0)
    words = labelled.operating_point.view.counts.text()
    good = bench.session.detector.calibration_scores[("cloud", "infrared", "rgb")]
    count = int((good >= 2.0).sum())
    bound = int(np.ceil(1000 * Rate(count, 40).at_most))
    assert count > 0
    assert f"about {25 * count} would be rejected (at most {bound}" in words
    bound = int(np.ceil(1000 * Rate(1, 6).at_most))
    assert f"Of 1,000 defective parts about 167 would escape (at most {bound}" in words
    bound = int(np.ceil(1000 * Rate(2, 4).at_most))
    assert f"In the queue: about 500 (at most {bound}; 4 known good by their folder)" in words


def test_ways_that_need_defective_parts_are_off_without_and_say_why(inspected, show, qtbot):
    show("part_accept")
    panel = inspected.operating_point
    panel.view.choose.click()
    model = panel.chooser.method.model()
    assert [model.item(row).isEnabled() for row in range(len(METHODS))] == [True] + 3 * [False]
    assert "known to be defective" in panel.chooser.explain.text()
    assert "Escapes are not known" in panel.view.counts.text()
    panel.chooser.method.setCurrentIndex(BY_ESCAPES)
    assert not panel.chooser.set_limits.isEnabled()
    panel.chooser.close()


@pytest.mark.parametrize(
    ("row", "values", "words"),
    [
        (BY_FALSE_REJECTS, [10.0], "conformal guarantee from 40 good parts"),
        (BY_FALSE_REJECTS, [1.0], "too few to promise 1.00%: no rate below 2.44%"),
        (BY_ESCAPES, [50.0], "With 95 % confidence at most"),
        (BY_ESCAPES, [1.0], "6 defective parts are too few to promise 1.00%"),
        (BY_COSTS, [10, 500, 2, 1], "Expected cost of 1,000 parts"),
        (BY_ROC, [], "of 6 defective parts"),
    ],
)
def test_limits_are_chosen_and_the_choice_says_what_it_promises(
    labelled, show, bench, qtbot, row, values, words, picture
):
    show("part_accept")
    panel = labelled.operating_point
    panel.view.choose.click()
    panel.chooser.method.setCurrentIndex(row)
    for box, value in zip(panel.chooser.boxes[row], values, strict=True):
        box.setValue(value)
    before = bench.session.operating_point
    panel.chooser.set_limits.click()
    scores = groups(bench.session.detector, bench.session)
    chosen, _ = METHODS[row].choose(scores, before, values)
    assert bench.session.operating_point == chosen != before
    assert words in panel.chooser.statement.text()
    assert panel.view.reject_box.value() == pytest.approx(chosen.reject_from, abs=0.006)
    panel.chooser.close()


def test_colours_are_chosen_for_all_views_and_remembered(
    inspected, in_space, show, bench, qtbot, picture
):
    show("part_reject")
    menu = ColourMenu(bench)
    qtbot.addWidget(menu)
    titles = [action.text() for action in menu.actions() if action.text()]
    assert titles[0] == "Cividis (default)"
    assert "misleads" in titles[-1]
    next(action for action in menu.actions() if action.text() == "Viridis").trigger()
    low, high = bench.session.detector.scale
    expected = colour_map("viridis")[int((9.0 - low) / (high - low) * 512)]
    np.testing.assert_array_equal(inspected.image.view.canvas._map.image[15, 30, :3], expected)
    bench.settings.opacity = 100
    inspected.cloud.set_opacity(100)
    colours = inspected.cloud.view.space.scene._all.colours
    np.testing.assert_array_equal(colours[15 * 48 + 30], expected)
    assert Settings(bench.settings._store).colour_map == "viridis"
    picture("viridis")


@pytest.mark.parametrize("name", COLOUR_MAPS)
def test_every_colour_map_can_be_had(name):
    assert colour_map(name).shape == (512, 3)


def test_an_unknown_stored_colour_map_is_the_default(bench):
    bench.settings.colour_map = "no such"
    assert bench.settings.colour_map == "cividis"


def test_counts_of_verdicts_are_those_of_every_single_part(labelled, bench):
    session: Session = bench.session
    for limits in (OperatingPoint(1.5, 4.0), OperatingPoint(0.0, 0.0), OperatingPoint(50, 60)):
        session.set_operating_point(limits)
        found = [session.verdict(entry) for entry in session.entries.values()]
        counted = session.count_verdicts()
        assert {v: found.count(v) for v in counted} == dict(counted)


def test_limits_beyond_the_colour_scale_are_shown_as_they_are(inspected, bench):
    high = bench.session.detector.scale[1]
    actions.set_operating_point(bench, high + 1, high + 2.5)
    view = inspected.operating_point.view
    assert (view.accept_box.value(), view.reject_box.value()) == (high + 1, high + 2.5)
    (left, right), _ = view._box.viewRange()
    assert left < high + 1 < high + 2.5 < right


def test_one_part_alone_does_not_tower_over_all_others():
    many = np.repeat(np.linspace(0.05, 2.95, 20), 3)
    scores = {Group.GOOD: many, Group.UNLABELLED: np.array([1.0])}
    shares = histogram(SimpleNamespace(scale=(0.0, 3.0)), scores).shares
    assert shares[Group.GOOD].sum() == pytest.approx(1)
    assert 0 < shares[Group.UNLABELLED].max() <= shares[Group.GOOD].max()
