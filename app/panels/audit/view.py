"""The page of the audit trail."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.icons import pixmap
from app.panels.audit import words
from app.panels.audit.entry_view import EntryView
from app.panels.audit.filters import AuditFilters
from app.panels.audit.model import COLUMNS, AuditModel
from app.text import text
from app.theme import tones
from app.widgets.first_size import give_size
from app.widgets.pane import framed, heading, say, sentence
from app.widgets.table import dress

if TYPE_CHECKING:
    from cmdiad_core.store.audit_trail import Examined

#: What the user can ask for; words are those of ``audit.do.KEY``.
DEEDS = ("verify", "verify_against", "export", "refresh")
_SIZE = (1260, 740)
_HEIGHT, _SIGN = 26, 20
_TALL_TABLE, _TALL_ENTRY = 380, 200
#: More would only repeat that everything is wrong.
_PROBLEMS = 200
_HIGH_PROBLEMS = 120


class AuditView(QDialog):
    """Table of entries, what one of them says in full, and what can be done with the trail.

    Attributes
    ----------
    asked : Signal(str)
        The user wants one of `DEEDS`.
    """

    asked = Signal(str)

    def __init__(self, model: AuditModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("audit.title"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        give_size(self, *_SIZE)
        self._model = model
        explain = heading(text("audit.explain"), "faint")
        explain.setWordWrap(True)
        self.filters = AuditFilters()
        self.count = heading("", "faint")
        self.table = _table(model)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_entry())
        model.modelReset.connect(self._show_first)
        self.entry = EntryView()
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        both.addWidget(framed(self.table))
        both.addWidget(framed(self.entry))
        both.setSizes([_TALL_TABLE, _TALL_ENTRY])
        self.sign, self.outcome = QLabel(), sentence("")
        self.sign.hide()
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        said = QHBoxLayout()
        said.addWidget(self.sign)
        said.addWidget(self.outcome, 1)
        self.problems = QListWidget()
        self.problems.setAccessibleName(text("audit.problems"))
        self.problems.setWordWrap(True)
        self.problems.setMaximumHeight(_HIGH_PROBLEMS)
        self.problems.hide()
        asked = QHBoxLayout()
        asked.addWidget(self.filters, 1)
        asked.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addWidget(explain)
        column.addLayout(asked)
        column.addWidget(both, 1)
        column.addLayout(said)
        column.addWidget(self.problems)
        column.addLayout(self._deeds())

    def show_count(self, count: int) -> None:
        """Say how many entries there are of those asked for."""
        self.count.setText(text("audit.count", count=count))

    def complain(self, problem: str) -> None:
        """Say what could not be done."""
        self._say(problem, "error", tones().reject)

    def begin(self) -> None:
        """Show that the trail is being checked."""
        self.problems.hide()
        self.show_progress(0, 0)

    def show_progress(self, done: int, total: int) -> None:
        """Say how far the check is."""
        self._say(text("audit.checking", done=done, total=total), "waiting", tones().faint)

    def show_outcome(self, examined: Examined) -> None:
        """Say whether the trail is whole, and where it is not."""
        found = examined.problems
        sign = ("reject", tones().reject) if found else ("accept", tones().accept)
        self._say(words.outcome(examined), *sign)
        self.problems.clear()
        self.problems.addItems([words.problem(one) for one in found[:_PROBLEMS]])
        if len(found) > _PROBLEMS:
            self.problems.addItem(text("audit.problems.more", count=len(found) - _PROBLEMS))
        self.problems.setVisible(bool(found))

    def remark(self, words: str) -> None:
        """Say what was done."""
        self._say(words, "note", tones().accent)

    def _say(self, words: str, sign: str, colour: str) -> None:
        say(self.outcome, words)
        self.sign.setPixmap(pixmap(sign, colour, _SIGN, self.devicePixelRatioF()))
        self.sign.show()

    def _show_first(self) -> None:
        if self._model.rows:
            self.table.selectRow(0)
        self._show_entry()

    def _show_entry(self) -> None:
        row = self.table.currentIndex().row()
        self.entry.show_entry(self._model.rows[row] if row >= 0 else None)

    def _deeds(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.buttons: dict[str, QPushButton] = {}
        for deed in DEEDS:
            button = QPushButton(text(f"audit.do.{deed}"))
            button.setToolTip(text(f"audit.do.{deed}.tip"))
            button.setAutoDefault(False)
            button.clicked.connect(partial(self.asked.emit, deed))
            self.buttons[deed] = button
            row.addWidget(button)
        row.addStretch()
        close = QPushButton(text("dialog.close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        row.addWidget(close)
        return row


def _table(model: AuditModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    dress(table, text("audit.title"), _HEIGHT)
    header = table.horizontalHeader()
    header.setSectionsClickable(False)
    for place, column in enumerate(COLUMNS):
        header.resizeSection(place, column.width)
    header.setStretchLastSection(True)
    return table
