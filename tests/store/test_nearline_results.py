"""What near-line stations said, beside what people say."""

from dataclasses import replace

import pytest

from cmdiad_core.edits import ChangedMeanwhile, Finding, Opinion, PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.nearline import Mark, NearLine
from cmdiad_core.store.nearline_imports import NearLineImports

ACCEPT, UNSURE, REJECT = PersonVerdict.ACCEPT, PersonVerdict.UNSURE, PersonVerdict.REJECT
GOOD = Finding("CT station", ACCEPT, "")
BAD = Finding("CT station", REJECT, "crack")


@pytest.fixture
def nearline(store):
    return NearLine(store.database)


@pytest.fixture
def line(make_part):
    return make_part("cell 7", rgb=b"image")


@pytest.fixture
def content(store, line):
    return store.identify(line)


@pytest.fixture
def both(line, make_part):
    """Return the in-line part with the cloud of a station."""
    scan = make_part("scan 7", cloud=b"points")
    return replace(line, files={**line.files, **scan.files})


def _opinion(store, content):
    return store.opinions([content]).get(content, Opinion())


def test_a_result_is_the_truth_where_nobody_gave_a_verdict(store, nearline, content, line):
    nearline.add(content, "ann", line, BAD)
    said = _opinion(store, content)
    assert (said.defective, said.in_conflict) == (True, False)
    assert said.nearline.person == "ann"
    assert said.nearline.found == replace(BAD, merged=content)


@pytest.mark.parametrize(
    ("verdict", "found", "conflict", "truth"),
    [
        (ACCEPT, BAD, True, None),
        (REJECT, GOOD, True, None),
        (REJECT, BAD, False, True),
        (UNSURE, BAD, False, True),
    ],
)
def test_a_result_never_overwrites_a_verdict_and_a_later_one_decides(
    store, nearline, content, line, verdict, found, conflict, truth
):
    before = store.review(content, "bob", Opinion(), verdict=verdict)
    nearline.add(content, "ann", line, found)
    said = _opinion(store, content)
    assert said.verdict == before.verdict
    assert (said.in_conflict, said.defective) == (conflict, truth)
    assert set(nearline.conflicts()) == ({content} if conflict else set())
    decided = store.review(content, "bob", said, verdict=ACCEPT)
    assert (decided.in_conflict, decided.defective) == (False, False)
    assert nearline.conflicts() == {}
    store.undo(decided.verdict)
    assert _opinion(store, content).in_conflict is conflict


def test_a_verdict_on_a_result_that_was_not_seen_is_not_kept(store, nearline, content, line):
    nearline.add(content, "ann", line, BAD)
    with pytest.raises(ChangedMeanwhile):
        store.review(content, "bob", Opinion(), verdict=ACCEPT)


def test_only_what_a_station_did_not_say_before_is_added(store, nearline, content, line):
    assert nearline.add(content, "ann", line, BAD) is not None
    assert nearline.add(content, "bob", line, replace(BAD, origin="elsewhere")) is None
    assert nearline.add(content, "ann", line, replace(GOOD, source="scanner")) is not None
    assert nearline.add(content, "ann", line, BAD) is None
    assert nearline.add(content, "ann", line, GOOD) is not None
    said = [(one.found.source, one.found.verdict) for one in nearline.history(content)]
    assert said == [("CT station", REJECT), ("scanner", ACCEPT), ("CT station", ACCEPT)]


def test_a_part_with_more_modalities_is_still_the_one_of_the_line(
    store, nearline, content, line, both
):
    result = nearline.add(content, "ann", both, replace(GOOD, verdict=None))
    assert result.found.merged != content
    assert store.identify(both) == content
    assert store.recognise([both, line]) == {"cell 7": content}
    assert set(nearline.parts()) == {content}
    found = nearline.merged([content])[content]
    assert (found.part.files, found.content) == (both.files, result.found.merged)
    moved = line.files["rgb"].with_name("moved.bin")
    line.files["rgb"].rename(moved)
    store.identify(replace(line, files={"rgb": moved}))
    assert nearline.merged([content])[content].part.files == {**both.files, "rgb": moved}


def test_files_that_were_judged_together_before_stay_a_part_of_their_own(
    store, nearline, content, both
):
    own = store.identify(both)
    store.review(own, "bob", Opinion(), verdict=ACCEPT)
    with pytest.raises(InputError, match="as a part of its own"):
        nearline.add(content, "ann", both, GOOD)
    assert nearline.history(content) == []


def test_a_result_is_written_whole_or_not_at_all(store, nearline, content, both):
    unknown_type = Mark(99, (0, 0, 1, 1), b"")
    with pytest.raises(InputError):
        nearline.add(content, "ann", both, BAD, drawn=[unknown_type])
    assert nearline.history(content) == []
    assert store.strokes(content) == []
    assert set(nearline.parts()) == {content}


def test_undo_goes_past_results(store, nearline, content, line):
    said = store.review(content, "ann", Opinion(), verdict=ACCEPT)
    nearline.add(content, "ann", line, BAD)
    assert store.undoable("ann").id == said.verdict.id


def test_results_are_found_among_many_parts(store, nearline, content, line, both):
    result = nearline.add(content, "ann", both, BAD)
    many = [content, *(f"{number:064x}" for number in range(300))]
    assert store.opinions(many)[content].nearline == result
    assert set(nearline.merged(many)) == {content}
    queue = [both, *(replace(line, id=str(number)) for number in range(300))]
    assert set(store.recognise(queue).values()) == {content}


@pytest.fixture
def imports(store):
    return NearLineImports(store.database)


def test_a_withdrawn_import_leaves_what_stood_before(store, nearline, imports, content, both):
    seen = store.review(content, "bob", Opinion(), verdict=ACCEPT)
    first = nearline.add(content, "ann", both, replace(BAD, verdict=None))
    dent = store.add_defect_type("dent", "ann").id
    second = nearline.add(content, "ann", both, BAD, drawn=[Mark(dent, (0, 0, 1, 1), b"")])
    assert _opinion(store, content).in_conflict
    edits = store.latest_edit()
    assert imports.withdraw(second.batch, "eve", "wrong folder") == [content]
    assert _opinion(store, content) == seen
    assert nearline.conflicts() == {}
    assert store.strokes(content) == []
    assert store.redoable("ann") is None  # a stroke does not come back without its result
    assert set(nearline.merged([content])) == {content}  # the first import stands
    assert store.identify(both) == content
    assert [one.id for one in nearline.history(content)] == [first.id, second.id]
    assert store.parts_edited_since(edits) == {content}
    listed = [(one.number, one.parts, one.withdrawn) for one in imports.all()]
    assert listed == [(second.id, 1, True), (first.id, 1, False)]
    trail = AuditTrail(store.database)
    told = trail.entries(action="withdraw")
    assert {(one.person, one.reason) for one in told} == {("eve", "wrong folder")}
    assert "crack" in told[-1].before
    assert trail.verify().problems == []

    imports.withdraw(first.id, "eve")
    assert nearline.merged([content]) == {}
    # The files of both are a part of their own then.
    assert store.identify(both) != content
    assert set(nearline.parts()) == {content}


def test_what_was_withdrawn_can_be_taken_in_again(store, nearline, imports, content, both):
    before = nearline.add(content, "ann", both, BAD)
    imports.withdraw(before.id, "ann")
    again = nearline.add(content, "ann", both, BAD)
    assert again.id > before.id
    assert store.identify(both) == content
    assert _opinion(store, content).defective is True


def test_only_an_import_that_stands_alone_can_be_withdrawn(
    store, nearline, imports, content, both, make_part
):
    first = nearline.add(content, "ann", both, replace(GOOD, files={"cloud": "scan"}))
    heat = make_part("heat 7", infrared=b"warm")
    three = replace(both, files={**both.files, **heat.files})
    second = nearline.add(content, "ann", three, replace(BAD, source="b", files={"infrared": "x"}))
    edits = store.latest_edit()
    for number, problem in ((first.id, f"joined with import {second.id}"), (99, "is unknown")):
        with pytest.raises(InputError, match=problem):
            imports.withdraw(number, "ann")
    assert store.latest_edit() == edits
    imports.withdraw(second.id, "ann")
    imports.withdraw(first.id, "ann")
    with pytest.raises(InputError, match="withdrawn already"):
        imports.withdraw(first.id, "ann")
