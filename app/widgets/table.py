"""What all tables of the workbench have in common."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractItemView, QTableView

from app.theme import words_share

#: A row has air around its words, which need not grow with them.
_ROW_GROWTH = 0.6
_LOOKS = (QEvent.Type.Show, QEvent.Type.FontChange, QEvent.Type.StyleChange)


def dress(table: QTableView, name: str, row_height: int | None = None) -> None:
    """Give a table the common look: whole rows, one chosen at a time, none edited, no grid.

    Parameters
    ----------
    table : QTableView
        Any kind.
    name : str
        Accessible name.
    row_height : int, optional
        In logical pixels; Qt's own without.
    """
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    # Tab goes on to the next widget.
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    if row_height is not None:
        table.verticalHeader().setDefaultSectionSize(row_height)
    table.horizontalHeader().setHighlightSections(False)
    table.installEventFilter(_RoomForWords(table))


class _RoomForWords(QObject):
    """Gives the columns, rows and icons of a table more room when words become larger."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._share = 1.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the size of the words."""
        if event.type() in _LOOKS and self._share != words_share():
            self._grow(words_share() / self._share)
            self._share = words_share()
        return False

    def _grow(self, factor: float) -> None:
        table = self._table
        rows, columns = table.verticalHeader(), table.horizontalHeader()
        higher = 1 + _ROW_GROWTH * (factor - 1)
        rows.setDefaultSectionSize(round(higher * rows.defaultSectionSize()))
        for column in range(columns.count()):
            columns.resizeSection(column, round(factor * columns.sectionSize(column)))
        table.setIconSize(table.iconSize() * factor)
