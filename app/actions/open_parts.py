"""Open parts."""

from collections.abc import Sequence
from pathlib import Path

from app.actions.follow_store import recognise_queue
from app.actions.inspect_queue import inspect_queue
from app.actions.recognise import recognise_training
from app.text import text
from app.workbench import Workbench
from cmdiad_core.sample import PartFiles


def open_parts(bench: Workbench, paths: Sequence[Path], first: str | None = None) -> None:
    """Find the parts in `paths` on the worker, make them the queue and inspect it.

    The part `first` is shown and stays; without it, or where it is not among them, the first one
    is shown and gives way to the one that scores highest.
    """
    wanted = list(paths)

    def work() -> list[PartFiles]:
        from cmdiad_core.data.layouts import parts_from_paths

        return parts_from_paths(wanted)

    def done(parts: list[PartFiles]) -> None:
        bench.settings.remember("parts", wanted)
        bench.settings.open_parts = wanted
        bench.session.set_parts(parts)
        if first in bench.session.entries:
            bench.session.follows_queue = False
            bench.session.show(first)
        else:
            bench.session.show(parts[0].id if parts else None)
        recognise_queue(bench)
        inspect_queue(bench)
        recognise_training(bench)

    bench.worker.drop("parts")
    bench.worker.submit(
        "parts",
        "find",
        work,
        done,
        bench.notifications.report,
        title=text("job.finding_parts"),
        urgent=True,
    )
