import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import cmdiad_core
from cmdiad_core.edits import ChangedMeanwhile, Opinion, PersonVerdict
from cmdiad_core.inspection import Provenance, Verdict

ROOT = Path(__file__).parents[2]
NOTHING = Opinion()
ACCEPT, UNSURE, REJECT = PersonVerdict.ACCEPT, PersonVerdict.UNSURE, PersonVerdict.REJECT


RESULT = {
    "model_id": "0123",
    "score": 1.25,
    "model_verdict": Verdict.REJECT,
    "provenance": {"rgb": Provenance.MEASURED, "cloud": Provenance.PREDICTED},
}


def test_a_verdict_keeps_who_when_and_what_the_model_said(store, opened, part):
    store.review(part, "ann", NOTHING, verdict=UNSURE, comment="édge", **RESULT)
    said = opened().opinions([part])[part].verdict
    assert (said.verdict, said.comment, said.person) == (UNSURE, "édge", "ann")
    assert abs(datetime.now(UTC) - said.made_at) < timedelta(minutes=1)
    assert (said.model_id, said.score, said.model_verdict) == ("0123", 1.25, Verdict.REJECT)
    assert said.provenance == {"rgb": Provenance.MEASURED, "cloud": Provenance.PREDICTED}
    assert (said.software, said.part) == (cmdiad_core.__version__, part)
    assert store.name(part) == "cell 7"


def test_the_latest_verdict_and_comment_stand_and_all_are_kept(store, part):
    first = store.review(part, "ann", NOTHING, verdict=REJECT)
    second = store.review(part, "bob", first, comment="only dust")
    third = store.review(part, "bob", second, verdict=ACCEPT)
    assert (third.verdict.verdict, third.verdict.person) == (ACCEPT, "bob")
    assert third.comment.comment == "only dust"
    assert [one.verdict for one in store.history(part)] == [REJECT, None, ACCEPT]


def test_a_part_nobody_judged_has_no_opinion(store, part, make_part):
    other = store.identify(make_part("cell 8", rgb=b"other"))
    store.review(part, "ann", NOTHING, verdict=REJECT)
    assert set(store.opinions([part, other, "unknown"])) == {part}


def test_undo_and_redo_reach_back_over_a_restart(store, opened, part):
    first = store.review(part, "ann", NOTHING, verdict=REJECT)
    store.review(part, "ann", first, verdict=ACCEPT)
    store.close()
    later = opened()
    later.undo(later.undoable("ann"))
    assert later.opinions([part])[part] == first
    later.undo(later.undoable("ann"))
    assert later.opinions([part]) == {}
    assert later.undoable("ann") is None
    later.close()
    last = opened()
    last.redo(last.redoable("ann"))
    assert last.opinions([part])[part].verdict.verdict is REJECT
    last.redo(last.redoable("ann"))
    assert last.opinions([part])[part].verdict.verdict is ACCEPT
    assert last.redoable("ann") is None
    last.undo(last.undoable("ann"))
    assert last.opinions([part])[part].verdict.verdict is REJECT
    assert len(last.history(part)) == 2


def test_a_new_verdict_ends_what_could_be_redone(store, part):
    store.review(part, "ann", NOTHING, verdict=REJECT)
    store.undo(store.undoable("ann"))
    store.review(part, "ann", NOTHING, verdict=ACCEPT)
    assert store.redoable("ann") is None
    assert store.undoable("ann").verdict is ACCEPT


def test_undo_takes_back_only_what_the_person_said(store, part):
    first = store.review(part, "ann", NOTHING, verdict=REJECT)
    store.review(part, "bob", first, verdict=ACCEPT)
    store.undo(store.undoable("ann"))
    assert store.opinions([part])[part].verdict.person == "bob"
    assert store.undoable("ann") is None
    assert store.redoable("bob") is None


def test_a_verdict_given_meanwhile_is_told_and_not_replaced(store, opened, part):
    other = opened()
    other.review(part, "bob", NOTHING, verdict=ACCEPT)
    with pytest.raises(ChangedMeanwhile) as told:
        store.review(part, "ann", NOTHING, verdict=REJECT)
    assert told.value.opinion.verdict.person == "bob"
    assert len(store.history(part)) == 1
    # Once seen it can be replaced; a comment replaces no verdict.
    store.review(part, "ann", told.value.opinion, verdict=REJECT)
    assert store.review(part, "bob", NOTHING, comment="why?").verdict.person == "ann"


def test_other_windows_learn_what_changed(store, opened, part, make_part):
    window = opened()
    seen = window.latest_edit()
    other = store.identify(make_part("cell 8", rgb=b"other"))
    store.review(part, "ann", NOTHING, verdict=REJECT)
    assert window.parts_edited_since(seen) == {part}
    seen = window.latest_edit()
    assert window.parts_edited_since(seen) == set()
    store.review(other, "ann", NOTHING, verdict=REJECT)
    store.undo(store.undoable("ann"))
    assert window.parts_edited_since(seen) == {other}


def test_nothing_is_lost_when_many_write_at_once(opened, make_part):
    stores = [opened() for _ in range(4)]
    hashes = [stores[0].identify(make_part(f"cell {n}", rgb=b"%d" % n)) for n in range(40)]
    gate = threading.Barrier(4)

    def work(number: int) -> None:
        gate.wait()
        for part in hashes[number::4]:
            stores[number].review(part, f"person {number}", NOTHING, verdict=REJECT)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    people = {part: said.verdict.person for part, said in stores[0].opinions(hashes).items()}
    assert people == {part: f"person {place % 4}" for place, part in enumerate(hashes)}


KILLED = """
import os, signal, sys
from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.store import Store

store = Store(sys.argv[1])
opinion = Opinion()
for turn in range(int(sys.argv[3])):
    verdict = [PersonVerdict.ACCEPT, PersonVerdict.REJECT][turn % 2]
    opinion = store.review(sys.argv[2], "ann", opinion, verdict=verdict)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_killed_right_after_a_commit_nothing_is_lost(store, address, part):
    for turns in (1, 2, 5):
        before = len(store.history(part))
        if before:
            while (edit := store.undoable("ann")) is not None:
                store.undo(edit)
        command = [sys.executable, "-c", KILLED, str(address), part, str(turns)]
        done = subprocess.run(command, cwd=ROOT, timeout=60, check=False)
        assert done.returncode == -9
        assert len(store.history(part)) == before + turns
        stands = store.opinions([part])[part].verdict
        assert stands.verdict is (ACCEPT if turns % 2 else REJECT)
