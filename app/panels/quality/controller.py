"""Computes quality over time on the worker and shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.text import text
from app.workbench import Workbench

if TYPE_CHECKING:
    from app.panels.quality.view import QualityView
    from cmdiad_core.workflows.quality import Quality

TOPIC = "quality"


class QualityController:
    """The page of quality over time.

    Parameters
    ----------
    bench : Workbench
        Whose store is looked at.
    window : QWidget
        Over which the page opens.
    """

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        self._bench, self._window = bench, window
        self.view: QualityView | None = None

    def show(self) -> None:
        """Open the page, or bring it to the front, and compute it anew."""
        if self.view is None:
            # What it says rests on scipy, which the window starts without.
            from app.panels.quality.view import QualityView

            detector = self._bench.session.detector
            name = "" if detector is None else detector.name or detector.id
            self.view = QualityView(name, self._window)
            self.view.scope_chosen.connect(lambda _: self._compute())
            self.view.finished.connect(self._forget)
        self.view.show()
        self.view.raise_()
        self._compute()

    def leave(self) -> None:
        """Close the page."""
        if self.view is not None:
            self.view.reject()

    def _compute(self) -> None:
        if self.view is None:
            return
        bench = self._bench
        detector = bench.session.detector if self.view.model_only else None

        def work() -> Quality:
            from cmdiad_core.workflows.quality import Calibrated, measure_quality

            store = bench.store.open()
            return measure_quality(
                store, None if detector is None else Calibrated.of(detector, store)
            )

        bench.worker.drop(TOPIC)
        bench.worker.submit(
            TOPIC, "", work, self._show, self._fail, title=text("job.quality"), urgent=True
        )

    def _show(self, quality: Quality) -> None:
        if self.view is not None:
            self.view.show_quality(quality)

    def _fail(self, error: Exception) -> None:
        if self.view is not None:
            self.view.complain(text("quality.failed", problem=error))

    def _forget(self) -> None:
        self.view = None
        self._bench.worker.drop(TOPIC)
