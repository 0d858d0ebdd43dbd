"""Show of the parts of the queue what the store knows of them."""

from collections.abc import Callable, Iterable
from functools import partial

from app.actions.inspect_queue import show_merged
from app.actions.recognise import TOPIC, look_up, merged_in
from app.actions.sign_in import read_people
from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import Opinion
from cmdiad_core.errors import InputError


def recognise_queue(bench: Workbench) -> None:
    """Look up on the worker what was said of the parts of the queue that were ever read."""
    session = bench.session
    queue = [entry.part for entry in session.entries.values()]

    def work() -> tuple[int, Callable[[], None]]:
        store = bench.store.open()
        # Asked first: what is written meanwhile is then taken in later.
        latest = store.latest_edit()
        return latest, look_up(bench, store.recognise(queue), partial(show_merged, bench))

    def done(found: tuple[int, Callable[[], None]]) -> None:
        session.reviews.latest_edit, take = found
        take()
        read_people(bench)

    bench.worker.drop(TOPIC)
    bench.worker.submit(
        TOPIC,
        "queue",
        work,
        done,
        bench.notifications.report,
        title=text("job.recognising"),
        urgent=True,
    )


def take_in_others(bench: Workbench) -> None:
    """Show what other windows and programs wrote since."""
    if not bench.store.is_open:
        return
    reviews = bench.session.reviews
    try:
        store = bench.store.open()
        read_people(bench)
        latest = store.latest_edit()
        if latest == reviews.latest_edit:
            return
        edited = store.parts_edited_since(reviews.latest_edit)
        known = {content for content in edited if reviews.knows(content)}
        found, merged = store.opinions(known), merged_in(store, known)
    except InputError:
        # Asked again in a moment; whoever gives a verdict meanwhile is told.
        return
    reviews.latest_edit = latest
    reviews.put({content: found.get(content, Opinion()) for content in known})
    show_merged(bench, known, merged)
    _look_for_marks(bench, known)


def _look_for_marks(bench: Workbench, parts: Iterable[str]) -> None:
    def work() -> dict[str, frozenset[str]]:
        from cmdiad_core.annotation import marked_types

        return dict.fromkeys(parts, frozenset()) | marked_types(bench.store.open(), parts)

    mark, report = bench.session.reviews.mark, bench.notifications.report
    # With many strokes it takes too long for the window.
    bench.worker.submit(TOPIC, "marks", work, mark, report, title="", urgent=True)
