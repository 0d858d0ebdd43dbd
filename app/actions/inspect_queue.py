"""Inspect parts on the worker: the shown one first, the rest behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

from app.actions.recognise import recognise_part
from app.text import text
from app.workbench import Workbench
from cmdiad_core.inspection import Inspection
from cmdiad_core.sample import Sample

if TYPE_CHECKING:
    from cmdiad_core.scoring import Doubt
    from cmdiad_core.store.nearline import Merged

TOPIC = "inspection"
_READY = 2

Result = tuple[Sample, "tuple[Inspection, Doubt] | None"]


def inspect_queue(bench: Workbench) -> None:
    """Inspect every part of the queue that waits; older results still under way are dropped."""
    bench.worker.drop(TOPIC)
    session = bench.session
    if session.current is not None and session.current not in session.shelf:
        inspect_part(bench, session.current)
    if session.detector is None:
        return
    session.backlog = iter([p for p, entry in session.entries.items() if entry.waiting])
    _top_up(bench)


def inspect_part(bench: Workbench, part_id: str, *, urgent: bool = True) -> None:
    """Read a part and, if there is a model, inspect it; an urgent one before all others."""
    session, worker = bench.session, bench.worker
    part, detector = session.entries[part_id].part, session.detector
    model = session.model_digest
    generation, show = worker.generation(TOPIC), partial(show_merged, bench)

    def work() -> Result:
        from cmdiad_core.data.loading import load_sample

        sample = load_sample(part)
        worker.post(TOPIC, generation, lambda: session.add_sample(part_id, sample))
        content, take = recognise_part(bench, part, show)
        worker.post(TOPIC, generation, take)
        if detector is None:
            return sample, None
        from cmdiad_core.scoring import doubt

        inspection = detector.inspect(sample)
        if content is not None:
            bench.log.add(content, model, inspection)
        return sample, (inspection, doubt(inspection))

    def done(result: Result) -> None:
        sample, found = result
        if found is not None:
            session.add_inspection(part_id, sample, *found)
        proceed()

    def failed(error: Exception) -> None:
        session.add_problem(part_id, str(error))
        bench.notifications.report(error)
        proceed()

    def proceed() -> None:
        if detector is not None:
            _top_up(bench)
            _show_first(bench)

    title = text("job.inspecting" if detector else "job.reading", part=part_id)
    worker.submit(TOPIC, part_id, work, done, failed, title=title, urgent=urgent)


def show_merged(bench: Workbench, known: Collection[str], merged: Mapping[str, Merged]) -> None:
    """Give parts of the queue the files of a near-line station, or those of the line alone again.

    They are inspected again.

    Parameters
    ----------
    bench : Workbench
        Whose queue.
    known : collection of str
        Content hashes of the parts that were looked up.
    merged : mapping of str to Merged
        Those that a station measured as well, by content hash.
    """
    session = bench.session
    # A model of modalities with grids of their own can use what a station measured on another.
    on_one_grid = session.detector is None or session.detector.recipe.registered
    changed = {
        part_id: part
        for part_id, part in session.inline.items()
        if (content := session.reviews.hash(part_id)) in known and content not in merged
    }
    aside = {p: frozenset[str]() for p in session.aside if session.reviews.hash(p) in known}
    for part_id, entry in session.entries.items() if merged else ():
        if (one := merged.get(session.reviews.hash(part_id) or "")) is not None:
            inline = session.inline.get(part_id, entry.part)
            part = one.joined_to(inline, on_one_grid=on_one_grid)
            aside[part_id] = frozenset(one.part.files.keys() - part.files.keys())
            if part.files != entry.part.files:
                changed[part_id] = part
    session.set_aside(aside)
    if changed:
        session.set_files(changed)
        inspect_queue(bench)


def bring_up(bench: Workbench, part_id: str) -> None:
    """Show a part; what is not at hand is read and inspected before all others."""
    session = bench.session
    session.follows_queue = False
    session.show(part_id)
    if part_id not in session.shelf and not session.entries[part_id].problem:
        inspect_part(bench, part_id)


def _top_up(bench: Workbench) -> None:
    """Keep as many jobs ready as the worker needs never to wait; a long queue costs nothing."""
    session = bench.session
    while bench.worker.waiting(TOPIC) < _READY:
        part_id = next(session.backlog, None)
        if part_id is None:
            _write_log(bench)
            return
        if part_id != session.current and session.entries[part_id].waiting:
            inspect_part(bench, part_id, urgent=False)


def _write_log(bench: Workbench) -> None:
    """Write behind the last parts what waits to be kept."""
    bench.worker.submit(
        "log", "", bench.log.write, lambda _: None, bench.notifications.report, title=""
    )


def _show_first(bench: Workbench) -> None:
    session = bench.session
    if session.follows_queue and not session.remaining and session.ordered:
        bring_up(bench, session.ordered[0])
