"""Keeps the limits on the screen and in the session in step."""

from app import actions
from app.panels.operating_point.model import counts, good_scores, histogram
from app.panels.operating_point.view import OperatingPointView
from app.text import text
from app.workbench import Workbench
from cmdiad_core.inspection import Verdict


class OperatingPointController:
    """Owns the operating-point panel."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._session = bench.session
        self.view = OperatingPointView()
        self.view.limits_changed.connect(self._move)
        self.view.reset.connect(self._reset)
        self._session.model_changed.connect(self._take_model)
        self._session.parts_changed.connect(self._show_scores)
        self._session.entry_changed.connect(self._show_scores)
        self._session.shown_changed.connect(self._show_scores)
        self._session.operating_point_changed.connect(self._show_limits)
        self._take_model()

    def _move(self, accept_below: float, reject_from: float) -> None:
        actions.set_operating_point(self._bench, accept_below, reject_from)

    def _reset(self) -> None:
        actions.reset_operating_point(self._bench)

    def _take_model(self) -> None:
        detector = self._session.detector
        self.view.setEnabled(detector is not None)
        if detector is not None:
            limits = detector.operating_point
            low, high = detector.scale
            self.view.show_range(min(low, limits.accept_below), max(high, limits.reject_from))
            self._show_limits()
        self._show_scores()

    def _show_limits(self) -> None:
        if self._session.operating_point is not None:
            self.view.show_limits(self._session.operating_point)
            self._show_counts()

    def _show_scores(self) -> None:
        if self._session.detector is not None:
            self.view.show_histogram(histogram(self._session.detector, self._session))
        self._show_counts()

    def _show_counts(self) -> None:
        detector, limits = self._session.detector, self._session.operating_point
        if detector is None or limits is None:
            self.view.counts.setText(text("limits.no_model"))
            self.view.legend.setText("")
            return
        good, found = good_scores(detector, self._session), counts(self._session)
        self.view.legend.setText(text("limits.legend", good=len(good), queue=found.total()))
        self.view.counts.setText(
            text(
                "limits.counts",
                reject=found[Verdict.REJECT],
                undecided=found[Verdict.UNDECIDED],
                accept=found[Verdict.ACCEPT],
                false_rejects=int((good >= limits.reject_from).sum()),
                good=len(good),
            )
        )
