"""Show of the parts of the queue what the store knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.inspect_queue import show_merged
from app.actions.recognise import TOPIC, merged_in
from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import Opinion
from cmdiad_core.errors import InputError

if TYPE_CHECKING:
    from cmdiad_core.store.nearline import Merged

_Known = tuple[int, dict[str, str], dict[str, Opinion], "dict[str, Merged]"]


def recognise_queue(bench: Workbench) -> None:
    """Look up on the worker what was said of the parts of the queue that were ever read."""
    session = bench.session
    queue = [entry.part for entry in session.entries.values()]

    def work() -> _Known:
        store = bench.store.open()
        # Asked first: what is written meanwhile is then taken in later.
        latest = store.latest_edit()
        hashes = store.recognise(queue)
        known = set(hashes.values())
        return latest, hashes, store.opinions(known), merged_in(store, known)

    def done(found: _Known) -> None:
        session.reviews.latest_edit, hashes, opinions, merged = found
        session.reviews.recognise(hashes, opinions)
        show_merged(bench, merged)

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
    show_merged(bench, merged)
