"""Compares verdicts from few modalities with those from all, part by part on the worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.panels.presentation.part_feed import TOPIC
from app.panels.presentation.savings import (
    Comparison,
    Look,
    Names,
    complete,
    look_every_way,
    spread,
)
from app.text import text
from app.workbench import Workbench
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector


class Survey:
    """One job a part, so that the part on the screen never waits for more than one.

    Parameters
    ----------
    bench : Workbench
        Its worker does it, on parts of its queue.
    detector, limits
        Inspect and judge.
    changed : callable
        Called after every part.

    Attributes
    ----------
    comparison : Comparison
        What was found so far.
    complete : int
        Number of parts of the queue that were measured with everything.
    total, done : int
        Number of those that are compared, and that have been by now.
    """

    def __init__(
        self,
        bench: Workbench,
        detector: Detector,
        limits: OperatingPoint,
        changed: Callable[[], None],
    ) -> None:
        self._bench, self._detector, self._changed = bench, detector, changed
        known: Sequence[Names] = list(detector.calibration_scores)
        self.comparison = Comparison(known, detector.modalities, limits)
        parts = complete(bench.session.entries.values(), detector.modalities)
        chosen = spread(parts) if self.comparison.is_possible else []
        # As known at the beginning: other parts may be opened meanwhile.
        self._parts = [(e.part, bool(bench.session.truth(e).defective)) for e in chosen]
        self.complete, self.total, self.done = len(parts), len(self._parts), 0

    def go_on(self) -> None:
        """Compare the next part; the rest follows."""
        if self.done == self.total:
            return
        worker, detector = self._bench.worker, self._detector
        part, defective = self._parts[self.done]
        generation, ways = worker.generation(TOPIC), list(self.comparison.rows)

        def work() -> dict[Names, Look]:
            from cmdiad_core.data.loading import load_sample

            sample = load_sample(part)
            wanted = lambda: worker.generation(TOPIC) == generation  # noqa: E731
            return look_every_way(detector, sample, ways, wanted)

        def proceed() -> None:
            self.done += 1
            self._changed()
            self.go_on()

        def done(looks: dict[Names, Look]) -> None:
            self.comparison.add(defective, looks)
            proceed()

        def failed(error: Exception) -> None:
            # The slide says how many parts were compared; what else went wrong is told aloud.
            if not isinstance(error, InputError):
                self._bench.notifications.report(error)
            proceed()

        title = text("presentation.comparing", number=self.done + 1, total=self.total)
        worker.submit(TOPIC, f"compare {self.done}", work, done, failed, title=title)
