from part_files import WAIT

from app import actions
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Verdict
from cmdiad_core.store.inspections import Inspections
from cmdiad_core.store.model_files import folder_digest
from cmdiad_core.workflows import inspection_log


def kept(bench):
    return Inspections(bench.store.open().database).all()


def test_every_inspected_part_is_kept_once(inspected, bench, model, parts, qtbot, all_inspected):
    qtbot.waitUntil(lambda: len(kept(bench)) == 5, timeout=WAIT)
    reviews, entries = bench.session.reviews, bench.session.entries
    by_part = {one.part: one for one in kept(bench)}
    for part_id, entry in entries.items():
        one = by_part[reviews.hash(part_id)]
        assert (one.score, one.verdict) == (entry.score, bench.session.verdict(entry))
        assert (one.provenance, one.model_id) == (entry.provenance, bench.session.detector.id)
        assert one.model == folder_digest(model)
    assert {one.verdict for one in by_part.values()} == set(Verdict)
    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: len(bench.session.detector.calls) == 10, timeout=WAIT)
    all_inspected()
    inspected.close()
    assert len(kept(bench)) == 5


def test_store_that_cannot_be_written_is_said_once_and_stops_nothing(
    window, bench, detector, model, parts, qtbot, all_inspected, monkeypatch
):
    refusals, add = [], Inspections.add

    def refuse(self, found):
        refusals.append(len(found))
        raise InputError("store.sqlite", "cannot be written, the disk is full")

    monkeypatch.setattr(Inspections, "add", refuse)
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    all_inspected()
    qtbot.waitUntil(lambda: bool(window.messages.sentences), timeout=WAIT)
    assert window.messages.sentences == ["store.sqlite: cannot be written, the disk is full"]
    assert len(refusals) == 1
    actions.review(bench, PersonVerdict.ACCEPT)
    assert bench.session.reviews.verdict(bench.session.ordered[0]) is PersonVerdict.ACCEPT
    # With room again, nothing is lacking.
    monkeypatch.setattr(Inspections, "add", add)
    monkeypatch.setattr(inspection_log, "RETRY_S", 0)
    window.close()
    assert len(kept(bench)) == 5
    assert len(window.messages.sentences) == 1
