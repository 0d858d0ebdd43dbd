"""Know parts by their content, and what was said of them."""

from collections.abc import Callable, Iterable
from functools import partial

from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import Opinion
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

TOPIC, TRAINING = "reviews", "training"


def recognise_queue(bench: Workbench) -> None:
    """Look up on the worker what was said of the parts of the queue that were ever read."""
    session = bench.session
    queue = [entry.part for entry in session.entries.values()]

    def work() -> tuple[int, Callable[[], None]]:
        store = bench.store.open()
        # Asked first: what is written meanwhile is then taken in later.
        latest = store.latest_edit()
        return latest, _known(bench, store.recognise(queue))

    def done(found: tuple[int, Callable[[], None]]) -> None:
        session.reviews.latest_edit, take = found
        take()

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


def recognise_training(bench: Workbench) -> None:
    """Look up on the worker what the model's training parts hold, as far as no file is read."""
    session = bench.session
    if session.detector is None or not session.entries:
        return
    parts = session.detector.training_parts

    def work() -> set[str]:
        return set(bench.store.open().recognise(parts).values())

    bench.worker.drop(TRAINING)
    bench.worker.submit(
        TRAINING,
        "",
        work,
        session.training.recognise,
        bench.notifications.report,
        title=text("job.recognising"),
    )


def recognise_part(bench: Workbench, part: PartFiles) -> Callable[[], None]:
    """Identify a part that was just read, on the worker; return what is left for the window."""
    try:
        return _known(bench, {part.id: bench.store.open().identify(part)})
    except InputError as error:
        # Without a store parts are inspected all the same.
        return partial(bench.notifications.report, error)


def _known(bench: Workbench, hashes: dict[str, str]) -> Callable[[], None]:
    """Look up what is known of parts by id; return what is left for the window."""
    from cmdiad_core.annotation import marked_types

    store, reviews = bench.store.open(), bench.session.reviews
    opinions = store.opinions(set(hashes.values()))
    types = marked_types(store, set(hashes.values()))

    def take() -> None:
        reviews.recognise(hashes, opinions)
        reviews.mark(types)

    return take


def opinion_on(bench: Workbench, part: PartFiles) -> Opinion:
    """Return what stands of a part that the window may not have read yet; on the worker.

    Nothing stands where there is no store: the window says so when it reads the part.
    """
    try:
        store = bench.store.open()
        content = store.identify(part)
        return store.opinions([content]).get(content, Opinion())
    except InputError:
        return Opinion()


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
    _look_for_marks(bench, known)


def _look_for_marks(bench: Workbench, parts: Iterable[str]) -> None:
    def work() -> dict[str, frozenset[str]]:
        from cmdiad_core.annotation import marked_types

        return dict.fromkeys(parts, frozenset()) | marked_types(bench.store.open(), parts)

    mark, report = bench.session.reviews.mark, bench.notifications.report
    # With many strokes it takes too long for the window.
    bench.worker.submit(TOPIC, "marks", work, mark, report, title="", urgent=True)
