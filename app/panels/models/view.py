"""The window over the window that shows the registry."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QPushButton,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.icons import pixmap
from app.panels.models.about_view import AboutView
from app.panels.models.comparison_view import ComparisonView
from app.panels.models.gate_fields import GateFields
from app.panels.models.model import COLUMNS, ModelsModel
from app.refusal import permit
from app.text import text
from app.theme import tones
from app.widgets.first_size import give_size
from app.widgets.message_area import MessageArea
from app.widgets.pane import framed, heading
from app.widgets.table import dress

#: What the user can ask for; words are those of ``models.do.KEY``.
DEEDS = ("open", "compare", "promote", "roll_back", "add", "import", "export", "forget")
_SIZE = (1260, 740)
_SIGN = 22
_HEIGHT = 28
_TALL_TABLE, _TALL_DETAIL = 230, 360


class ModelsView(QDialog):
    """Table of models, what there is to say of the chosen one, and what can be done.

    Attributes
    ----------
    asked : Signal(str)
        The user wants one of `DEEDS`.
    chosen : Signal
        Other models are chosen.
    data_wanted : Signal
        The user wants to name another validation set.
    """

    asked = Signal(str)
    chosen = Signal()
    data_wanted = Signal()

    def __init__(
        self, model: ModelsModel, gates: GateFields, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("models.title"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        give_size(self, *_SIZE)
        self._sign = QLabel()
        self.headline = heading("", "headline")
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.headline.setWordWrap(True)
        self.table = _table(model)
        self.table.selectionModel().selectionChanged.connect(self.chosen)
        self.about = AboutView()
        self.comparison = ComparisonView()
        self.history = QListWidget()
        self.history.setAccessibleName(text("models.tab.history"))
        self.history.setWordWrap(True)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.about, text("models.tab.about"))
        self.tabs.addTab(self.comparison, text("models.tab.comparison"))
        self.tabs.addTab(self.history, text("models.tab.history"))
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        both.addWidget(framed(self.table))
        both.addWidget(framed(self.tabs))
        both.setSizes([_TALL_TABLE, _TALL_DETAIL])
        self.data = heading("", "faint")
        self.data.setTextFormat(Qt.TextFormat.PlainText)
        self.data.setWordWrap(True)
        self.name_data = QPushButton(text("models.name_data"))
        self.name_data.setToolTip(text("models.name_data.tip"))
        self.name_data.setAutoDefault(False)
        self.name_data.clicked.connect(self.data_wanted)
        head = QHBoxLayout()
        head.addWidget(self._sign)
        head.addWidget(self.headline, 1)
        data = QHBoxLayout()
        data.addWidget(self.data, 1)
        data.addWidget(self.name_data)
        data.addSpacing(18)
        data.addWidget(gates)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        self.messages = MessageArea(self.table)
        column.addLayout(head)
        column.addWidget(self.messages)
        column.addWidget(both, 1)
        column.addLayout(data)
        column.addLayout(self._deeds())

    def show_champion(self, words: str, known: bool) -> None:
        """Say which model is in use."""
        self.headline.setText(words)
        colour = tones().accent if known else tones().faint
        name = "champion" if known else "note"
        self._sign.setPixmap(pixmap(name, colour, _SIGN, self.devicePixelRatioF()))

    def let(self, possible: set[str], refused: Mapping[str, str]) -> None:
        """Let the user ask for these of `DEEDS`, as far as they are not refused in words."""
        for deed, button in self.buttons.items():
            tip = text(f"models.do.{deed}.tip")
            permit(button, tip, refused.get(deed, ""), possible=deed in possible)

    @property
    def rows(self) -> list[int]:
        """The chosen rows, from the top."""
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    def choose(self, rows: list[int]) -> None:
        """Choose these rows."""
        selection, model = self.table.selectionModel(), self.table.model()
        flags = QItemSelectionModel.SelectionFlag
        with QSignalBlocker(selection):
            selection.clear()
            for row in rows:
                selection.select(model.index(row, 0), flags.Select | flags.Rows)
        self.table.viewport().update()

    def _deeds(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.buttons: dict[str, QPushButton] = {}
        for deed in DEEDS:
            button = QPushButton(text(f"models.do.{deed}"))
            button.setAutoDefault(False)
            button.clicked.connect(partial(self.asked.emit, deed))
            self.buttons[deed] = button
            if deed == "add":
                row.addStretch()
            row.addWidget(button)
        close = QPushButton(text("dialog.close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        row.addSpacing(12)
        row.addWidget(close)
        return row


def _table(model: ModelsModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    dress(table, text("models.title"), _HEIGHT)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    header = table.horizontalHeader()
    # A click on a heading would choose its column.
    header.setSectionsClickable(False)
    for place, column in enumerate(COLUMNS):
        header.resizeSection(place, column.width)
    header.setSectionResizeMode(len(COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
    return table
