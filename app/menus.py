"""Menus, tool bar and keys of the window."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMainWindow, QMenu, QToolBar

from app import actions
from app.annotating import Tool
from app.dialogs.method import MethodHelp
from app.dialogs.people import People
from app.dialogs.preferences import Preferences
from app.dialogs.shortcuts import Shortcuts
from app.dialogs.sign_in import SignIn
from app.export_menu import ExportMenu
from app.icons import icon
from app.nearline_offer import NearLineOffer
from app.panels.annotation.exchange_menu import exchange_menus
from app.panels.audit.controller import AuditController
from app.panels.models.controller import ModelsController
from app.panels.presentation.controller import PresentationController
from app.panels.quality.controller import QualityController
from app.panels.study.controller import StudyController
from app.refusal import permit, refusal
from app.text import text
from app.theme import tones
from app.workbench import Workbench
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.people import Right

#: What not everybody may do, by the name of the action.
_RIGHTS = {
    "retrain": Right.RETRAIN,
    "keep_limits": Right.SET_LIMITS,
    **dict.fromkeys(("take_in_nearline", "study", "comment", "undo", "redo"), Right.LABEL),
    **{f"review_{verdict}": Right.LABEL for verdict in PersonVerdict},
}
_VERDICT_KEYS = {PersonVerdict.ACCEPT: "A", PersonVerdict.UNSURE: "U", PersonVerdict.REJECT: "R"}


class Menus:
    """Everything the user can ask for by menu, tool bar or key.

    Parameters
    ----------
    window : QMainWindow
        Gets the menus.
    bench : Workbench
        What the actions act on.
    fit_views : callable
        Shows the whole part in every view.
    export : ExportMenu
        Goes into the file menu.
    write_comment : callable
        Goes to the comment on the part.
    """

    def __init__(
        self,
        window: QMainWindow,
        bench: Workbench,
        fit_views: Callable[[], None],
        export: ExportMenu,
        write_comment: Callable[[], None],
    ) -> None:
        self._window = window
        self._bench = bench
        self.export = export
        self._icons: dict[QAction, str] = {}
        #: Every action by its name, and the keys it came with.
        self.actions: dict[str, QAction] = {}
        self.standard_keys: dict[str, list[str]] = {}
        self.open_model = self._action("open_model", "open-model", ["Ctrl+M"], self._ask_model)
        self.models = ModelsController(bench, window)
        self.show_models = self._action("models", "champion", ["Ctrl+Shift+M"], self.models.open)
        self.open_demo = self._action("open_demo", "cmdiad", [], lambda: actions.open_demo(bench))
        self.open_folder = self._action("open_folder", "open-folder", ["Ctrl+O"], self._ask_folder)
        self.open_files = self._action(
            "open_files", "open-parts", ["Ctrl+Shift+O"], self._ask_files
        )
        self.retrain = self._action("retrain", "", ["Ctrl+T"], lambda: None)
        self.send_list = self._action("send_list", "", ["Ctrl+L"], lambda: None)
        self.nearline = NearLineOffer(window, bench)
        self.take_in_nearline = self._action("take_in_nearline", "", [], self.nearline.ask_folder)
        self.imports = self._action("nearline_imports", "", [], self.nearline.show_imports)
        self.previous = self._action(
            "previous", "previous", ["K", "Ctrl+Up"], lambda: actions.show_previous(bench)
        )
        self.next = self._action(
            "next", "next", ["J", "Ctrl+Down"], lambda: actions.show_next(bench)
        )
        self.measure = self._action(
            "measure", "tool-measure", ["M"], lambda: actions.choose_tool(bench, Tool.MEASURE)
        )
        self.fit_views = self._action("fit_views", "fit", ["F", "Ctrl+0"], fit_views)
        self.reset = self._action(
            "reset_limits", "reset", [], lambda: actions.reset_operating_point(bench)
        )
        self.keep_limits = self._action("keep_limits", "", [], self._ask_reason)
        self.presentation = PresentationController(bench, window)
        self.present = self._action("present", "", ["F5"], self.presentation.ask)
        self.quality = QualityController(bench, window)
        self.show_quality = self._action("quality", "", [], self.quality.show)
        self.study = StudyController(bench, window, self._answer_keys)
        self.ask_study = self._action("study", "", [], self.study.ask)
        self.preferences = self._action("preferences", "", ["Ctrl+,"], self._ask_preferences)
        self.sign_in = self._action("sign_in", "", [], lambda: self._ask_people(SignIn))
        self.people = self._action("people", "", [], lambda: self._ask_people(People))
        self.audit = AuditController(bench, window)
        self.show_audit = self._action("audit", "", ["Ctrl+Shift+A"], self.audit.open)
        self.method = self._action("method", "", [], lambda: MethodHelp(window).exec())
        self.shortcuts = self._action("shortcuts", "", ["F1"], self._ask_keys)
        self.reviews = [self._review(verdict, key) for verdict, key in _VERDICT_KEYS.items()]
        self.comment = self._action("comment", "comment", ["C"], write_comment)
        self.next_without = self._action(
            "next_without", "", ["N"], lambda: actions.show_next_without_verdict(bench)
        )
        self.undo = self._action("undo", "undo", ["Ctrl+Z"], lambda: actions.undo(bench))
        self.redo = self._action("redo", "redo", ["Ctrl+Shift+Z"], lambda: actions.redo(bench))
        self.quit = self._action("quit", "", ["Ctrl+Q"], window.close)
        self.export_annotations, self.import_annotations = exchange_menus(window, bench)
        self.recent_models = QMenu(text("menu.recent_models"), window)
        self.recent_parts = QMenu(text("menu.recent_parts"), window)
        self._fill_menus()
        self._fill_tool_bar()
        self.follow_look()
        bench.people.changed.connect(self.follow_person)
        self.follow_person()

    def follow_person(self) -> None:
        """Let whoever works here ask for what they may do."""
        people = self._bench.people
        for key, right in _RIGHTS.items():
            self.actions[key].setEnabled(people.may(right))
            self._name_keys(self.actions[key], key)
        annotations, refused = self.import_annotations, refusal(people, Right.LABEL)
        permit(annotations.menuAction(), "", refused)

    def follow_look(self) -> None:
        """Draw the icons in the colours of the application."""
        for action, name in self._icons.items():
            action.setIcon(icon(name, tones().words))
        for action, verdict in zip(self.reviews, _VERDICT_KEYS, strict=True):
            action.setIcon(icon(f"person-{verdict}", tones().review(verdict)))

    def _fill_menus(self) -> None:
        file_menu = self._window.menuBar().addMenu(text("menu.file"))
        file_menu.addActions([self.open_model, self.open_folder, self.open_files])
        file_menu.addAction(self.show_models)
        file_menu.addSeparator()
        file_menu.addMenu(self.recent_models)
        file_menu.addMenu(self.recent_parts)
        file_menu.addSeparator()
        file_menu.addAction(self.retrain)
        file_menu.addSeparator()
        file_menu.addMenu(self.export)
        for menu in (self.export_annotations, self.import_annotations):
            file_menu.addMenu(menu)
        nearline = file_menu.addMenu(text("menu.nearline"))
        nearline.addActions([self.send_list, self.take_in_nearline, self.imports])
        file_menu.addSeparator()
        file_menu.addActions([self.sign_in, self.people, self.show_audit, self.preferences])
        file_menu.addSeparator()
        file_menu.addAction(self.quit)
        file_menu.aboutToShow.connect(self.fill_recent)
        edit_menu = self._window.menuBar().addMenu(text("menu.edit"))
        edit_menu.addActions([self.undo, self.redo])
        part_menu = self._window.menuBar().addMenu(text("menu.part"))
        part_menu.addActions([*self.reviews, self.comment])
        part_menu.addSeparator()
        part_menu.addActions([self.next, self.previous, self.next_without])
        part_menu.addSeparator()
        part_menu.addActions([self.measure, self.fit_views, self.reset, self.keep_limits])
        self.view = self._window.menuBar().addMenu(text("menu.view"))
        self.view.addActions([self.present, self.show_quality, self.ask_study])
        self.view.addSeparator()
        help_menu = self._window.menuBar().addMenu(text("menu.help"))
        help_menu.addActions([self.method, self.open_demo, self.shortcuts])
        for menu in (file_menu, edit_menu, part_menu, self.view, help_menu):
            menu.setToolTipsVisible(True)

    def _fill_tool_bar(self) -> None:
        bar = QToolBar(text("menu.tools"), self._window)
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.addActions([self.open_model, self.open_folder, self.open_files])
        bar.addSeparator()
        bar.addActions([self.previous, self.next, self.fit_views])
        self._window.addToolBar(bar)

    def _action(
        self, key: str, icon_name: str, keys: list[str], call: Callable[[], object]
    ) -> QAction:
        action = QAction(text(f"action.{key}"), self._window)
        own = self._bench.settings.keys(key)
        action.setShortcuts([QKeySequence(k) for k in (keys if own is None else own)])
        action.changed.connect(partial(self._name_keys, action, key))
        self._name_keys(action, key)
        self.actions[key], self.standard_keys[key] = action, keys
        action.triggered.connect(call)
        if icon_name:
            self._icons[action] = icon_name
        # Without this a shortcut works only while the menu that holds it exists.
        self._window.addAction(action)
        return action

    def _name_keys(self, action: QAction, key: str) -> None:
        tip = text(f"action.{key}.tip")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        refused = refusal(self._bench.people, _RIGHTS.get(key))
        said = f"{tip} ({keys})" if keys else tip
        action.setToolTip("\n".join(filter(None, [said, refused])))

    def _ask_preferences(self) -> None:
        Preferences(self._bench.settings, self._window).exec()
        # A filter may ask what is yours.
        self._bench.session.set_order(self._bench.session.order)

    def _ask_people(self, dialog: type[SignIn] | type[People]) -> None:
        try:
            actions.read_people(self._bench)
        except InputError as error:
            self._bench.notifications.report(error)
        else:
            dialog(self._bench, self._window).exec()

    def _ask_reason(self) -> None:
        if self._bench.session.detector is None:
            actions.keep_limits(self._bench, "")
            return
        reason, is_meant = QInputDialog.getText(
            self._window, text("limits.keep"), text("limits.keep.why")
        )
        if is_meant:
            actions.keep_limits(self._bench, reason.strip())

    def _ask_keys(self) -> None:
        Shortcuts(self.actions, self.standard_keys, self._bench.settings, self._window).exec()

    def _review(self, verdict: PersonVerdict, key: str) -> QAction:
        name = f"review_{verdict}"
        return self._action(name, "", [key], lambda: actions.review(self._bench, verdict))

    def _answer_keys(self) -> dict[PersonVerdict, list[QKeySequence]]:
        actions_ = zip(_VERDICT_KEYS, self.reviews, strict=True)
        return {verdict: action.shortcuts() for verdict, action in actions_}

    def leave_modes(self) -> None:
        """End what stands over the window."""
        for mode in (self.presentation, self.models, self.quality, self.study, self.audit):
            mode.leave()

    def fill_recent(self) -> None:
        """List what was opened lately."""
        self._list(self.recent_models, "models")
        self._list(self.recent_parts, "parts")

    def _list(self, menu: QMenu, kind: str) -> None:
        menu.clear()
        paths = self._bench.settings.recent(kind)
        menu.setEnabled(bool(paths))
        for path in paths:
            menu.addAction(str(path), partial(actions.open_paths, self._bench, [path]))

    def _ask_model(self) -> None:
        place = self._bench.settings.place("models")
        if folder := QFileDialog.getExistingDirectory(self._window, text("ask.model"), place):
            actions.open_model(self._bench, Path(folder))

    def _ask_folder(self) -> None:
        place = self._bench.settings.place("parts")
        if folder := QFileDialog.getExistingDirectory(self._window, text("ask.folder"), place):
            actions.open_parts(self._bench, [Path(folder)])

    def _ask_files(self) -> None:
        place = self._bench.settings.place("parts")
        files, _ = QFileDialog.getOpenFileNames(self._window, text("ask.files"), place)
        if files:
            actions.open_paths(self._bench, [Path(file) for file in files])
