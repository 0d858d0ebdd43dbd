"""What a near-line station measured and found, in the window."""

import json
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile
from part_files import WAIT, write_part
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from app import actions
from app.dialogs.nearline import NearLineDialog
from app.dialogs.nearline_imports import ImportsDialog
from app.panels.queue.model import Column
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.workflows.nearline import match, take_in

ACCEPT, REJECT = PersonVerdict.ACCEPT, PersonVerdict.REJECT


@pytest.fixture(autouse=True)
def ann(bench):
    bench.settings.reviewer = "ann"


@pytest.fixture
def station(tmp_path):
    """Return a folder with a cloud and results of three parts of the queue, and of another one."""
    root = tmp_path / "CT 1"
    labels = {"part_rgb_only": "dent", "part_reject": "crack", "part_accept": "good", "x": "good"}
    rows = []
    for number, (stem, label) in enumerate(labels.items()):
        write_part(root, stem, ("cloud",))
        path = root / "cloud" / f"{stem}.tiff"
        tifffile.imwrite(path, tifffile.imread(path) + np.float32(number + 1), photometric="rgb")
        rows.append({"id": stem, "split": "", "label": label, "cloud": f"cloud/{stem}.tiff"})
    (root / "manifest.json").write_text(json.dumps(rows))
    return root


@pytest.fixture
def drop(window, qtbot):
    """Return a function that drops a path on the window."""

    def drop_(path) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        no_key = Qt.KeyboardModifier.NoModifier
        window.dropEvent(QDropEvent(QPointF(50, 50), copy, mime, left, no_key))

    return drop_


@pytest.fixture
def asked(window, qtbot):
    """Return a function that waits for the question and returns it."""

    def wait() -> NearLineDialog:
        qtbot.waitUntil(lambda: bool(window.findChildren(NearLineDialog)), timeout=WAIT)
        return window.findChildren(NearLineDialog)[0]

    return wait


@pytest.fixture
def taken(inspected, bench, station, drop, asked, qtbot, all_inspected):
    """Return the window after ann rejected a good part and the results were taken in."""
    actions.show_part(bench, "part_accept")
    actions.review(bench, REJECT)
    drop(station)
    dialog = asked()
    dialog.source.setText("CT station")
    dialog.take.click()
    entries = bench.session.entries
    qtbot.waitUntil(lambda: "cloud" in entries_of(bench)["part_rgb_only"].files, timeout=WAIT)
    all_inspected()
    assert entries is not bench.session.entries
    return inspected


def entries_of(bench):
    return {part_id: entry.part for part_id, entry in bench.session.entries.items()}


def test_a_dropped_folder_of_results_is_asked_about_before_anything_is_written(
    inspected, bench, station, drop, asked, picture, qtbot
):
    actions.show_part(bench, "part_reject")
    actions.review(bench, ACCEPT)
    store = bench.store.open()
    edit = store.latest_edit()
    drop(station / "manifest.json")
    dialog = asked()
    assert dialog.words.text().splitlines() == [
        "Match a part of the queue by serial number: 3 of 4",
        "Contradict a person's verdict: 1",
        "Match none or several and are left out: 1",
    ]
    picture("near-line-question", dialog)
    dialog.reject()
    assert store.latest_edit() == edit
    drop(station)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    asked().open_queue.click()
    qtbot.waitUntil(lambda: "x" in bench.session.entries, timeout=WAIT)
    assert store.latest_edit() == edit


def test_parts_gain_their_modality_and_their_verdict(taken, bench, detector, picture, show):
    found = entries_of(bench)
    assert set(found["part_rgb_only"].files) == {"rgb", "cloud"}
    assert detector.calls.count("part_rgb_only") == 2  # once more with the cloud
    session = bench.session
    assert session.truth(session.entries["part_rgb_only"]).defective is True
    show("part_rgb_only")
    assert "cloud" in session.sample.measured
    view = taken.review.view
    assert view.station.text() == "CT station: defective (dent)"
    assert view.station.toolTip().startswith("Taken in by ann, just now\n")
    assert view.words.text() == "No person's verdict yet"
    picture("near-line-result")


def test_a_conflict_is_marked_filtered_and_settled_by_the_person(taken, bench, show, picture):
    session = bench.session
    box = taken.queue.view.filter
    box.setCurrentIndex(box.findData("nearline"))
    box.activated.emit(box.currentIndex())
    assert list(session.ordered) == ["part_accept"]
    show("part_accept")
    assert session.truth(session.entries["part_accept"]).defective is None
    said = "CT station: good – disagrees; the next verdict decides"
    assert taken.review.view.station.text() == said
    cell = taken.queue.view.table.model().index(0, Column.REVIEW)
    assert said in cell.data(Qt.ItemDataRole.ToolTipRole)
    picture("near-line-conflict")
    actions.review(bench, REJECT)
    assert list(session.ordered) == []
    assert session.truth(session.entries["part_accept"]).defective is True


def test_next_without_verdict_goes_to_conflicts_and_passes_what_the_station_decided(taken, bench):
    seen = set()
    for _ in range(6):
        actions.show_next_without_verdict(bench)
        seen.add(bench.session.current)
    assert seen == {"part_accept", "part_cloud_only", "part_infrared_undecided"}


def test_the_queue_opens_with_what_was_taken_in_before(
    taken, bench, parts, station, qtbot, all_inspected
):
    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: "cloud" in entries_of(bench)["part_rgb_only"].files, timeout=WAIT)
    all_inspected()
    shutil.rmtree(station)
    actions.open_parts(bench, [parts])
    # Without the files of the station, those of the line.
    alone = {"rgb"}
    qtbot.waitUntil(lambda: set(entries_of(bench)["part_rgb_only"].files) == alone, timeout=WAIT)
    all_inspected()
    assert set(entries_of(bench)["part_rgb_only"].files) == alone
    assert bench.session.reviews.of("part_rgb_only").defective is True
    assert not bench.session.entries["part_rgb_only"].problem


def test_what_another_program_takes_in_is_seen(inspected, bench, station, qtbot, all_inspected):
    queue = list(entries_of(bench).values())
    matches = match(open_dataset(station).parts, queue, lambda error: None)
    store = bench.store.open()
    take_in(matches, store, "bob", source="CT", origin=station, skipped=pytest.fail)
    actions.take_in_others(bench)
    assert "cloud" in entries_of(bench)["part_rgb_only"].files
    all_inspected()
    said = bench.session.reviews.of("part_rgb_only")
    assert (said.nearline.person, said.defective) == ("bob", True)


def test_folders_that_bring_nothing_to_the_queue_are_opened(
    inspected, bench, parts, tmp_path, drop, qtbot
):
    write_part(tmp_path / "next batch", "part_77", ("rgb",))
    drop(parts)
    drop(tmp_path / "next batch")
    qtbot.waitUntil(lambda: list(bench.session.entries) == ["part_77"], timeout=WAIT)


def test_the_menu_needs_a_queue(window, bench):
    said = []
    bench.notifications.remarked.connect(said.append)
    window.menus.take_in_nearline.trigger()
    assert said == ["Open the parts of the line first"]


@pytest.fixture
def imports(window, qtbot):
    """Return a function that opens the list of imports and waits for it."""

    def open_() -> ImportsDialog:
        window.menus.imports.trigger()
        dialog = window.findChildren(ImportsDialog)[0]
        qtbot.waitUntil(lambda: bool(dialog.table.rowCount() or dialog.said.text()), timeout=WAIT)
        return dialog

    return open_


def test_an_import_is_taken_back(taken, bench, detector, imports, picture, qtbot, all_inspected):
    session = bench.session
    dialog = imports()
    cells = [dialog.table.item(0, column).text() for column in range(1, 4)]
    assert cells == ["CT station", "3", "ann"]
    picture("near-line-imports", dialog)
    calls = detector.calls.count("part_rgb_only")
    dialog.reason.setText("wrong lot")
    dialog.withdraw.click()
    alone = {"rgb"}
    qtbot.waitUntil(lambda: set(entries_of(bench)["part_rgb_only"].files) == alone, timeout=WAIT)
    all_inspected()
    assert detector.calls.count("part_rgb_only") == calls + 1  # without the cloud
    assert session.truth(session.entries["part_rgb_only"]).defective is None
    said = session.reviews.of("part_accept")
    assert (said.in_conflict, said.nearline, said.verdict.verdict) == (False, None, REJECT)
    qtbot.waitUntil(lambda: dialog.table.item(0, 2).text() == "taken back", timeout=WAIT)
    assert not dialog.withdraw.isEnabled()
    trail = AuditTrail(bench.store.open().database).entries(action="withdraw")
    assert {(one.person, one.reason) for one in trail} == {("ann", "wrong lot")}
    dialog.reject()


def test_a_list_without_imports_says_how_to_get_some(inspected, imports):
    dialog = imports()
    assert dialog.said.text().startswith("Nothing was taken in yet")
    assert not dialog.table.isVisible()
    dialog.reject()


@pytest.fixture
def scans(tmp_path):
    """Return a folder of clouds whose names hold the names of parts of the queue."""
    root = tmp_path / "scans"
    for stem in ("part_rgb_only", "part_reject", "elsewhere"):
        write_part(root, f"job-7_{stem}_top", ("cloud",))
    return root


@pytest.fixture
def asked_by_menu(window, asked, monkeypatch):
    """Return a function that names a folder by the menu and returns the question."""

    def ask(path) -> NearLineDialog:
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(path))
        window.menus.take_in_nearline.trigger()
        return asked()

    return ask


def test_a_rule_for_serial_numbers_says_at_once_what_it_finds(
    inspected, bench, scans, asked_by_menu, picture, qtbot
):
    dialog = asked_by_menu(scans)
    assert "same serial number" in dialog.problem.text()
    assert not dialog.take.isEnabled()

    def saying(words: str) -> None:
        qtbot.waitUntil(lambda: words in dialog.problem.text(), timeout=WAIT)
        assert not dialog.take.isEnabled()

    for rule, words in (("(", "no regular expression"), ("part", "needs one group")):
        dialog.rule.setText(rule)
        saying(words)
    picture("near-line-bad-rule", dialog)
    rule = r"(part_(?:rgb|reject)\w*?)(?:_top|$)"
    dialog.rule.setText(rule)
    qtbot.waitUntil(dialog.take.isEnabled, timeout=WAIT)
    assert dialog.words.text().startswith("Match a part of the queue by serial number: 1 of 2")
    examples = dialog.examples.text().splitlines()
    assert "In the folder: job-7_part_rgb_only_top → part_rgb_only" in examples
    assert "In the folder: job-7_elsewhere_top → no number" in examples
    assert "In the queue: part_accept → no number" in examples
    picture("near-line-rule", dialog)
    dialog.take.click()
    qtbot.waitUntil(lambda: "cloud" in entries_of(bench)["part_rgb_only"].files, timeout=WAIT)
    assert bench.settings.serial_rule == rule


def test_the_rule_of_last_time_is_tried_first(inspected, bench, scans, asked_by_menu):
    bench.settings.serial_rule = "(part_rgb_only)"
    dialog = asked_by_menu(scans)
    assert (dialog.rule.text(), dialog.take.isEnabled()) == ("(part_rgb_only)", True)
    dialog.reject()


def test_a_rule_that_finds_nothing_steps_back(inspected, bench, station, drop, asked):
    bench.settings.serial_rule = "(nothing)"
    drop(station)
    dialog = asked()
    assert dialog.rule.text() == ""
    assert dialog.words.text().startswith("Match a part of the queue by serial number: 3 of 4")
    dialog.reject()


def test_what_lies_on_another_pixel_grid_is_said_on_the_part(
    inspected, bench, detector, tmp_path, show, qtbot, all_inspected, monkeypatch
):
    root = tmp_path / "scanner"
    write_part(root, "part_rgb_only", ("cloud",))
    path = root / "cloud" / "part_rgb_only.tiff"
    tifffile.imwrite(path, tifffile.imread(path)[:20], photometric="rgb")
    store = bench.store.open()
    matches = match(open_dataset(root).parts, list(entries_of(bench).values()), pytest.fail)
    take_in(matches, store, "bob", source="CT", origin=root, skipped=pytest.fail)
    show("part_rgb_only")
    actions.take_in_others(bench)
    station = inspected.review.view.station
    assert station.text().endswith("this model does not look at it: point cloud")
    assert set(entries_of(bench)["part_rgb_only"].files) == {"rgb"}
    # A model of modalities that each have a grid of their own uses it.
    monkeypatch.setattr(detector, "recipe", SimpleNamespace(registered=False))
    actions.open_model(bench, bench.session.model_folder)
    qtbot.waitUntil(lambda: "cloud" in entries_of(bench)["part_rgb_only"].files, timeout=WAIT)
    all_inspected()
    show("part_rgb_only")
    assert not station.isVisible()
