"""The queue as a table."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTableView,
    QWidget,
)

from app.jobs.thumbnails import Thumbnails
from app.panels.queue.film import Filmstrip, nothing_chosen
from app.panels.queue.model import ROLE_ID, Column
from app.text import text
from app.theme import words_share
from app.widgets.pane import Pane, heading, sentence
from app.widgets.table import dress

#: Of the columns beside the names, in logical pixels with words of standard size.
_WIDTHS = {Column.VERDICT: 124, Column.SCORE: 58, Column.MODALITIES: 102, Column.REVIEW: 34}
_LEAST_FOR_NAMES = 120


class QueueView(Pane):
    """Table of parts and the counts above it.

    Attributes
    ----------
    chosen : Signal(str)
        The user went to the part with this id.
    searched : Signal(str)
        Words that the ids of the shown parts must hold.
    filter_chosen : Signal(str)
        Key of the filter; empty for all parts.
    """

    chosen = Signal(str)
    searched = Signal(str)
    filter_chosen = Signal(str)

    def __init__(
        self,
        model: QAbstractItemModel,
        thumbnails: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text("queue.title"), parent)
        self.counts = heading("", "faint")
        self.add_control(self.counts)
        self.table = _table(model)
        self.search = QLineEdit()
        self.search.setPlaceholderText(text("queue.search"))
        self.search.setAccessibleName(text("queue.search"))
        self.search.setToolTip(text("queue.search.tip"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.searched)
        self.filter = QComboBox()
        self.filter.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.filter.setMinimumContentsLength(9)
        self.filter.view().setTextElideMode(Qt.TextElideMode.ElideNone)
        self.filter.setAccessibleName(text("queue.filter"))
        self.filter.setToolTip(text("queue.filter.tip"))
        self.filter.activated.connect(lambda: self.filter_chosen.emit(self.filter_key))
        self.offer_filters([])
        row = QHBoxLayout()
        # The titles of filters are longer than what people search for.
        row.addWidget(self.search, 2)
        row.addWidget(self.filter, 3)
        self.body.addLayout(row)
        self.note = sentence("explain")
        self.body.addWidget(self.note)
        self.film = Filmstrip(model, thumbnails)
        # One selection: both show the same part as the current one.
        self.film.setSelectionModel(self.table.selectionModel())
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.film)
        self.setFocusProxy(self.table)
        self.pictures = QPushButton(text("queue.pictures"))
        self.pictures.setCheckable(True)
        self.pictures.setToolTip(text("queue.pictures.tip"))
        self.pictures.toggled.connect(self._show_pictures)
        row.addWidget(self.pictures)
        self.body.addWidget(self.stack)
        self.table.selectionModel().currentRowChanged.connect(self._tell)

    @property
    def filter_key(self) -> str:
        """Key of the chosen filter; empty for all parts."""
        return str(self.filter.currentData() or "")

    def offer_filters(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer filters (key, title); the chosen one stays if it is among them."""
        chosen = self.filter_key
        self.filter.clear()
        for key, title in [("", text("filter.all")), *choices]:
            self.filter.addItem(title, key)
        self.filter.setCurrentIndex(max(self.filter.findData(chosen), 0))

    def select(self, row: int) -> None:
        """Show which part is the current one; -1 where it is not in the table."""
        if row < 0:
            self.table.clearSelection()
            return
        if row != self.table.currentIndex().row():
            with QSignalBlocker(self.table.selectionModel()):
                self.table.selectRow(row)
            self.table.viewport().update()
            self.film.viewport().update()
        self._scroll(row)

    def _show_pictures(self, wanted: bool) -> None:
        self.stack.setCurrentIndex(int(wanted))
        self.setFocusProxy(self.film if wanted else self.table)
        self._scroll(self.table.currentIndex().row())

    def _scroll(self, row: int) -> None:
        # The hidden one would lay out all its parts for nothing.
        view = self.film if self.pictures.isChecked() else self.table
        if row >= 0:
            view.scrollTo(self.table.model().index(row, Column.PART))

    def _tell(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current.data(ROLE_ID))


class _Table(QTableView):
    """Shows the modalities where there is room for them and for the names of parts."""

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Get the focus and choose nothing."""
        with nothing_chosen(self):
            super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Follow the width."""
        super().resizeEvent(event)
        needed = words_share() * (sum(_WIDTHS.values()) + _LEAST_FOR_NAMES)
        self.setColumnHidden(Column.MODALITIES, self.viewport().width() < needed)


def _table(model: QAbstractItemModel) -> QTableView:
    table = _Table()
    table.setModel(model)
    table.horizontalHeader().setSortIndicator(Column.SCORE, Qt.SortOrder.AscendingOrder)
    table.setSortingEnabled(True)
    dress(table, text("queue.title"), 30)
    # The end of a name tells parts apart; its beginning they share.
    table.setTextElideMode(Qt.TextElideMode.ElideLeft)
    table.setIconSize(QSize(18, 18))
    header = table.horizontalHeader()
    header.setMinimumSectionSize(40)
    for column, width in _WIDTHS.items():
        header.resizeSection(column, width)
    # Beside the model's verdict.
    header.moveSection(Column.REVIEW, 1)
    header.setSectionResizeMode(Column.PART, QHeaderView.ResizeMode.Stretch)
    return table
