"""Lists what was taken in of near-line stations, and takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.people import People
from app.refusal import permit, refusal
from app.text import text
from app.widgets.first_size import give_size
from app.widgets.pane import heading, say, sentence
from app.widgets.table import dress
from cmdiad_core.people import Right

if TYPE_CHECKING:
    from cmdiad_core.edits import NearLineImport

_SIZE = (780, 460)
_COLUMNS = ("when", "station", "parts", "person", "folder")
_FOLDER = 4


class ImportsDialog(QDialog):
    """A row an import, the newest first.

    Parameters
    ----------
    people : People
        Whether whoever works here may take one back.

    Attributes
    ----------
    withdrawn : Signal(int, str)
        The user takes back the import with this number, for this reason.
    """

    withdrawn = Signal(int, str)

    def __init__(self, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("imports.title"))
        give_size(self, *_SIZE)
        self._imports: Sequence[NearLineImport] = ()
        self._refused = refusal(people, Right.LABEL)
        explain = heading(text("imports.explain"), "faint")
        explain.setWordWrap(True)
        self.table = _table()
        self.table.itemSelectionChanged.connect(self._follow_choice)
        self.said = sentence("explain")
        self.reason = QLineEdit()
        self.reason.setAccessibleName(text("imports.reason"))
        label = QLabel(text("imports.reason"))
        label.setBuddy(self.reason)
        self.withdraw = QPushButton(text("imports.withdraw"))
        self.withdraw.setAutoDefault(False)
        self.withdraw.clicked.connect(self._withdraw)
        why = QHBoxLayout()
        why.addWidget(label)
        why.addWidget(self.reason, 1)
        why.addWidget(self.withdraw)
        buttons = QDialogButtonBox()
        close = buttons.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(explain)
        column.addWidget(self.table, 1)
        column.addWidget(self.said)
        column.addLayout(why)
        column.addStretch()
        column.addWidget(buttons)
        self.table.hide()
        self._follow_choice()

    def show_imports(self, imports: Sequence[NearLineImport]) -> None:
        """Show other imports."""
        self._imports = imports
        self.table.setRowCount(len(imports))
        for row, one in enumerate(imports):
            cells = (
                f"{one.made_at.astimezone():%Y-%m-%d %H:%M}",
                one.source,
                text("imports.gone") if one.withdrawn else str(one.parts),
                one.person,
                one.origin,
            )
            for column, words in enumerate(cells):
                item = QTableWidgetItem(words)
                item.setToolTip(words if column == _FOLDER else _tip(column))
                if one.withdrawn:
                    item.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
                self.table.setItem(row, column, item)
        self.table.setVisible(bool(imports))
        if not imports:
            say(self.said, text("imports.none"))
        standing = next((row for row, one in enumerate(imports) if not one.withdrawn), -1)
        self.table.selectRow(standing)
        self._follow_choice()

    def complain(self, problem: str) -> None:
        """Say why an import was not taken back; nothing where it was."""
        say(self.said, problem)
        if not problem:
            self.reason.clear()

    @property
    def _chosen(self) -> NearLineImport | None:
        row = self.table.currentRow()
        return self._imports[row] if 0 <= row < len(self._imports) else None

    def _follow_choice(self) -> None:
        chosen = self._chosen
        possible = chosen is not None and not chosen.withdrawn
        for name, widget in (("withdraw", self.withdraw), ("reason", self.reason)):
            permit(widget, text(f"imports.{name}.tip"), self._refused, possible=possible)
        if self._refused:
            say(self.said, self._refused)

    def _withdraw(self) -> None:
        if (chosen := self._chosen) is not None:
            self.withdraw.setEnabled(False)
            self.withdrawn.emit(chosen.number, self.reason.text().strip())


def _tip(column: int) -> str:
    return text(f"imports.{_COLUMNS[column]}.tip")


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    dress(table, text("imports.title"))
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, name in enumerate(_COLUMNS):
        item = QTableWidgetItem(text(f"imports.{name}"))
        item.setToolTip(_tip(column))
        table.setHorizontalHeaderItem(column, item)
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(_FOLDER, QHeaderView.ResizeMode.Stretch)
    return table
