"""Leads one inspector through one study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from app import actions
from app.panels.cloud.model import bare, surface
from app.panels.image.model import choose, sources
from app.panels.study.view import StudyView
from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Provenance
from cmdiad_core.modalities import Kind, modalities
from cmdiad_core.sample import PartFiles, Sample

if TYPE_CHECKING:
    from app.panels.presentation.cloud_picture import CloudPicture
    from cmdiad_core.studies import Study

TOPIC = "study"


class StudyRun:
    """Parts are read, never inspected; nothing of the session is shown or changed.

    Parameters
    ----------
    bench : Workbench
        Its person answers.
    window : QWidget
        Hidden while the study runs; the study fills its screen.
    study : Study
        Which.
    files : mapping of str to PartFiles
        The parts by content, as far as they are known.
    answered : collection of int
        The places that the person answered already.
    keys : mapping of PersonVerdict to sequence of QKeySequence
        The keys that give each answer.
    """

    def __init__(
        self,
        bench: Workbench,
        window: QWidget,
        study: Study,
        files: Mapping[str, PartFiles],
        answered: set[int],
        keys: Mapping[PersonVerdict, Sequence[QKeySequence]],
    ) -> None:
        self._bench, self._window, self._study, self._files = bench, window, study, files
        self._order = study.order(bench.settings.reviewer)
        self._answered, self._unreadable = set(answered), set[int]()
        self._samples: dict[int, Sample] = {}
        self._wanted = sources()[0].name
        self._cloud = next(m.name for m in modalities().values() if m.kind is Kind.CLOUD)
        self._step = 0
        self.view = StudyView(_space(bench), keys, window)
        self.view.answered.connect(self._answer)
        self.view.stepped_back.connect(self._step_back)
        self.view.source_chosen.connect(self._choose)
        self.view.leaving.connect(self._end)

    @property
    def place(self) -> int | None:
        """Place in the study of the part on the screen; None at the end."""
        return self._order[self._step] if self._step < len(self._order) else None

    def begin(self) -> None:
        """Show the first part without an answer."""
        self.view.show_on(self._window)
        self._window.hide()
        self._go_on()

    def _answer(self, verdict: PersonVerdict) -> None:
        if self.place is None or self.place not in self._samples:
            return
        try:
            actions.answer_study(self._bench, self._study, self.place, verdict)
        except InputError as error:
            self.view.complain(str(error))
            return
        self.view.complain("")
        self._answered.add(self.place)
        self._go_on()

    def _step_back(self) -> None:
        self._step = max(self._step - 1, 0)
        self._show()

    def _choose(self, name: str) -> None:
        self._wanted = name
        self._show()

    def _go_on(self) -> None:
        over = self._answered | self._unreadable
        open_ = (step for step, place in enumerate(self._order) if place not in over)
        self._step = next(open_, len(self._order))
        self._show()

    def _show(self) -> None:
        view, place, total = self.view, self.place, len(self._order)
        ahead = set(self._order[self._step : self._step + 2])
        self._samples = {p: sample for p, sample in self._samples.items() if p in ahead}
        # The one that is shown is asked for last and read first.
        for one in self._order[self._step : self._step + 2][::-1]:
            self._fetch(one)
        view.show_place(min(self._step + 1, total), total, len(self._answered))
        sample = None if place is None else self._samples.get(place)
        view.let_answer(sample is not None)
        if place is None:
            key = "study.end.unreadable" if self._unreadable else "study.end"
            words = text(key, answers=len(self._answered), lacking=len(self._unreadable))
            view.show_end(words)
            return
        view.pages.setCurrentWidget(view.views)
        if sample is None:
            view.image.show_image(None)
            if view.space is not None:
                view.space.hide()
        else:
            self._draw(sample)

    def _draw(self, sample: Sample) -> None:
        view, shown = self.view, choose(sample, self._wanted)
        there = [s for s in sources() if s.provenance(sample) is Provenance.MEASURED]
        view.list_sources([(one.name, one.title) for one in there], shown.name)
        view.image.show_image(shown.pixels(sample))
        view.image.fit()
        if view.space is None:
            return
        view.space.setVisible(self._cloud in sample.measured)
        if self._cloud in sample.measured:
            cloud = sample.measured[self._cloud]
            shape = surface(cloud)
            view.space.show_cloud(shape.points, bare(shape), (cloud.shape[0], cloud.shape[1]))

    def _fetch(self, place: int) -> None:
        if place in self._samples or place in self._unreadable:
            return
        part = self._files.get(self._study.parts[place].part)

        def work() -> Sample:
            from cmdiad_core.data.loading import load_sample

            if part is None:
                raise InputError(text("study.title"), "the part is not known")
            return load_sample(part)

        def done(sample: Sample) -> None:
            self._samples[place] = sample
            if place == self.place:
                self._show()

        def failed(_: Exception) -> None:
            # What is wrong names the file, and its folder may say what the part is.
            self._unreadable.add(place)
            if place == self.place:
                self._go_on()

        self._bench.worker.submit(
            TOPIC, str(place), work, done, failed, title=text("job.study"), urgent=True
        )

    def _end(self) -> None:
        self._bench.worker.drop(TOPIC)
        self._window.show()
        if self.view.space is not None:
            self.view.space.release()


def _space(bench: Workbench) -> CloudPicture | None:
    try:
        from app.panels.presentation.cloud_picture import CloudPicture

        return CloudPicture(text("study.cloud"))
    except Exception as error:
        # A machine that cannot draw clouds shows the images.
        bench.notifications.report(error)
        return None
