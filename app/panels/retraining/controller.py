"""Leads through a retraining and stays in the status line while it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app import actions
from app.dialogs.closing import ask_to_close
from app.panels.retraining.dialog import RetrainingDialog
from app.panels.retraining.model import duration
from app.refusal import permit, refusal
from app.registered import Registered
from app.text import text
from app.workbench import Workbench
from cmdiad_core.jobs import Job
from cmdiad_core.people import Right

if TYPE_CHECKING:
    from cmdiad_core.workflows.news import News

_TICK_MS = 500


class RetrainingController:
    """Owns the dialog and the button in the status line.

    Parameters
    ----------
    bench : Workbench
        Whose model is retrained.
    window : QWidget
        Under the dialog.
    open_models_at : callable
        Opens the list of models at those in two folders, which can be compared there.
    """

    def __init__(
        self, bench: Workbench, window: QWidget, open_models_at: Callable[[Path, Path], None]
    ) -> None:
        self._bench = bench
        self._window = window
        self._open_models_at = open_models_at
        self._state = bench.retraining
        self._news: News | None = None
        self.dialog = RetrainingDialog(window)
        self.dialog.asked.connect(self._answer)
        self.dialog.choice.name.textChanged.connect(self._allow_start)
        self.status = QPushButton()
        self.status.setFlat(True)
        self.status.setToolTip(text("retrain.status.tip"))
        self.status.clicked.connect(self.ask)
        self.status.hide()
        # A stage may be silent for long; the remaining time goes on.
        self._clock = QTimer(self.dialog, interval=_TICK_MS)
        self._clock.timeout.connect(self._show_progress)
        self._state.begun.connect(self._begin)
        self._state.changed.connect(self._show_progress)
        self._state.ended.connect(self._end)
        bench.people.changed.connect(self._allow_start)

    def ask(self) -> None:
        """Open the dialog where the retraining is."""
        if self._state.is_running:
            self.dialog.turn_to(self.dialog.running)
        elif self._state.result is not None:
            self.dialog.turn_to(self.dialog.summary)
        else:
            self._ask_anew()
        self.dialog.show()
        self.dialog.raise_()

    def may_close(self) -> bool:
        """Ask what becomes of a running retraining when the window is closed."""
        if not self._state.is_running:
            return True
        title, cancel = text("retrain.title"), text("retrain.closing.cancel")
        wanted = ask_to_close(self._window, title, text("retrain.closing"), cancel)
        if wanted and self._state.command is not None:
            self._state.command.end()
        return wanted

    def offer_lost(self) -> None:
        """Offer retrainings again that were cut off, if there are any."""
        actions.find_lost(self._bench, self._offer)

    def close(self) -> None:
        """Let go of what runs; for a window that is closed."""
        if self._state.command is not None:
            self._state.command.end()
        self._clock.stop()
        self.dialog.close()

    def _ask_anew(self) -> None:
        choice = self.dialog.choice
        self._news = None
        self.dialog.turn_to(choice)
        folder = self._bench.session.model_folder
        if folder is None:
            choice.show_state(text("retrain.no_model"))
        else:
            place = actions.candidates()
            choice.show_place(place.folder, place.propose(folder))
            choice.show_state(text("retrain.looking"))
            actions.look_for_news(self._bench, self._show_news, self._cannot)
        self._allow_start()

    def _show_news(self, news: News) -> None:
        self._news = news
        choice = self.dialog.choice
        choice.show_news(news)
        words = "" if news.anything else text("retrain.nothing")
        if (other := news.running) is not None:
            when = other.started.astimezone().strftime("%H:%M")
            words = text("retrain.elsewhere", person=other.person, time=when)
        choice.show_state(words or refusal(self._bench.people, Right.RETRAIN))
        self._allow_start()

    def _cannot(self, error: Exception) -> None:
        self.dialog.choice.show_state(str(error))
        self._bench.notifications.report(error)

    def _allow_start(self) -> None:
        news, name = self._news, self.dialog.choice.name.text().strip()
        is_free = bool(name) and "/" not in name and "\\" not in name
        is_free = is_free and not (actions.candidates().folder / name).exists()
        can = news is not None and news.anything and news.running is None and is_free
        refused = refusal(self._bench.people, Right.RETRAIN)
        for name, possible in (("start", can), ("compare", True)):
            tip = text(f"retrain.button.{name}.tip")
            permit(self.dialog.buttons[name], tip, refused, possible=possible)

    def _answer(self, button: str) -> None:
        if button == "start":
            self._start()
        elif button == "cancel":
            actions.cancel_retraining(self._bench)
        elif button == "try":
            actions.try_candidate(self._bench)
        elif button == "compare":
            self._compare()
        elif button == "discard":
            actions.discard_candidate(self._bench)
            if self._state.result is None:
                self._ask_anew()
        else:
            self._ask_anew()

    def _compare(self) -> None:
        if (order := self._state.order) is None:
            return
        bench = self._bench

        def known(_: Registered) -> None:
            models = order.model, order.candidate
            actions.register_model(bench, order.candidate, lambda _: self._open_models_at(*models))

        actions.register_model(bench, order.model, known)

    def _start(self) -> None:
        choice, news = self.dialog.choice, self._news
        if news is None:
            return
        for depth, expected in news.estimates.items():
            if str(depth) == choice.chosen_depth:
                name = choice.name.text().strip()
                actions.retrain(self._bench, depth, name, expected.seconds)

    def _begin(self) -> None:
        order = self._state.order
        if order is not None:
            self.dialog.running.begin(order.candidate.name)
        self.dialog.turn_to(self.dialog.running)
        self.status.show()
        self._clock.start()

    def _show_progress(self) -> None:
        state = self._state
        if not state.is_running:
            return
        stage = text(f"stage.{state.stage}") if state.stage else text("retrain.starting")
        left = state.seconds_left
        words = ""
        if left is not None:
            words = text("retrain.left", time=duration(left)) if left else text("retrain.late")
        self.dialog.running.show_step(stage, state.done, state.total, words)
        self.dialog.running.show_lines(state.lines)
        steps = f" {state.done}/{state.total}" if state.total else ""
        self.status.setText(text("retrain.status", stage=f"{stage}{steps}", left=words))
        self.status.setAccessibleName(self.status.text())

    def _end(self) -> None:
        state = self._state
        self.status.hide()
        self._clock.stop()
        if state.result is not None and state.order is not None:
            self.dialog.summary.show_result(state.order.candidate.name, state.result)
            self.dialog.turn_to(self.dialog.summary)
            if self.dialog.isHidden():
                self.status.setText(text("retrain.status.done"))
                self.status.show()
        elif self.dialog.isVisible():
            self._ask_anew()

    def _offer(self, lost: list[Job]) -> None:
        # Offered again at the next start to whoever may.
        for job in lost if self._bench.people.may(Right.RETRAIN) else ():
            box = QMessageBox(self._window)
            box.setWindowTitle(text("retrain.title"))
            box.setText(text("retrain.lost", name=job.candidate.name, model=job.model.name))
            again = box.addButton(text("retrain.lost.again"), QMessageBox.ButtonRole.AcceptRole)
            box.addButton(text("retrain.lost.forget"), QMessageBox.ButtonRole.DestructiveRole)
            later = box.addButton(text("retrain.lost.later"), QMessageBox.ButtonRole.RejectRole)
            box.setEscapeButton(later)
            box.exec()
            clicked = box.clickedButton()
            box.deleteLater()
            if clicked is again:
                actions.retrain_again(self._bench, job)
                return
            if clicked is not later:
                actions.forget_retraining(self._bench, job)
