"""The audit trail a page at a time, against all of its entries."""

from datetime import timedelta

import pytest

from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.people import Role, User
from cmdiad_core.store import audit_pages
from cmdiad_core.store.audit_pages import AuditPages, Wanted
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.operating_points import OperatingPoints
from cmdiad_core.store.studies import Studies
from cmdiad_core.store.users import Users
from cmdiad_core.studies import StudyPart


@pytest.fixture
def pages(store):
    return AuditPages(store.database)


@pytest.fixture
def worked(store, part):
    """Do a few things, two of them to a part that is called cell 7."""
    first = store.review(part, "ann", Opinion(), verdict=PersonVerdict.REJECT)
    store.review(part, "bob", first, comment="größer als 100 %")
    OperatingPoints(store.database).keep(
        "0123", OperatingPoint(1, 2), OperatingPoint(2, 3), "ann", "too many False alarms"
    )
    # The study has the number that is the name of a person.
    Studies(store.database).start("May", "ann", [StudyPart(part, None, None, None)])
    Users(store.database).put(User("1", Role.ADMINISTRATOR), "ann")
    return AuditTrail(store.database).entries()


def test_pages_give_every_entry_once_from_the_newest(pages, worked, monkeypatch):
    monkeypatch.setattr(audit_pages, "PAGE", 4)
    found, than = [], None
    while page := pages.page(Wanted(), than):
        assert len(page) <= 4
        found += [one.entry for one in page]
        than = found[-1].id
    assert found == worked[::-1]
    assert pages.count(Wanted()) == len(worked)


def test_entries_are_found_by_all_that_is_asked_for(pages, worked):
    last = worked[-1]
    for wanted, expected in (
        (Wanted(person="bob"), ["review"]),
        (Wanted(action="study"), ["study"]),
        (Wanted(person="bob", action="study"), []),
        (Wanted(words="CELL 7"), ["review", "review"]),
        (Wanted(words="größer als 100 %"), ["review"]),
        (Wanted(words="100 _"), []),
        (Wanted(words="false alarms"), ["operating_point"]),
        (Wanted(words="may"), ["study"]),
        (Wanted(since=last.made_at), ["user"]),
        (Wanted(since=last.made_at + timedelta(microseconds=1)), []),
    ):
        found = [one.entry.action for one in pages.page(wanted)]
        assert found == expected, wanted
        assert pages.count(wanted) == len(expected), wanted
    before = pages.page(Wanted(before=last.made_at))
    assert [one.entry for one in before] == worked[-2::-1]


def test_subjects_have_the_names_that_people_gave_them(pages, worked):
    called = {(one.entry.action, one.name) for one in pages.page(Wanted())}
    assert {("review", "cell 7"), ("study", "May"), ("user", "1")} <= called
    assert ("operating_point", "0123") in called


def test_who_and_what_can_be_asked_for(pages, worked):
    assert pages.people() == ["ann", "bob", "cmdiad"]
    assert {"adopt", "review", "study", "user"} <= set(pages.actions())
