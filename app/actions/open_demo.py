"""Make a demo and open it: the quickest way to see what the workbench does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.open_model import open_model
from app.actions.open_parts import open_parts
from app.text import text
from app.workbench import Workbench
from cmdiad_core.progress import Cancelled

if TYPE_CHECKING:
    from cmdiad_core.workflows.demo import Demo

_TOPIC = "demo"
_SEED = 0


def open_demo(bench: Workbench, folder: Path | None = None) -> None:
    """Make demo parts, train on them and open both; a demo that is there is used again.

    Parameters
    ----------
    bench : Workbench
        Where it is opened.
    folder : Path, optional
        Where the demo is kept; the one of `cmdiad demo` where none is named.
    """
    worker, session = bench.worker, bench.session
    generation = worker.generation(_TOPIC)

    def progress(stage: str, done: int, total: int) -> None:
        if worker.stopping:
            raise Cancelled
        words = text("job.demo", stage=text(f"stage.{stage}"), share=done / max(total, 1))
        worker.post(_TOPIC, generation, lambda: session.set_job(words))

    def work() -> Demo:
        from cmdiad_core.workflows.demo import default_folder, prepare_demo

        def skipped(error: Exception) -> None:
            worker.post(_TOPIC, generation, lambda: bench.notifications.report(error))

        return prepare_demo(
            folder or default_folder(_SEED), _SEED, progress=progress, skipped=skipped
        )

    def opened(demo: Demo) -> None:
        open_model(bench, demo.model)
        open_parts(bench, [demo.data])

    worker.submit(
        _TOPIC,
        "make",
        work,
        opened,
        bench.notifications.report,
        title=text("job.demo_begins"),
        urgent=True,
    )
