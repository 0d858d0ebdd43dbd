"""Go through all parts of the queue on the worker, leaving it to the shown part in between."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.recognise import opinion_on
from app.notifications import Level
from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import Opinion
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Inspection, OperatingPoint
from cmdiad_core.sample import Sample

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector

TOPIC = "export"


class QueueWalk(ABC):
    """An export that needs every part: one job a part, then one that writes the file.

    The model and the limits are those of the start. Parts that are no longer at hand are read and
    inspected again. Closing the window asks, then ends the walk, and nothing is written.

    Parameters
    ----------
    bench : Workbench
        Whose queue.
    path : Path
        The file that is written at the end.
    detector : Detector
        Inspects.
    limits : OperatingPoint
        Judge.
    """

    def __init__(
        self, bench: Workbench, path: Path, detector: Detector, limits: OperatingPoint
    ) -> None:
        self._bench = bench
        self._path = path
        self._detector = detector
        self._limits = limits
        self._parts = [entry.part for entry in bench.session.entries.values()]

    @abstractmethod
    def begin(self, detector: Detector) -> None:
        """Prepare; this and what follows is called on the worker thread."""

    @abstractmethod
    def take(self, sample: Sample, inspection: Inspection, opinion: Opinion) -> None:
        """Take a part, judged by the limits, and what people said of it."""

    @abstractmethod
    def leave_out(self, error: InputError) -> None:
        """Take note of a part that cannot be inspected."""

    @abstractmethod
    def finish(self) -> None:
        """Write the file."""

    def start(self) -> None:
        """Begin; the rest follows."""

        def work() -> None:
            from cmdiad_core.writing import require_folder

            # Not after minutes of work.
            require_folder(self._path.parent)
            self.begin(self._detector)

        self._bench.session.exporting.add(self._path)
        self._submit(work, 0)

    def _go_on(self, place: int) -> None:
        if place < len(self._parts):
            self._submit(self._looking_at(place), place + 1)
            return
        self._bench.worker.submit(
            TOPIC,
            f"{self._path} finish",
            self.finish,
            lambda _: self._done(),
            self._fail,
            title=text("job.exporting", name=self._path.name),
        )

    def _submit(self, work: Callable[[], None], following: int) -> None:
        self._bench.worker.submit(
            TOPIC,
            f"{self._path} {following}",
            work,
            lambda _: self._go_on(following),
            self._fail,
            title=text(
                "job.exporting_part",
                name=self._path.name,
                number=max(following, 1),
                total=len(self._parts),
            ),
        )

    def _done(self) -> None:
        self._bench.session.exporting.discard(self._path)
        written(self._bench, self._path)

    def _fail(self, error: Exception) -> None:
        self._bench.session.exporting.discard(self._path)
        self._bench.notifications.report(error)

    def _looking_at(self, place: int) -> Callable[[], None]:
        part, session = self._parts[place], self._bench.session
        detector, limits = self._detector, self._limits
        known = session.detector is detector and (
            part.id in session.entries and session.entries[part.id].part is part
        )
        ready = session.shelf.get(part.id) if known else (None, None)
        is_recognised = known and session.reviews.hash(part.id) is not None
        said = session.reviews.of(part.id) if is_recognised else None

        def work() -> None:
            from cmdiad_core.data.loading import load_sample
            from cmdiad_core.scoring import judged_at

            sample, inspection = ready
            try:
                if sample is None or inspection is None:
                    sample = load_sample(part)
                    inspection = detector.inspect(sample)
            except InputError as error:
                self.leave_out(error)
            else:
                opinion = said or opinion_on(self._bench, part)
                self.take(sample, judged_at(sample, inspection, limits), opinion)

        return work


def written(bench: Workbench, path: Path) -> None:
    """Say where a file is."""
    bench.notifications.post(Level.NOTE, text("export.done", path=path))
