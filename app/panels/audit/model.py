"""The audit trail as a Qt table model that is filled as far as it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.panels.audit import words
from app.text import text

if TYPE_CHECKING:
    from cmdiad_core.store.audit_pages import NamedEntry

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class _Column:
    """What one column says of an entry; its words are those of ``audit.column.KEY``."""

    key: str
    width: int
    say: Callable[[NamedEntry], str]


COLUMNS = (
    _Column("number", 78, lambda one: str(one.entry.id)),
    _Column("local", 160, lambda one: words.local_time(one.entry)),
    _Column("utc", 160, lambda one: words.utc_time(one.entry)),
    _Column("person", 84, lambda one: one.entry.person),
    _Column("action", 156, lambda one: words.deed(one.entry.action)),
    _Column("subject", 136, lambda one: one.name),
    _Column("reason", 130, lambda one: one.entry.reason),
    _Column("before", 124, lambda one: words.in_short(one)[0]),
    _Column("after", 160, lambda one: words.in_short(one)[1]),
)


class AuditModel(QAbstractTableModel):
    """A row an entry, the newest one first.

    Attributes
    ----------
    more_wanted : Signal
        The last row is seen, and there are older entries.
    """

    more_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[NamedEntry] = []
        self.count = 0
        self._is_waiting = False

    def show(self, rows: Sequence[NamedEntry], count: int) -> None:
        """Take other entries, the first of so many."""
        self.beginResetModel()
        self.rows, self.count, self._is_waiting = list(rows), count, False
        self.endResetModel()

    def add(self, rows: Sequence[NamedEntry]) -> None:
        """Take older entries; none where there are no more."""
        self._is_waiting = False
        first = len(self.rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self.rows.extend(rows)
        self.endInsertRows()

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802
        """Return whether there are older entries that nobody asked for yet."""
        return not parent.isValid() and not self._is_waiting and len(self.rows) < self.count

    def fetchMore(self, parent: Index) -> None:  # noqa: N802
        """Ask for older entries; they come later."""
        self._is_waiting = True
        self.more_wanted.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return the number of entries that were read."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the heading of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return text(f"audit.column.{COLUMNS[section].key}")
        if role == Qt.ItemDataRole.ToolTipRole:
            return text(f"audit.column.{COLUMNS[section].key}.tip")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section else _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        column, one = COLUMNS[index.column()], self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.say(one)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{column.say(one)}\n{text(f'audit.column.{column.key}.tip')}".strip()
        if role == Qt.ItemDataRole.TextAlignmentRole and not index.column():
            return _RIGHT
        return None
