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
            actions.preview_nearline(self._bench, Path(folder), self._show, self._refuse)

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
            actions.preview_nearline(bench, paths[0], self._show, lambda _: self._open(paths[0]))
        else:
            actions.open_paths(bench, paths)

    def _show(self, preview: actions.Preview) -> None:
        dialog = NearLineDialog(preview, self._window)
        dialog.taken.connect(lambda name: actions.take_in_nearline(self._bench, preview, name))
        dialog.opened.connect(lambda: self._open(preview.path))
        dialog.open()

    def _open(self, path: Path) -> None:
        actions.open_paths(self._bench, [path if path.is_dir() else path.parent])

    def _refuse(self, error: Exception | None) -> None:
        if error is None:
            self._bench.notifications.remark(text("nearline.none"))
        else:
            self._bench.notifications.report(error)
