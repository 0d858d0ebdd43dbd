"""Open a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.inspect_queue import inspect_queue
from app.actions.recognise import recognise_training
from app.text import text
from app.workbench import Workbench
from cmdiad_core.errors import InputError

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector
    from cmdiad_core.inspection import OperatingPoint


def open_model(bench: Workbench, folder: Path) -> None:
    """Load the model in `folder` on the worker and inspect the queue with it."""

    def work() -> tuple[Detector, str, OperatingPoint | None]:
        from cmdiad_core.detector import Detector
        from cmdiad_core.store.model_files import folder_digest

        detector = Detector.load(folder)
        return detector, folder_digest(folder), _kept_limits(bench, detector)

    def done(found: tuple[Detector, str, OperatingPoint | None]) -> None:
        detector, digest, kept = found
        bench.settings.remember("models", [folder])
        bench.session.set_model(detector, folder, digest)
        if kept is not None:
            bench.session.set_operating_point(kept)
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


def _kept_limits(bench: Workbench, detector: Detector) -> OperatingPoint | None:
    from cmdiad_core.store.operating_points import OperatingPoints

    try:
        points = OperatingPoints(bench.store.open().database)
        return points.of(detector.id, detector.operating_point)
    except InputError:
        # Without a store a model judges by its own limits; recognising the parts says why.
        return None
