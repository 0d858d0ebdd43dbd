"""Asks for a study and runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from app import actions
from app.panels.study.chooser import StudyChooser
from app.panels.study.run import TOPIC, StudyRun
from app.refusal import refusal
from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.people import Right
from cmdiad_core.sample import PartFiles

if TYPE_CHECKING:
    from cmdiad_core.studies import Study

T = TypeVar("T")


class StudyController:
    """The blind study.

    Parameters
    ----------
    bench : Workbench
        Whose parts are served.
    window : QWidget
        Over which dialog and study open.
    keys : callable
        Returns the keys that give each answer.
    """

    def __init__(
        self,
        bench: Workbench,
        window: QWidget,
        keys: Callable[[], Mapping[PersonVerdict, Sequence[QKeySequence]]],
    ) -> None:
        self._bench, self._window, self._keys = bench, window, keys
        self.chooser: StudyChooser | None = None
        self.run: StudyRun | None = None

    def ask(self) -> None:
        """Show the studies and what a new one needs."""
        people, parts = self._bench.people, len(actions.parts_for_study(self._bench))
        refused = refusal(people, Right.LABEL), refusal(people, Right.STUDY)
        self.chooser = StudyChooser(parts, *refused, self._window)
        self.chooser.chosen.connect(self._open)
        self.chooser.asked.connect(self._start)
        self.chooser.finished.connect(self._forget_chooser)
        self.chooser.open()
        self._list()

    def leave(self) -> None:
        """End what is open."""
        if self.chooser is not None:
            self.chooser.reject()
        if self.run is not None:
            self.run.view.reject()

    def _list(self) -> None:
        person = self._bench.settings.reviewer

        def work() -> list[tuple[Study, int]]:
            from cmdiad_core.store.studies import Studies

            studies = Studies(self._bench.store.open().database)
            return [
                (one, len({a.place for a in studies.answers(one) if a.person == person}))
                for one in studies.all()
            ]

        def done(found: list[tuple[Study, int]]) -> None:
            if self.chooser is not None:
                self.chooser.show_studies(found)

        # A list that is being read may lack the newest study.
        self._bench.worker.drop(TOPIC)
        self._submit("list", work, done)

    def _start(self, name: str, number: int, repeats: int) -> None:
        if actions.start_study(self._bench, name, number, repeats) is not None:
            self._list()
        elif self.chooser is not None:
            # Why is said in the window below.
            self.chooser.reject()

    def _open(self, study: Study) -> None:
        person = self._bench.settings.reviewer

        def work() -> tuple[dict[str, PartFiles], set[int]]:
            from cmdiad_core.store.studies import Studies

            store = self._bench.store.open()
            said = Studies(store.database).answers(study)
            files = store.files_of({one.part for one in study.parts})
            return files, {one.place for one in said if one.person == person}

        def done(found: tuple[dict[str, PartFiles], set[int]]) -> None:
            if self.chooser is not None:
                self.chooser.accept()
            self.run = StudyRun(self._bench, self._window, study, *found, self._keys())
            self.run.view.finished.connect(self._forget_run)
            self.run.begin()

        self._submit("open", work, done)

    def _submit(self, key: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._bench.worker.submit(
            TOPIC, key, work, done, self._fail, title=text("job.study"), urgent=True
        )

    def _fail(self, error: Exception) -> None:
        if self.chooser is not None:
            self.chooser.reject()
        self._bench.notifications.report(error)

    def _forget_chooser(self) -> None:
        self.chooser = None

    def _forget_run(self) -> None:
        self.run = None
