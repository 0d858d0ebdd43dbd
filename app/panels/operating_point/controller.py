"""Keeps the limits on the screen and in the session in step."""

from collections import Counter

from PySide6.QtCore import QTimer

from app import actions
from app.panels.operating_point.chooser import Chooser
from app.panels.operating_point.methods import METHODS
from app.panels.operating_point.model import (
    Group,
    Scores,
    consequences,
    count_by_people,
    groups,
    histogram,
)
from app.panels.operating_point.view import OperatingPointView
from app.text import text
from app.workbench import Workbench
from cmdiad_core.inspection import Verdict

# While results of a long queue come in, they are counted now and then.
_LONG = 1000
_SETTLE_MS = 400


class OperatingPointController:
    """Owns the operating-point panel."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._session = bench.session
        self._scores: dict[Group, Scores] = {}
        self._by_people: Counter[Group] = Counter()
        self.view = OperatingPointView()
        self.chooser = Chooser(self.view)
        self._settle = QTimer(self.view, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._show_scores)
        self.view.limits_changed.connect(self._move)
        self.view.choosing.connect(self._open_chooser)
        self.view.reset.connect(self._reset)
        self.chooser.asked.connect(self._choose)
        self._session.model_changed.connect(self._take_model)
        self._session.parts_changed.connect(self._show_scores)
        self._session.entry_changed.connect(self._take_score)
        self._session.shown_changed.connect(self._show_scores)
        self._session.reviews.changed.connect(self._take_verdicts)
        self._session.training.changed.connect(self._show_scores)
        self._session.operating_point_changed.connect(self._show_limits)
        self._take_model()

    def _move(self, accept_below: float, reject_from: float) -> None:
        actions.set_operating_point(self._bench, accept_below, reject_from)

    def _reset(self) -> None:
        actions.reset_operating_point(self._bench)

    def _open_chooser(self) -> None:
        self.chooser.show()
        self.chooser.raise_()

    def _choose(self, row: int, values: list[float]) -> None:
        limits = self._session.operating_point
        if limits is not None:
            chosen, statement = METHODS[row].choose(self._scores, limits, values)
            actions.set_operating_point(self._bench, chosen.accept_below, chosen.reject_from)
            self.chooser.say(statement)

    def _take_model(self) -> None:
        detector = self._session.detector
        self.view.setEnabled(detector is not None)
        if detector is not None:
            self.view.show_range(*detector.scale)
            self.view.widen_to(detector.operating_point)
            self._show_limits()
        self._show_scores()

    def _take_score(self, _: str) -> None:
        if not self._session.remaining or len(self._session.entries) <= _LONG:
            self._show_scores()
        elif not self._settle.isActive():
            self._settle.start()

    def _take_verdicts(self) -> None:
        if len(self._session.entries) <= _LONG:
            self._show_scores()
        elif not self._settle.isActive():
            self._settle.start()

    def _show_limits(self) -> None:
        if self._session.operating_point is not None:
            self.view.widen_to(self._session.operating_point)
            self.view.show_limits(self._session.operating_point)
            self._show_counts()

    def _show_scores(self) -> None:
        detector = self._session.detector
        if detector is not None:
            self._scores = groups(detector, self._session)
            self._by_people = count_by_people(self._session)
            sizes = {group: len(scores) for group, scores in self._scores.items()}
            self.view.show_histogram(histogram(detector, self._scores), sizes)
            self.chooser.show_obstacles([method.obstacle(self._scores) for method in METHODS])
        self._show_counts()

    def _show_counts(self) -> None:
        limits = self._session.operating_point
        if limits is None or not self._scores:
            self.view.counts.setText(text("limits.no_model"))
            self.view.legend.setText("")
            return
        found = self._session.count_verdicts()
        counted = text(
            "limits.counts",
            reject=found[Verdict.REJECT],
            undecided=found[Verdict.UNDECIDED],
            accept=found[Verdict.ACCEPT],
        )
        self.view.counts.setText(
            f"{counted}\n{consequences(limits, self._scores, self._by_people)}"
        )
