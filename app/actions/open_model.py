"""Open a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.inspect_queue import inspect_queue
from app.actions.recognise import recognise_training
from app.text import text
from app.workbench import Workbench

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector


def open_model(bench: Workbench, folder: Path) -> None:
    """Load the model in `folder` on the worker and inspect the queue with it."""

    def work() -> Detector:
        from cmdiad_core.detector import Detector

        return Detector.load(folder)

    def done(detector: Detector) -> None:
        bench.settings.remember("models", [folder])
        bench.session.set_model(detector, folder)
        inspect_queue(bench)
        recognise_training(bench)

    bench.worker.drop("model")
    bench.worker.submit(
        "model",
        "load",
        work,
        done,
        bench.notifications.report,
        title=text("job.loading_model", name=folder.name),
        urgent=True,
    )
