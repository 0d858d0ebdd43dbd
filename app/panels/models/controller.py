"""Keeps the registry's window and the store in step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QWidget

from app import actions
from app.champion_watch import ChampionWatch
from app.dialogs.decision import Decision
from app.jobs.command import Command
from app.notifications import Level, Message
from app.panels.models.gate_fields import GateFields
from app.panels.models.model import ModelsModel, said_of
from app.panels.models.view import DEEDS, ModelsView
from app.refusal import refusal
from app.registered import Registered
from app.text import text
from app.widgets.pane import say
from app.workbench import Workbench
from cmdiad_core.models import GateResult, RegisteredModel
from cmdiad_core.people import Right

if TYPE_CHECKING:
    from cmdiad_core.workflows.comparison import Comparison

#: What not everybody may do; a comparison is kept in the store.
_RIGHTS = {
    **dict.fromkeys(("add", "import", "compare"), Right.RETRAIN),
    **dict.fromkeys(("promote", "roll_back"), Right.PROMOTE),
    "forget": Right.DELETE,
}
_FILES = "cmdiad (*.cmdiad)"
_COMPARISON = 1
#: More is told in minutes.
_LONG_S = 120


class ModelsController:
    """Owns the registry's window.

    Parameters
    ----------
    bench : Workbench
        Its store holds the registry.
    window : QWidget
        Over which it is shown.
    """

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        self._bench = bench
        self._model = ModelsModel()
        self.gates = GateFields(bench.settings)
        self.view = ModelsView(self._model, self.gates, window)
        self.command: Command | None = None
        self._compared: tuple[str, str] = ("", "")
        self._shown: Comparison | None = None
        self.watch = ChampionWatch(bench, self.view)
        self.watch.changed.connect(self._follow)
        self.view.asked.connect(self.do)
        self.view.chosen.connect(self._choose)
        self.view.data_wanted.connect(self._ask_data)
        self.view.comparison.cancelled.connect(self._cancel)
        self.view.comparison.page_wanted.connect(self._show_page)
        bench.people.changed.connect(self._let)
        bench.notifications.posted.connect(self._tell)
        bench.notifications.remarked.connect(self._remark)
        self._show_data()
        self.show(Registered())

    def follow_look(self) -> None:
        """Draw the sign in the colours of the application; no widget may go or come meanwhile."""
        self._show_champion()

    def open(self) -> None:
        """Show the window with what is known now."""
        self._raise()
        actions.read_models(self._bench, self.show)

    def open_at(self, *folders: Path) -> None:
        """Show the window, the registered models in some folders chosen."""

        def show(known: Registered) -> None:
            self.show(known)
            there = [row for row, one in enumerate(known.models) if one.folder in folders]
            self.view.choose(there)
            self._choose()

        self._raise()
        actions.read_models(self._bench, show)

    def _raise(self) -> None:
        self.view.messages.clear()
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()

    def leave(self) -> None:
        """Close the page and end what is under way."""
        if self.command is not None:
            self.command.end()
        self.view.close()

    def show(self, known: Registered) -> None:
        """Show what is known now; what was chosen stays chosen."""
        chosen = [one.digest for one in self._chosen()]
        self._model.show(known)
        self._show_champion()
        self.view.history.clear()
        for one in reversed(known.promotions):
            key = "models.history.promoted" if one.returns_to is None else "models.history.back"
            before = known.name(one.replaced) if one.replaced else "–"
            words = text(key, name=known.name(one.model), before=before, said=said_of(one))
            self.view.history.addItem(words)
        rows = [row for row, one in enumerate(known.models) if one.digest in chosen]
        self.view.choose(rows or list(range(min(len(known.models), 1))))
        self._choose()

    def do(self, deed: str) -> None:
        """Do one of `DEEDS`."""
        chosen = self._chosen()
        if deed == "open":
            actions.open_registered(self._bench, chosen[0])
        elif deed == "compare":
            self.compare()
        elif deed == "promote":
            self._ask_promotion(chosen[0])
        elif deed == "roll_back":
            self._ask_roll_back()
        elif deed == "add":
            self._ask_folder()
        elif deed == "import":
            self._ask_import()
        elif deed == "export":
            self._ask_export(chosen[0])
        else:
            self._ask_forget(chosen[0])

    def compare(self) -> None:
        """Compare the two chosen models, or the chosen one with the one in use."""
        data = self._bench.settings.validation_set or self._ask_data()
        pair = self._pair()
        if data is None or pair is None or self.command is not None:
            return
        champion, candidate = pair
        self._compared = champion.digest, candidate.digest
        folders = str(champion.folder), str(candidate.folder)
        asked = [*folders, str(data), *self.gates.arguments]
        command = Command(["compare", *asked, "--progress", "json"], self.view)
        command.progressed.connect(self._show_progress)
        command.logged.connect(lambda line: say(self.view.comparison.log, line))
        command.succeeded.connect(self._take_comparison)
        command.failed.connect(self._fail)
        command.cancelled.connect(lambda: self._end(text("models.cancelled")))
        self.command = command
        words = text("models.comparing", candidate=candidate.name, champion=champion.name)
        self.view.comparison.begin(words)
        self.view.tabs.setCurrentIndex(_COMPARISON)
        command.start()
        self._let()

    def _show_champion(self) -> None:
        known = self._model.known
        champion = known.champion
        if champion is None:
            key = "models.none_promoted" if known.models else "models.none_in_use"
            self.view.show_champion(text(key), False)
            return
        said = said_of(known.promotions[-1])
        words = text("models.champion", name=champion.name, id=champion.id, said=said)
        self.view.show_champion(words, True)

    def _chosen(self) -> list[RegisteredModel]:
        return [self._model.known.models[row] for row in self.view.rows]

    def _pair(self) -> tuple[RegisteredModel, RegisteredModel] | None:
        """Return champion and candidate of a comparison: the one in use, else the older one."""
        chosen, champion = self._chosen(), self._model.known.champion
        if len(chosen) == 1 and champion is not None and champion not in chosen:
            return champion, chosen[0]
        if len(chosen) != 2:
            return None
        first, second = sorted(chosen, key=lambda one: (one != champion, one.added_at))
        return first, second

    def _tell(self, message: Message) -> None:
        # The messages of the window lie below this one.
        if self.view.isVisible():
            self.view.messages.add(message)

    def _remark(self, sentence: str) -> None:
        self._tell(Message(Level.NOTE, sentence))

    def _follow(self) -> None:
        if self.view.isVisible():
            actions.read_models(self._bench, self.show)

    def _choose(self) -> None:
        self._let()
        chosen, about = self._chosen(), self.view.about
        if len(chosen) != 1:
            about.show_problem(text("models.choose_one"))
            return
        (model,) = chosen
        actions.read_card(
            self._bench,
            model,
            lambda card: about.show_card(model, card),
            lambda error: about.show_problem(str(error)),
        )
        if self.command is None and model.comparison:
            actions.read_comparison(self._bench, model.comparison, self._show_comparison)
        elif self.command is None:
            self._shown = None
            self.view.comparison.clear()

    def _let(self) -> None:
        known, chosen = self._model.known, self._chosen()
        possible = {"add", "import"}
        if len(chosen) == 1:
            possible |= {"open", "export"}
            if chosen[0] != known.champion:
                possible |= {"promote", "forget"}
        if self._pair() is not None and self.command is None:
            possible.add("compare")
        if known.can_roll_back:
            possible.add("roll_back")
        people = self._bench.people
        refused = {deed: refusal(people, right) for deed, right in _RIGHTS.items()}
        self.view.let(possible & set(DEEDS), refused)

    # Comparing

    def _ask_data(self) -> Path | None:
        title = text("ask.validation_set")
        if folder := QFileDialog.getExistingDirectory(self.view, title):
            self._bench.settings.validation_set = Path(folder)
            self._show_data()
        return self._bench.settings.validation_set

    def _show_data(self) -> None:
        data = self._bench.settings.validation_set
        words = text("models.no_data") if data is None else text("models.data", path=data)
        self.view.data.setText(words)

    def _show_progress(self, stage: str, done: int, total: int, remaining: float | None) -> None:
        words = text(f"stage.{stage}")
        if remaining is not None:
            unit = "seconds" if remaining < _LONG_S else "minutes"
            left = remaining if remaining < _LONG_S else remaining / 60
            words = text(f"models.remaining.{unit}", stage=words, count=round(left))
        self.view.comparison.show_progress(words, done, total)

    def _take_comparison(self, result: dict[str, Any]) -> None:
        self._end("")
        content = result["comparison"]

        def kept(known: Registered) -> None:
            self.show(known)
            candidate = known.find(self._compared[1])
            if candidate is not None:
                actions.read_comparison(self._bench, candidate.comparison, self._show_comparison)

        actions.keep_comparison(self._bench, content, kept)

    def _fail(self, sentence: str) -> None:
        self._end(text("models.failed"))
        self._bench.notifications.post(Level.WARNING, sentence)

    def _end(self, words: str) -> None:
        if self.command is not None:
            self.command.deleteLater()
        self.command = None
        self.view.comparison.end(words)
        self._let()

    def _cancel(self) -> None:
        if self.command is not None:
            self.command.cancel()

    def _show_comparison(self, found: Comparison) -> None:
        if self.command is None:
            self._shown = found
            self.view.comparison.show_comparison(found)

    def _show_page(self) -> None:
        if self._shown is not None:
            actions.show_page(self._bench, self._shown)

    # Deciding

    def _ask_promotion(self, model: RegisteredModel) -> None:
        champion = self._model.known.champion
        if champion is None:
            explain = text("models.promote.first", name=model.name, id=model.id)
            self._decide("promote", explain, lambda d: self._promote(model, d))
            return

        def asked(gates: tuple[GateResult, ...] | None) -> None:
            obstacle = ""
            if gates is None:
                obstacle = text("models.promote.not_compared")
            elif any(gate.tested and not gate.passed for gate in gates):
                obstacle = text("models.promote.gate_failed")
            elif not all(gate.passed for gate in gates):
                obstacle = text("models.promote.gate_untested")
            explain = text(
                "models.promote.explain",
                name=f"{model.name} ({model.id})",
                champion=f"{champion.name} ({champion.id})",
            )
            self._decide(
                "promote", explain, lambda d: self._promote(model, d), gates or (), obstacle
            )

        actions.read_gates(self._bench, champion, model, asked)

    def _promote(self, model: RegisteredModel, decision: Decision) -> None:
        override = decision.override.isChecked()
        actions.promote_model(
            self._bench, model, decision.reason.text(), override, self._take_promotion
        )

    def _take_promotion(self, known: Registered) -> None:
        self.show(known)
        self.watch.ask()

    def _ask_roll_back(self) -> None:
        self._decide(
            "roll_back",
            text("models.roll_back.explain"),
            lambda d: actions.roll_back(self._bench, d.reason.text(), self._take_promotion),
        )

    def _ask_forget(self, model: RegisteredModel) -> None:
        self._decide(
            "forget",
            text("models.forget.explain", name=model.name, folder=model.folder),
            lambda d: actions.forget_model(self._bench, model, d.reason.text(), self.show),
        )

    def _decide(
        self,
        deed: str,
        explain: str,
        decided: Callable[[Decision], None],
        gates: tuple[GateResult, ...] = (),
        obstacle: str = "",
    ) -> None:
        title = text(f"models.do.{deed}").replace("…", "").replace("&", "")
        decision = Decision(title, explain, gates, obstacle, self.view)
        decision.accepted.connect(lambda: decided(decision))
        decision.finished.connect(decision.deleteLater)
        decision.open()

    # Files

    def _ask_folder(self) -> None:
        place = self._bench.settings.place("models")
        if folder := QFileDialog.getExistingDirectory(self.view, text("ask.model"), place):
            actions.register_model(self._bench, Path(folder), self.show)

    def _ask_import(self) -> None:
        title = text("ask.import_model")
        path, _ = QFileDialog.getOpenFileName(self.view, title, "", _FILES)
        if path:
            actions.import_model(self._bench, Path(path), self.show)

    def _ask_export(self, model: RegisteredModel) -> None:
        folder = self._bench.settings.export_folder or Path.home()
        place = str(folder / f"{model.name}.cmdiad")
        path, _ = QFileDialog.getSaveFileName(self.view, text("ask.export_model"), place, _FILES)
        if path:
            actions.export_model(self._bench, model, Path(path))
