"""Reads and inspects the parts of a tour on the worker; nothing of it reaches the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.shelf import Shelf
from app.text import text
from app.workbench import Workbench
from cmdiad_core.inspection import Inspection, OperatingPoint
from cmdiad_core.sample import PartFiles, Sample

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector

TOPIC = "presentation"


class PartFeed:
    """Parts under one model and one pair of limits.

    Parameters
    ----------
    bench : Workbench
        Its worker inspects; what is at hand in its session is not inspected again.
    detector, limits
        Inspect and judge.
    arrived : callable
        Called with the id of a part that can be had, or has failed, from now on.
    """

    def __init__(
        self,
        bench: Workbench,
        detector: Detector,
        limits: OperatingPoint,
        arrived: Callable[[str], None],
    ) -> None:
        self._bench, self._detector, self._limits = bench, detector, limits
        self._arrived = arrived
        self._shelf = Shelf()
        self.problems: dict[str, str] = {}

    def get(self, part_id: str) -> tuple[Sample, Inspection] | tuple[None, None]:
        """Return sample and inspection of a part, or Nones while there are none."""
        return self._shelf.get(part_id)

    def want(self, part: PartFiles) -> None:
        """Fetch a part before everything that the worker has to do."""
        if part.id in self._shelf or part.id in self.problems:
            return
        detector, limits, session = self._detector, self._limits, self._bench.session
        # Another model or other parts may have been opened since.
        entry = session.entries.get(part.id)
        is_same = session.detector is detector and entry is not None and entry.part is part
        at_hand = session.shelf.get(part.id) if is_same else (None, None)

        def work() -> tuple[Sample, Inspection]:
            from cmdiad_core.data.loading import load_sample
            from cmdiad_core.scoring import judged_at

            sample, inspection = at_hand
            if sample is None or inspection is None:
                sample = load_sample(part)
                inspection = detector.inspect(sample)
            return sample, judged_at(sample, inspection, limits)

        def done(result: tuple[Sample, Inspection]) -> None:
            self._shelf.put(part.id, *result)
            self._arrived(part.id)

        def failed(error: Exception) -> None:
            self.problems[part.id] = str(error)
            self._arrived(part.id)

        title = text("job.inspecting", part=part.id)
        self._bench.worker.submit(TOPIC, part.id, work, done, failed, title=title, urgent=True)
