"""Where results of a near-line station come in: dropped on the window, or by the menu."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from app import actions
from app.dialogs.nearline import NearLineDialog
from app.dialogs.nearline_imports import ImportsDialog
from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import NearLineImport


class NearLineOffer:
    """Asks before anything is written.

    Parameters
    ----------
    window : QWidget
        Below which the dialogs open.
    bench : Workbench
        Whose queue the results belong to.
    """

    def __init__(self, window: QWidget, bench: Workbench) -> None:
        self._window = window
        self._bench = bench

    def ask_folder(self) -> None:
        """Ask for a folder of results."""
        if not self._bench.session.entries:
            self._bench.notifications.remark(text("nearline.no_queue"))
        elif folder := QFileDialog.getExistingDirectory(self._window, text("ask.nearline")):
            report = self._bench.notifications.report
            actions.preview_nearline(self._bench, Path(folder), self._show, report)

    def show_imports(self) -> None:
        """List what was taken in, to take it back."""
        bench, dialog = self._bench, ImportsDialog(self._bench.people, self._window)

        def told(problem: str) -> None:
            if isValid(dialog):
                dialog.complain(problem)
                read()

        def show(found: list[NearLineImport]) -> None:
            if isValid(dialog):
                dialog.show_imports(found)

        def read() -> None:
            actions.read_imports(bench, show)

        dialog.withdrawn.connect(
            lambda number, reason: actions.withdraw_import(bench, number, reason, told)
        )
        dialog.open()
        read()

    def drop(self, paths: list[Path]) -> None:
        """Take what was dropped: as results where it speaks of the queue and the user says so."""
        bench = self._bench
        if bench.session.entries and len(paths) == 1 and actions.may_be_results(paths[0]):
            actions.preview_nearline(bench, paths[0], self._weigh, lambda _: self._open(paths[0]))
        else:
            actions.open_paths(bench, paths)

    def _weigh(self, preview: actions.Preview) -> None:
        if preview.matches:
            self._show(preview)
        else:
            self._open(preview.path)

    def _show(self, preview: actions.Preview) -> None:
        bench, dialog = self._bench, NearLineDialog(preview, self._window)

        def show(found: actions.Preview) -> None:
            if isValid(dialog):
                dialog.show_preview(found)

        def complain(error: Exception) -> None:
            if isValid(dialog):
                dialog.complain(error)

        dialog.ruled.connect(
            lambda rule: actions.preview_with_rule(bench, preview, rule, show, complain)
        )
        dialog.taken.connect(lambda found, name: actions.take_in_nearline(bench, found, name))
        dialog.opened.connect(lambda: self._open(preview.path))
        dialog.open()

    def _open(self, path: Path) -> None:
        actions.open_paths(self._bench, [path if path.is_dir() else path.parent])
