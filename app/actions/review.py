"""Say what a person thinks of a part; written before the screen says so."""

from typing import Literal

from app.actions.show_part import show_part
from app.notifications import Level
from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import ChangedMeanwhile, Edit, Opinion, PersonVerdict, Review
from cmdiad_core.errors import InputError


def review(bench: Workbench, verdict: PersonVerdict) -> None:
    """Give a verdict on the shown part and go on to the next part without one."""
    session = bench.session
    if session.current is None:
        return
    if session.sample is None and not session.entries[session.current].problem:
        # Two quick keys must not judge a part that nobody has seen.
        bench.notifications.remark(text("review.not_read", part=session.current))
        return
    # Found first: the part may leave a filtered queue by its verdict.
    following = _next_without_verdict(bench)
    if _write(bench, session.current, verdict=verdict):
        _go_on(bench, following)


def comment(bench: Workbench, part_id: str, words: str) -> bool:
    """Comment on a part, or take its comment back with empty words; False if not written."""
    stands = bench.session.reviews.of(part_id).comment
    if words == (stands.comment if stands else ""):
        return True
    return _write(bench, part_id, comment=words)


def show_next_without_verdict(bench: Workbench) -> None:
    """Show the next part of the queue that waits for a verdict, from the top at its end."""
    _go_on(bench, _next_without_verdict(bench))


def undo(bench: Workbench) -> None:
    """Take back what the person said last, also before the last start."""
    _step(bench, "undo")


def redo(bench: Workbench) -> None:
    """Let stand again what was undone last."""
    _step(bench, "redo")


def _step(bench: Workbench, way: Literal["undo", "redo"]) -> None:
    try:
        store, person = bench.store.open(), bench.settings.reviewer
        edit = store.undoable(person) if way == "undo" else store.redoable(person)
        if edit is None:
            bench.notifications.remark(text(f"{way}.nothing"))
        elif _is_here(bench, edit):
            (store.undo if way == "undo" else store.redo)(edit)
            _show_change(bench, edit, text(f"{way}.done", what=_account(edit)))
    except InputError as error:
        bench.notifications.report(error)


def _next_without_verdict(bench: Workbench) -> str | None:
    session = bench.session
    ordered = session.ordered
    place = ordered.index(session.current) if session.current in ordered else -1
    others = [*ordered[place + 1 :], *ordered[: max(place, 0)]]
    return next((p for p in others if session.reviews.of(p).is_open), None)


def _go_on(bench: Workbench, part_id: str | None) -> None:
    if part_id is None:
        shown = bench.session.ordered
        bench.notifications.remark(text("review.all_done" if shown else "review.none_shown"))
    else:
        show_part(bench, part_id)


def _write(
    bench: Workbench,
    part_id: str,
    *,
    verdict: PersonVerdict | None = None,
    comment: str | None = None,
) -> bool:
    session = bench.session
    content = session.reviews.hash(part_id)
    entry = session.entries[part_id]
    if content is None:
        key = "review.unreadable" if entry.problem else "review.not_read"
        bench.notifications.remark(text(key, part=part_id))
        return False
    try:
        stands = bench.store.open().review(
            content,
            bench.settings.reviewer,
            session.reviews.of(part_id),
            verdict=verdict,
            comment=comment,
            model_id=session.detector.id if session.detector and entry.provenance else "",
            score=entry.score,
            model_verdict=session.verdict(entry),
            provenance=entry.provenance,
        )
    except ChangedMeanwhile as changed:
        session.reviews.put({content: changed.opinion})
        bench.notifications.post(Level.WARNING, text("review.meanwhile", part=part_id))
        return False
    except InputError as error:
        bench.notifications.report(error)
        return False
    session.reviews.put({content: stands})
    return True


def _is_here(bench: Workbench, edit: Edit) -> bool:
    if bench.session.reviews.knows(edit.part):
        return True
    name = bench.store.open().name(edit.part)
    bench.notifications.remark(text("undo.elsewhere", what=_account(edit), part=name))
    return False


def _show_change(bench: Workbench, edit: Edit, said: str) -> None:
    reviews = bench.session.reviews
    stands = bench.store.open().opinions([edit.part]).get(edit.part, Opinion())
    reviews.put({edit.part: stands})
    part_ids = reviews.parts_with(edit.part)
    if bench.session.current not in part_ids:
        show_part(bench, part_ids[0])
    bench.notifications.remark(f"{said} ({bench.session.current})")


def _account(edit: Edit) -> str:
    if not isinstance(edit, Review):
        return text("edit.stroke")
    if edit.verdict is not None:
        return text("edit.verdict", verdict=text(f"review.{edit.verdict}"))
    return text("edit.comment", comment=edit.comment)
