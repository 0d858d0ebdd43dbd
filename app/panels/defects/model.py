"""The regions of the shown part as a Qt table model."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.panels.defects.rows import Row
from app.text import text
from cmdiad_core.inspection import Region

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("number", "score", "area", "length", "depth", "seen", "where")
_NUMBERS = 5  # the first columns are numbers


class DefectsModel(QAbstractTableModel):
    """One row a region, sorted as the user asks."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self._sorted_by = (0, Qt.SortOrder.AscendingOrder)

    @property
    def rows(self) -> list[Row]:
        """The rows as they are shown."""
        return self._rows

    def show(self, rows: list[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = self._in_order(rows)
        self.endResetModel()

    def row_of(self, region: Region | None) -> int:
        """Return the row of a region, -1 where there is none."""
        return next((n for n, row in enumerate(self._rows) if row.region is region), -1)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what was not measured comes last."""
        self._sorted_by = (column, order)
        self.show(self._rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return the number of regions."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the heading of a column and what it means."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return text(f"defects.{COLUMNS[section]}")
            if role == Qt.ItemDataRole.ToolTipRole:
                return text(f"defects.{COLUMNS[section]}.tip")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()].words[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() < _NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _in_order(self, rows: list[Row]) -> list[Row]:
        column, order = self._sorted_by

        def key(row: Row) -> Any:
            return row.keys[column]

        known = [row for row in rows if key(row) is not None]
        unknown = [row for row in rows if key(row) is None]
        descending = order is Qt.SortOrder.DescendingOrder
        return [*sorted(known, key=key, reverse=descending), *unknown]
