"""The page of parts to send near-line."""

import csv
import json

import pytest
from part_files import WAIT
from PySide6.QtCore import Qt

from app import actions
from cmdiad_core.edits import PersonVerdict

ACCEPTED = {"part_accept", "part_cloud_only", "part_rgb_only"}
_PART, _WHY = 1, 4


@pytest.fixture
def opened(window, qtbot):
    """Return a function that opens the page and waits until it says something."""

    def open_():
        window.menus.send_list.trigger()
        view = window.send_list.view
        qtbot.waitUntil(
            lambda: view.table.rowCount() > 0 or bool(view.caution.text()), timeout=WAIT
        )
        return view

    yield open_
    window.send_list.leave()


def listed(view):
    return [view.table.item(row, _PART).text() for row in range(view.table.rowCount())]


def test_accepted_parts_are_listed_without_being_inspected_again(
    inspected, bench, detector, opened, picture, qtbot
):
    calls = len(detector.calls)
    view = opened()
    assert set(listed(view)) == ACCEPTED
    assert len(detector.calls) == calls
    assert view.counts.text() == "Chosen from 3 of 5 parts · rejected: 1 · undecided: 1"
    assert "Accepted parts to choose from: 3" in view.caution.text()
    # Both score 1, the third 0.5: half of what is like itself lies below each.
    assert (
        "Nearer to the limit than 67\N{NO-BREAK SPACE}%: 1.00 of 3.00"
        in view.table.item(0, _WHY).text()
    )
    qtbot.waitUntil(lambda: not view.table.item(0, _PART).icon().isNull(), timeout=WAIT)
    picture("send-list", view)
    view.budget.setValue(2)
    qtbot.waitUntil(lambda: view.table.rowCount() == 2, timeout=WAIT)


def test_a_click_shows_the_part(inspected, bench, opened, qtbot):
    view = opened()
    wanted = listed(view)[2]
    place = view.table.visualItemRect(view.table.item(2, _WHY)).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert bench.session.current == wanted


def test_the_list_follows_limits_and_verdicts(inspected, bench, opened, show, qtbot):
    view = opened()
    show("part_rgb_only")
    actions.review(bench, PersonVerdict.REJECT)
    qtbot.waitUntil(lambda: "rejected by a person: 1" in view.counts.text(), timeout=WAIT)
    assert set(listed(view)) == ACCEPTED - {"part_rgb_only"}
    actions.set_operating_point(bench, 0.8, 6.0)
    qtbot.waitUntil(lambda: set(listed(view)) == {"part_accept"}, timeout=WAIT)
    actions.set_operating_point(bench, 0.2, 6.0)
    qtbot.waitUntil(lambda: not listed(view), timeout=WAIT)
    assert view.caution.text().startswith("No part can be sent")
    assert not view.export.isEnabled()


def test_it_waits_for_the_inspection_unless_asked_not_to(
    window, bench, detector, model, parts, opened, qtbot, all_inspected, monkeypatch
):
    view = opened()
    assert view.caution.text().startswith("Open a model")
    detector.may_go_on.clear()
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: "still being inspected" in view.caution.text(), timeout=WAIT)
    assert not listed(view)
    assert view.progress.format() == "Inspecting: 0 of 5"
    said = []
    monkeypatch.setattr(view, "show_words", lambda *words: said.append(words))
    view.now.click()
    detector.may_go_on.set()
    qtbot.waitUntil(lambda: any("not inspected yet: 5" in w[0] for w in said), timeout=WAIT)
    all_inspected()
    qtbot.waitUntil(lambda: set(listed(view)) == ACCEPTED, timeout=WAIT)
    assert not view.progress.isVisible()


def test_the_list_is_written_as_the_command_line_does(
    inspected, bench, opened, parts, tmp_path, qtbot
):
    view = opened()
    found = inspected.send_list._found
    table, file = tmp_path / "list.csv", tmp_path / "list.json"
    for path in (table, file):
        actions.export_send_list(bench, found, path)
    qtbot.waitUntil(lambda: file.exists() and table.exists(), timeout=WAIT)
    with table.open(newline="") as lines:
        assert [row["part"] for row in csv.DictReader(lines)] == listed(view)
    told = json.loads(file.read_text("utf-8"))
    assert told["verdicts"] == {"accept": 3, "undecided": 1, "reject": 1}
    assert (told["budget"], told["data"]) == (10, str(parts))
    assert [one["id"] for one in told["parts"]] == listed(view)
