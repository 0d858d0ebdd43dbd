"""Start blind studies and take part in them; answers are in the store before the screen goes on."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.entry import Entry
from app.workbench import Workbench
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.errors import InputError

if TYPE_CHECKING:
    from cmdiad_core.studies import Study


def parts_for_study(bench: Workbench) -> dict[str, Entry]:
    """Return the shown parts of the queue that the store knows, by content."""
    session = bench.session
    known = ((session.reviews.hash(part_id), part_id) for part_id in session.ordered)
    return {content: session.entries[part_id] for content, part_id in known if content is not None}


def start_study(bench: Workbench, name: str, number: int, repeats: int) -> Study | None:
    """Start a study over so many of the shown parts, drawn by chance; None if not written."""
    from cmdiad_core.store.studies import Studies
    from cmdiad_core.studies import StudyPart

    session, known = bench.session, parts_for_study(bench)
    chosen = random.SystemRandom().sample(sorted(known), number)
    parts = [
        StudyPart(
            content,
            session.verdict(known[content]),
            known[content].score,
            session.truth(known[content]).defective,
        )
        for content in chosen
    ]
    try:
        return Studies(bench.store.open().database).start(
            name,
            bench.settings.reviewer,
            parts,
            repeats=repeats,
            model_id=session.detector.id if session.detector else "",
        )
    except InputError as error:
        bench.notifications.report(error)
        return None


def answer_study(bench: Workbench, study: Study, place: int, verdict: PersonVerdict) -> None:
    """Keep an answer.

    Raises
    ------
    InputError
        It was not written.
    """
    from cmdiad_core.store.studies import Studies

    studies = Studies(bench.store.open().database)
    studies.answer(study, place, bench.settings.reviewer, verdict)
