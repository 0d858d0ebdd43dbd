"""The audit trail through the window's own widgets."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from part_files import WAIT
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QFileDialog

from app.panels.audit import words
from app.panels.audit.model import COLUMNS
from app.text import LANGUAGES, catalogue
from cmdiad_core.people import Role, User
from cmdiad_core.sample import PartFiles
from cmdiad_core.store import audit_pages
from cmdiad_core.store._verification import SENTENCES
from cmdiad_core.store.audit import Entry
from cmdiad_core.store.audit_pages import NamedEntry
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.users import Users


@pytest.fixture
def trail(bench):
    """Enter people under a reason each; return the trail of it."""
    users = Users(bench.store.open().database)
    users.put(User("ann", Role.ADMINISTRATOR), "ann", "begin")
    for name in ("bob", "eve"):
        users.put(User(name, Role.TECHNICIAN), "ann", f"{name} begins")
    users.put(User("bob", Role.ENGINEER), "ann", "has learned")
    return AuditTrail(bench.store.open().database)


@pytest.fixture
def page(window, trail, qtbot, monkeypatch):
    """Return the page, filled; it reads 30 entries at a time."""
    monkeypatch.setattr(audit_pages, "PAGE", 30)
    window.menus.show_audit.trigger()
    view = window.menus.audit.view
    qtbot.waitUntil(lambda: view.table.model().rowCount() > 0, timeout=WAIT)
    return view


def cells(page, row):
    model = page.table.model()
    return {one.key: model.index(row, place).data() for place, one in enumerate(COLUMNS)}


def numbers(page):
    return [one.entry.id for one in page.table.model().rows]


def test_the_newest_entry_comes_first_with_what_it_says(page, trail, picture):
    newest = trail.entries()[-1]
    row = cells(page, 0)
    assert row["number"] == str(newest.id)
    assert row["utc"] == newest.made_at.strftime("%Y-%m-%d %H:%M:%S")
    assert row["local"] == newest.made_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert [row[key] for key in ("person", "action", "subject", "reason")] == [
        *("ann", "Person changed", "bob", "has learned")
    ]
    assert (row["before"], row["after"]) == ("Role: technician", "Role: engineer")
    assert newest.hash[:32] in page.entry.facts["hash"].text()
    table = page.entry.changes
    shown = [[table.item(row, column).text() for column in range(3)] for row in range(3)]
    assert ["Role", "technician", "engineer"] in shown
    assert ["Active", "yes", "yes"] in shown
    picture("audit", page)


def test_a_mark_has_the_name_of_its_type(page, trail, bench, parts, qtbot):
    store = bench.store.open()
    part = store.identify(PartFiles("cell 7", {"rgb": parts / "rgb" / "part_accept.png"}))
    store.add_stroke(part, "ann", 2, (5, 7, 35, 27), b"one")
    page.buttons["refresh"].click()
    qtbot.waitUntil(lambda: cells(page, 0)["subject"] == "cell 7", timeout=WAIT)
    assert "Defect type: scratch" in cells(page, 0)["after"]
    page.table.selectRow(0)
    table = page.entry.changes
    shown = {table.item(row, 0).text(): table.item(row, 2) for row in range(table.rowCount())}
    assert shown["Defect type"].text() == "scratch"


def test_older_entries_are_read_when_they_are_looked_at(page, trail, bench, qtbot):
    users = Users(bench.store.open().database)
    for active in (False, True) * 20:
        users.put(User("eve", Role.TECHNICIAN, active), "ann")
    everything = [one.id for one in trail.entries()][::-1]
    page.buttons["refresh"].click()
    qtbot.waitUntil(lambda: numbers(page)[0] == everything[0], timeout=WAIT)
    assert len(numbers(page)) == 30

    def is_read_to_the_end():
        page.table.scrollToBottom()
        return len(numbers(page)) == len(everything)

    qtbot.waitUntil(is_read_to_the_end, timeout=WAIT)
    assert numbers(page) == everything
    assert str(len(everything)) in page.count.text()


def test_entries_are_asked_for_by_person_kind_words_and_day(page, trail, qtbot):
    filters = page.filters

    def await_count(count):
        qtbot.waitUntil(lambda: page.count.text() == f"Entries: {count}", timeout=WAIT)

    choose(filters.person, "ann")
    await_count(4)
    filters.words.setText("BEGINS")
    await_count(2)
    assert [cells(page, row)["subject"] for row in range(2)] == ["eve", "bob"]
    filters.words.clear()
    choose(filters.action, "user")
    await_count(4)
    today = trail.entries()[-1].made_at.astimezone().date()
    yesterday = today - timedelta(days=1)
    filters.on_day.setChecked(True)
    filters.day.setDate(QDate(yesterday.year, yesterday.month, yesterday.day))
    await_count(0)
    assert page.entry.facts["hash"].text() == ""
    filters.day.setDate(QDate(today.year, today.month, today.day))
    await_count(4)


def test_a_check_says_whether_the_trail_is_whole_and_where_not(page, trail, bench, qtbot):
    page.buttons["verify"].click()
    qtbot.waitUntil(lambda: "is whole" in page.outcome.text(), timeout=WAIT)
    newest = trail.entries()[-1]
    assert newest.hash in page.outcome.text()
    assert page.problems.isHidden()
    with sqlite3.connect(bench.store.address) as connection:
        connection.execute("UPDATE users SET role = 'administrator' WHERE name = 'bob'")
    page.buttons["verify"].click()
    qtbot.waitUntil(lambda: "is broken" in page.outcome.text(), timeout=WAIT)
    (problem,) = (page.problems.item(row).text() for row in range(page.problems.count()))
    assert f"Entry {newest.id} and user bob differ: Role was engineer" in problem


def test_an_export_is_what_a_later_check_compares_with(
    page, trail, bench, qtbot, tmp_path, monkeypatch
):
    target = tmp_path / "trail.jsonl"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(target), ""))
    page.buttons["export"].click()
    qtbot.waitUntil(lambda: "Written to" in page.outcome.text(), timeout=WAIT)
    newest = trail.entries()[-1]
    assert newest.hash in page.outcome.text()
    assert trail.verify(target).problems == []
    with sqlite3.connect(bench.store.address) as connection:
        connection.execute("DROP TRIGGER audit_trail_no_delete")
        connection.execute("DELETE FROM audit_trail WHERE id = ?", [newest.id])
        connection.execute("UPDATE users SET role = 'technician' WHERE name = 'bob'")
    page.buttons["verify"].click()
    qtbot.waitUntil(lambda: "is whole" in page.outcome.text(), timeout=WAIT)
    page.buttons["verify_against"].click()
    qtbot.waitUntil(lambda: "is broken" in page.outcome.text(), timeout=WAIT)
    assert f"Entry {newest.id} is in {target} only" in page.problems.item(0).text()


def test_whatever_can_be_wrong_is_said_in_every_language():
    for language in LANGUAGES:
        known = catalogue(language)
        assert not [kind for kind in SENTENCES if f"audit.problem.{kind}" not in known]


def test_numbers_are_written_whole_and_as_the_language_writes_them(language):
    after = '{"accept_below": 0.6957150101661682, "columns": [], "digit": 3}'
    entry = Entry(1, datetime.now(UTC), "ann", "limits", "x", "", None, after, "", "")
    said = {field: after for field, _, after in words.changes(NamedEntry(entry, "x", {}))}
    assert said == {"Gutgrenze": "0,6957150101661682", "columns": "–", "Taste": "3"}


def choose(box, value):
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())
