"""Keeps the page of the audit trail and the store in step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from app import actions
from app.panels.audit.model import AuditModel
from app.panels.audit.view import AuditView
from app.text import text
from app.workbench import Workbench

if TYPE_CHECKING:
    from cmdiad_core.store.audit import Entry
    from cmdiad_core.store.audit_pages import NamedEntry, Wanted
    from cmdiad_core.store.audit_trail import Examined

_LINES = "JSON lines (*.jsonl)"
_TABLE = "CSV (*.csv)"


class AuditController:
    """The page of the audit trail; everybody may read it.

    Parameters
    ----------
    bench : Workbench
        Whose store it is.
    window : QWidget
        Over which the page opens.
    """

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        self._bench, self._window = bench, window
        self._model = AuditModel()
        self._model.more_wanted.connect(self._read_older)
        self._wanted: Wanted | None = None
        self.view: AuditView | None = None

    def open(self) -> None:
        """Open the page, or bring it to the front, with what there is now."""
        if self.view is None:
            self._model.show([], 0)
            self.view = AuditView(self._model, self._window)
            self.view.filters.changed.connect(self._read)
            self.view.asked.connect(self.do)
            self.view.finished.connect(self._forget)
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()
        self._read()

    def leave(self) -> None:
        """Close the page."""
        if self.view is not None:
            self.view.reject()

    def do(self, deed: str) -> None:
        """Do one of `DEEDS`."""
        if deed == "verify":
            self._verify(None)
        elif deed == "verify_against":
            self._ask_against()
        elif deed == "export":
            self._ask_export()
        else:
            self._read()

    def _read(self) -> None:
        if self.view is not None:
            self._wanted = self.view.filters.wanted
            actions.read_audit(self._bench, self._wanted, self._show, self._fail)

    def _show(self, found: actions.FirstPage) -> None:
        if self.view is not None:
            self.view.filters.offer(found.people, found.actions)
            self.view.show_count(found.count)
            self._model.show(found.rows, found.count)

    def _read_older(self) -> None:
        if self._wanted is None:
            return
        than = self._model.rows[-1].entry.id

        def done(rows: list[NamedEntry]) -> None:
            if self.view is not None:
                self._model.add(rows)

        actions.read_older_audit(self._bench, self._wanted, than, done, self._fail)

    def _verify(self, against: Path | None) -> None:
        if self.view is not None:
            self.view.begin()
            actions.verify_audit(self._bench, against, self._step, self._show_outcome, self._fail)

    def _step(self, done: int, total: int) -> None:
        if self.view is not None:
            self.view.show_progress(done, total)

    def _show_outcome(self, examined: Examined) -> None:
        if self.view is not None:
            self.view.show_outcome(examined)

    def _ask_against(self) -> None:
        title, folder = text("audit.ask.against"), str(self._folder())
        path, _ = QFileDialog.getOpenFileName(self.view, title, folder, _LINES)
        if path:
            self._verify(Path(path))

    def _ask_export(self) -> None:
        title, place = text("audit.ask.export"), str(self._folder() / "trail.jsonl")
        path, kind = QFileDialog.getSaveFileName(self.view, title, place, f"{_LINES};;{_TABLE}")
        if not path:
            return
        target = Path(path)
        if not target.suffix:
            target = target.with_suffix(".csv" if kind == _TABLE else ".jsonl")

        def done(newest: Entry | None) -> None:
            if self.view is not None and newest is not None:
                words = {"path": target, "number": newest.id, "hash": newest.hash}
                self.view.remark(text("audit.exported", **words))

        actions.export_audit(self._bench, target, done, self._fail)

    def _folder(self) -> Path:
        return self._bench.settings.export_folder or Path.home()

    def _fail(self, error: Exception) -> None:
        if self.view is not None:
            self.view.complain(str(error))

    def _forget(self) -> None:
        self.view = None
        for topic in (actions.AUDIT, actions.AUDIT_CHECK):
            self._bench.worker.drop(topic)
