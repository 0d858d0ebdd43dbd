"""Find out which parts of the queue to send near-line, from inspections that are there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.walk_queue import written
from app.text import text
from app.workbench import Workbench
from cmdiad_core.progress import Cancelled
from cmdiad_core.sample import PartFiles

if TYPE_CHECKING:
    from cmdiad_core.scoring import Doubt
    from cmdiad_core.workflows.nearline_choice import NearLineList

TOPIC, EXPORT = "send list", "export"


def rank_queue(
    bench: Workbench,
    doubts: Sequence[Doubt],
    budget: int,
    progress: Callable[[int, int], None],
    show: Callable[[NearLineList], None],
) -> None:
    """Choose on the worker among parts of the queue; a choice under way is given up.

    Parameters
    ----------
    bench : Workbench
        Whose queue.
    doubts : sequence of Doubt
        Of the parts that can be sent.
    budget : int
        How many can be measured.
    progress : callable
        Told on the main thread how many are chosen, and of how many.
    show : callable
        Given the list.
    """
    session, worker = bench.session, bench.worker
    detector, limits = session.detector, session.operating_point
    if detector is None or limits is None:
        return
    parts = [session.entries[one.part].part for one in doubts]
    data = _shared_folder(entry.part for entry in session.entries.values())
    verdicts = session.count_verdicts()
    worker.drop(TOPIC)
    generation = worker.generation(TOPIC)

    def chosen(stage: str, done: int, total: int) -> None:
        if worker.stopping or worker.generation(TOPIC) != generation:
            raise Cancelled
        worker.post(TOPIC, generation, lambda: progress(done, total))

    def work() -> NearLineList:
        from cmdiad_core.workflows.nearline_choice import NearLineList, sent_parts

        files = {part.id: part.files for part in parts}
        sent = sent_parts(doubts, files, limits, budget, chosen)
        return NearLineList(detector.id, data, budget, verdicts, sent)

    report = bench.notifications.report
    worker.submit(TOPIC, "", work, show, report, title=text("job.ranking"), urgent=True)


def stop_ranking(bench: Workbench) -> None:
    """Give up the choice that is under way."""
    bench.worker.drop(TOPIC)


def export_send_list(bench: Workbench, found: NearLineList, path: Path) -> None:
    """Write a list as ``cmdiad nearline rank`` does: JSON where the name says so, else CSV."""

    def work() -> None:
        from cmdiad_core.writing import write_file

        if path.suffix.lower() == ".json":
            write_file(path, f"{found.to_json()}\n".encode("utf-8", "surrogateescape"))
        else:
            write_file(path, found.to_csv().encode("utf-8", "replace"))

    bench.worker.submit(
        EXPORT,
        str(path),
        work,
        lambda _: written(bench, path),
        bench.notifications.report,
        title=text("job.exporting", name=path.name),
        urgent=True,
    )


def _shared_folder(parts: Iterable[PartFiles]) -> Path:
    folders = {str(path.parent.absolute()) for part in parts for path in part.files.values()}
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # on several drives
        return Path(min(folders))
