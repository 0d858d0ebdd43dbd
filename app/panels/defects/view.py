"""The defect table."""

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QTableView,
    QWidget,
)

from app.panels.defects.model import COLUMNS, DefectsModel
from app.panels.defects.rows import NAMES
from app.text import text
from app.theme import tones
from app.widgets.pane import Pane, heading, sentence
from app.widgets.table import dress

_HEIGHT = 26
#: Of the columns, in logical pixels with words of standard size; an area of six digits fits.
_WIDTHS = (44, 64, 120, 86, 116, 174)


class DefectsView(Pane):
    """Table of regions with a filter above it.

    Attributes
    ----------
    chosen : Signal(int)
        The user went to the region in this row.
    filtered : Signal(str)
        The user wants to see only the regions that meet this expression.
    copied : Signal
        The user wants the table in the clipboard.
    """

    chosen = Signal(int)
    filtered = Signal(str)
    copied = Signal()

    def __init__(self, model: DefectsModel, parent: QWidget | None = None) -> None:
        super().__init__(text("defects.title"), parent)
        self.counts = heading("", "faint")
        self.filter = QLineEdit()
        self.filter.setAccessibleName(text("defects.filter"))
        self.filter.setPlaceholderText(text("defects.filter.example"))
        self.filter.setToolTip(text("defects.filter.tip", names=", ".join(NAMES)))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(180)
        self.filter.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.filter.textChanged.connect(self.filtered)
        self.add_control(self.counts)
        self.add_control(self.filter)
        self.problem = sentence("explain")
        self.table = _table(model)
        self.body.addWidget(self.problem)
        self.body.addWidget(self.table)
        self.table.selectionModel().currentRowChanged.connect(self._tell)
        self.table.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self.table.copied.connect(self.copied)

    def select(self, row: int) -> None:
        """Show which region is the chosen one; -1 for none."""
        selection, model = self.table.selectionModel(), self.table.model()
        if row < 0:
            with QSignalBlocker(selection):
                self.table.setCurrentIndex(model.index(-1, -1))
            selection.clearSelection()
            return
        index = model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        with QSignalBlocker(selection):
            selection.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.table.viewport().update()
        self.table.scrollTo(index)

    def _tell(self) -> None:
        if (row := self.table.currentIndex().row()) >= 0:
            self.chosen.emit(row)


class _Table(QTableView):
    """A table that is copied whole, and says why it is empty; Qt's would copy a single cell."""

    copied = Signal()
    _words = ""

    @property
    def words(self) -> str:
        """What stands in the place of rows."""
        return self._words

    def say(self, words: str) -> None:
        """Show words where rows would be: a line of their own would need a higher window."""
        self._words = words
        self.setAccessibleDescription(words)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self._words:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(tones().faint))
            place = self.viewport().rect().adjusted(8, 8, -8, -8)
            top = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(place, top | Qt.TextFlag.TextWordWrap, self._words)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        else:
            super().keyPressEvent(event)


def _table(model: DefectsModel) -> _Table:
    table = _Table()
    table.setModel(model)
    table.setToolTip(text("defects.table.tip"))
    dress(table, text("defects.title"), _HEIGHT)
    header = table.horizontalHeader()
    for column, width in enumerate(_WIDTHS):
        header.resizeSection(column, width)
    header.setSectionResizeMode(len(COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
    table.setSortingEnabled(True)
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    return table
