"""The page that lists the parts to send near-line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.text import text
from app.widgets.first_size import give_size
from app.widgets.pane import heading, say, sentence
from app.widgets.table import dress

_SIZE = (900, 640)
_PICTURE, _ROOM = 72, 8
_PART_WIDTH = 220
_BUDGET, _MOST = 10, 500
_COLUMNS = ("rank", "part", "score", "p", "why")
_PART, _WHY = 1, 4


class Row(NamedTuple):
    """A part of the list: its id, what stands in the columns after it."""

    part: str
    score: str
    p_value: str
    why: str


class SendListView(QDialog):
    """Budget, counts, list.

    Attributes
    ----------
    budget_changed, wanted_now, stopped : Signal
        Another number of parts can be measured; the list is wanted before all parts are
        inspected; it is not wanted any more.
    chosen : Signal(str)
        The user wants to see the part with this id.
    export_wanted : Signal
        The user wants the list as a file.
    """

    budget_changed = Signal()
    wanted_now = Signal()
    stopped = Signal()
    chosen = Signal(str)
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("send_list.title"))
        give_size(self, *_SIZE)
        self._rows: list[Row] = []
        self.budget = QSpinBox()
        self.budget.setRange(1, _MOST)
        self.budget.setValue(_BUDGET)
        # Not for every digit that is typed.
        self.budget.setKeyboardTracking(False)
        self.budget.setAccessibleName(text("send_list.budget"))
        self.budget.setToolTip(text("send_list.budget.tip"))
        self.budget.valueChanged.connect(lambda _: self.budget_changed.emit())
        self.now = _button("send_list.now", self.wanted_now)
        self.stop = _button("send_list.stop", self.stopped)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(text("send_list.progress"))
        self.counts, self.caution = sentence(""), sentence("explain")
        self.table = _table()
        self.table.cellClicked.connect(lambda row, _: self.chosen.emit(self._rows[row].part))
        self.table.itemActivated.connect(lambda item: self.chosen.emit(self._rows[item.row()].part))
        self.export = _button("send_list.export", self.export_wanted)
        self._lay_out()
        self.show_rows([])
        self.show_progress("", 0, 0)

    def show_words(self, counts: str, caution: str = "") -> None:
        """Say what the list is made from, and what to mind."""
        say(self.counts, counts)
        say(self.caution, caution)

    def show_progress(self, words: str, done: int, total: int, *, ranking: bool = False) -> None:
        """Say how far it is; no words hide it."""
        self.progress.setVisible(bool(words))
        self.now.setVisible(bool(words) and not ranking)
        self.stop.setVisible(bool(words) and ranking)
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.progress.setFormat(words)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show another list; where it is the same, the user's place in it stays."""
        if rows and list(rows) == self._rows:
            return
        self._rows = list(rows)
        self.table.setRowCount(0)
        self.table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, words in enumerate((str(place + 1), *row)):
                item = QTableWidgetItem(words)
                item.setToolTip(words if column in (_PART, _WHY) else _tip(column))
                if column not in (_PART, _WHY):
                    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    item.setTextAlignment(right)
                self.table.setItem(place, column, item)
        self.table.setVisible(bool(rows))
        self.export.setEnabled(bool(rows))
        self.table.resizeRowsToContents()

    def show_picture(self, part_id: str, image: QImage) -> None:
        """Show what a part of the list looks like."""
        for place, row in enumerate(self._rows):
            item = self.table.item(place, _PART)
            if row.part == part_id and item is not None and item.icon().isNull():
                item.setIcon(QIcon(QPixmap.fromImage(image)))

    def _lay_out(self) -> None:
        explain = heading(text("send_list.explain"), "faint")
        explain.setWordWrap(True)
        label = QLabel(text("send_list.budget"))
        label.setBuddy(self.budget)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.budget)
        row.addSpacing(12)
        row.addWidget(self.progress, 1)
        row.addWidget(self.now)
        row.addWidget(self.stop)
        row.addStretch()
        buttons = QDialogButtonBox()
        buttons.addButton(self.export, QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(explain)
        column.addLayout(row)
        column.addWidget(self.counts)
        column.addWidget(self.caution)
        column.addWidget(self.table, 1)
        # What is said stays at the top where there is no list.
        column.addStretch()
        column.addWidget(buttons)


def _button(key: str, pressed: object) -> QPushButton:
    button = QPushButton(text(key))
    button.setToolTip(text(f"{key}.tip"))
    button.setAutoDefault(False)
    button.clicked.connect(pressed)
    return button


def _tip(column: int) -> str:
    return text(f"send_list.{_COLUMNS[column]}.tip")


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.verticalHeader().setMinimumSectionSize(_PICTURE + _ROOM)
    dress(table, text("send_list.title"))
    table.setWordWrap(True)
    table.setIconSize(QSize(_PICTURE, _PICTURE))
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    header = table.horizontalHeader()
    for column, name in enumerate(_COLUMNS):
        item = QTableWidgetItem(text(f"send_list.{name}"))
        item.setToolTip(_tip(column))
        side = (
            Qt.AlignmentFlag.AlignLeft if column in (_PART, _WHY) else Qt.AlignmentFlag.AlignRight
        )
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalHeaderItem(column, item)
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(_PART, QHeaderView.ResizeMode.Interactive)
    header.resizeSection(_PART, _PART_WIDTH)
    header.setSectionResizeMode(_WHY, QHeaderView.ResizeMode.Stretch)
    header.sectionResized.connect(lambda *_: table.resizeRowsToContents())
    return table
