"""Know parts by their content, and what was said of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import Opinion
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

if TYPE_CHECKING:
    from cmdiad_core.store import Store
    from cmdiad_core.store.nearline import Merged

ShowMerged = Callable[["Collection[str]", "Mapping[str, Merged]"], None]
TOPIC, TRAINING = "reviews", "training"


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


def recognise_part(
    bench: Workbench, part: PartFiles, show: ShowMerged
) -> tuple[str | None, Callable[[], None]]:
    """Identify a part that was just read, on the worker.

    Return its content hash, None without a store, and what is left for the window. `show` is as
    in `look_up`.
    """
    try:
        content = bench.store.open().identify(part)
        return content, look_up(bench, {part.id: content}, show)
    except InputError as error:
        # Without a store parts are inspected all the same.
        return None, partial(bench.notifications.report, error)


def look_up(bench: Workbench, hashes: dict[str, str], show: ShowMerged) -> Callable[[], None]:
    """Look up what is known of parts by id, on the worker; return what is left for the window.

    `show` is told of which contents, and which of them a near-line station measured as well.
    """
    from cmdiad_core.annotation import marked_types

    store, reviews = bench.store.open(), bench.session.reviews
    known = set(hashes.values())
    opinions, types = store.opinions(known), marked_types(store, known)
    merged = merged_in(store, known)

    def take() -> None:
        reviews.recognise(hashes, opinions)
        reviews.mark(types)
        show(known, merged)

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


def merged_in(store: Store, hashes: Iterable[str]) -> dict[str, Merged]:
    """Return the parts that a near-line station measured as well and whose files are there."""
    from cmdiad_core.store.nearline import NearLine

    found = NearLine(store.database).merged(hashes)
    return {
        content: one
        for content, one in found.items()
        if all(path.exists() for path in one.part.files.values())
    }
