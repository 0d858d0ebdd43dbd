"""Know parts by their content, and what was said of them."""

from collections.abc import Callable
from functools import partial

from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import Opinion
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

TOPIC = "reviews"


def recognise_queue(bench: Workbench) -> None:
    """Look up on the worker what was said of the parts of the queue that were ever read."""
    session = bench.session
    queue = [entry.part for entry in session.entries.values()]

    def work() -> tuple[int, dict[str, str], dict[str, Opinion]]:
        store = bench.store.open()
        # Asked first: what is written meanwhile is then taken in later.
        latest = store.latest_edit()
        hashes = store.recognise(queue)
        return latest, hashes, store.opinions(set(hashes.values()))

    def done(found: tuple[int, dict[str, str], dict[str, Opinion]]) -> None:
        session.reviews.latest_edit, hashes, opinions = found
        session.reviews.recognise(hashes, opinions)

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


def recognise_part(bench: Workbench, part: PartFiles) -> Callable[[], None]:
    """Identify a part that was just read, on the worker; return what is left for the window."""
    reviews = bench.session.reviews
    try:
        store = bench.store.open()
        content = store.identify(part)
        return partial(reviews.recognise, {part.id: content}, store.opinions([content]))
    except InputError as error:
        # Without a store parts are inspected all the same.
        return partial(bench.notifications.report, error)


def take_in_others(bench: Workbench) -> None:
    """Show what other windows wrote since."""
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
        found = store.opinions(known)
    except InputError:
        # Asked again in a moment; whoever gives a verdict meanwhile is told.
        return
    reviews.latest_edit = latest
    reviews.put({content: found.get(content, Opinion()) for content in known})
