"""What all tables of the workbench have in common."""

from PySide6.QtWidgets import QAbstractItemView, QTableView


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
