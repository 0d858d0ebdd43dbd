"""The menu of what can be handed on, and the questions where to."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from app import actions
from app.dialogs.closing import ask_to_close
from app.settings import Settings
from app.text import text
from app.workbench import Workbench
from cmdiad_core.file_names import file_stem

_REPORTS = ("pdf", "html")


class ExportMenu(QMenu):
    """Reports, the table of regions and the picture of now.

    Parameters
    ----------
    window : QWidget
        Below which the dialogs open.
    bench : Workbench
        What is exported.
    shown_image : callable
        Returns the modality whose image the image pane shows, or None.
    """

    def __init__(
        self, window: QWidget, bench: Workbench, shown_image: Callable[[], str | None]
    ) -> None:
        super().__init__(text("menu.export"), window)
        self._window = window
        self._bench = bench
        self._shown_image = shown_image
        self.setToolTipsVisible(True)
        self.part = self._add("export_part", self._ask_part)
        self.queue = self._add("export_queue", self._ask_queue)
        self.regions = self._add("export_regions", self._ask_regions)
        self.picture = self._add("export_picture", self._ask_picture)
        self.aboutToShow.connect(self.follow)

    def follow(self) -> None:
        """Offer what can be exported now."""
        session = self._bench.session
        inspected = session.inspection is not None
        self.part.setEnabled(inspected)
        self.picture.setEnabled(inspected and self._shown_image() is not None)
        for action in (self.queue, self.regions):
            action.setEnabled(session.detector is not None and bool(session.entries))

    def may_close(self) -> bool:
        """Ask what becomes of exports of the queue under way when the window is closed."""
        names = ", ".join(sorted(path.name for path in self._bench.session.exporting))
        title, cancel = text("window.title"), text("export.closing.cancel")
        words = text("export.closing", names=names)
        return not names or ask_to_close(self._window, title, words, cancel)

    def _add(self, key: str, call: Callable[[], None]) -> QAction:
        action = self.addAction(text(f"action.{key}"))
        action.setToolTip(text(f"action.{key}.tip"))
        action.triggered.connect(call)
        return action

    def _ask_part(self) -> None:
        self._ask("export_part", self._stem(), _REPORTS, actions.export_part)

    def _ask_queue(self) -> None:
        self._ask("export_queue", "report", _REPORTS, actions.export_queue)

    def _ask_regions(self) -> None:
        self._ask("export_regions", "regions", ("csv",), actions.export_regions)

    def _ask_picture(self) -> None:
        if over := self._shown_image():
            export = partial(actions.export_picture, over=over)
            self._ask("export_picture", f"{self._stem()}_{over}", ("png",), export)

    def _stem(self) -> str:
        return file_stem(self._bench.session.current or "")

    def _ask(
        self,
        key: str,
        name: str,
        suffixes: tuple[str, ...],
        export: Callable[[Workbench, Path], None],
    ) -> None:
        path = ask_target(self._window, self._bench.settings, key, name, suffixes)
        if path is not None:
            export(self._bench, path)


def ask_target(
    window: QWidget, settings: Settings, key: str, name: str, suffixes: tuple[str, ...]
) -> Path | None:
    """Ask where to write something; None where the user thinks better of it.

    Parameters
    ----------
    window : QWidget
        Below which the dialog opens.
    settings : Settings
        Remembers the folder.
    key, name : str
        Of the question in the catalogue; of the file, as offered.
    suffixes : tuple of str
        Kinds of files that can be written.
    """
    dialog = QFileDialog(window, text(f"ask.{key}"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    filters = {text(f"file.{suffix}"): suffix for suffix in suffixes}
    dialog.setNameFilters(list(filters))
    dialog.setDefaultSuffix(suffixes[0])
    dialog.filterSelected.connect(lambda chosen: _end_with(dialog, filters[chosen]))
    if folder := settings.export_folder:
        dialog.setDirectory(str(folder))
    dialog.selectFile(f"{name}.{suffixes[0]}")
    path = Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    dialog.deleteLater()
    if path is not None:
        settings.export_folder = path.parent
    return path


def _end_with(dialog: QFileDialog, suffix: str) -> None:
    dialog.setDefaultSuffix(suffix)
    named = Path(dialog.selectedFiles()[0])
    dialog.selectFile(named.with_suffix(f".{suffix}").name)
