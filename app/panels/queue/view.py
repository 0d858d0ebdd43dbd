"""The queue as a table."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.panels.queue.model import ROLE_ID, Column
from app.text import text
from app.widgets.pane import Pane, heading


class QueueView(Pane):
    """Table of parts and the counts above it.

    Attributes
    ----------
    chosen : Signal(str)
        The user went to the part with this id.
    """

    chosen = Signal(str)

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(text("queue.title"), parent)
        self.counts = heading("", "faint")
        self.add_control(self.counts)
        self.table = _table(model)
        self.body.addWidget(self.table)
        self.table.selectionModel().currentRowChanged.connect(self._tell)

    def select(self, index: QModelIndex) -> None:
        """Show which part is the current one."""
        if index.isValid() and index.row() != self.table.currentIndex().row():
            self.table.selectRow(index.row())
        if index.isValid():
            self.table.scrollTo(index)

    def _tell(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current.data(ROLE_ID))


def _table(model: QAbstractItemModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(text("queue.title"))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    # The end of a name tells parts apart; its beginning they share.
    table.setTextElideMode(Qt.TextElideMode.ElideLeft)
    table.setIconSize(QSize(18, 18))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(30)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setMinimumSectionSize(40)
    for column, width in {Column.VERDICT: 112, Column.SCORE: 60, Column.MODALITIES: 104}.items():
        header.resizeSection(column, width)
    header.setSectionResizeMode(Column.PART, QHeaderView.ResizeMode.Stretch)
    return table
