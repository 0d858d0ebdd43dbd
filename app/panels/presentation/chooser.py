"""The question before a tour: which parts, in which order, and what a scan takes."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.panels.presentation.efforts import EffortForm
from app.panels.presentation.tour import preselected
from app.panels.queue.model import ROLE_ID, Column, QueueModel
from app.text import text
from app.widgets.first_size import give_size
from app.widgets.pane import heading
from app.widgets.table import dress
from app.workbench import Workbench

_SIZE = (980, 640)


class TourChooser(QDialog):
    """The queue beside the parts that are shown; what is chosen changes nothing but the tour.

    Parameters
    ----------
    bench : Workbench
        With a model and parts.
    """

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("presentation.choose"))
        give_size(self, *_SIZE)
        session, detector = bench.session, bench.session.detector
        self.queue = QTableView()
        model = QueueModel(session, self)
        model.shorten_names()
        model.follow()
        self.queue.setModel(model)
        dress(self.queue, text("queue.title"))
        self.queue.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.queue.horizontalHeader()
        header.setSectionResizeMode(Column.PART, QHeaderView.ResizeMode.Stretch)
        for column in (Column.VERDICT, Column.SCORE, Column.MODALITIES):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.queue.setColumnHidden(Column.REVIEW, True)
        # By the rows in view: the queue may be long.
        header.setResizeContentsPrecision(0)
        self.queue.doubleClicked.connect(lambda _: self._add())
        self.shown = QListWidget()
        self.shown.addItems(preselected(session.entries.values(), session.truth))
        self.shown.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.efforts = EffortForm(() if detector is None else detector.modalities, bench.settings)
        self._buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.begin = self._buttons.addButton(text("presentation.begin"), role.AcceptRole)
        self._buttons.addButton(text("dialog.cancel"), role.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        # Another model or other parts are no longer what is chosen from.
        self._signals = (session.model_changed, session.parts_changed)
        for signal in self._signals:
            signal.connect(self._give_up)

    @property
    def chosen(self) -> list[str]:
        """Ids of the parts to show, in order."""
        return [self.shown.item(row).text() for row in range(self.shown.count())]

    def done(self, result: int) -> None:
        """Close; the session is no longer listened to."""
        for signal in self._signals:
            signal.disconnect(self._give_up)
        super().done(result)

    def _give_up(self) -> None:
        self.reject()

    def _lay_out(self) -> None:
        self.add = self._button("add", self._add)
        self.up = self._button("up", lambda: self._move(-1))
        self.down = self._button("down", lambda: self._move(1))
        self.remove = self._button("remove", self._remove)
        row = QHBoxLayout()
        for button in (self.up, self.down, self.remove):
            row.addWidget(button)
        row.addStretch()
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        columns = (("presentation.queue", self.queue), ("presentation.shown", self.shown))
        for column, (key, view) in enumerate(columns):
            label = heading(text(key))
            label.setBuddy(view)
            view.setAccessibleName(text(key))
            view.setToolTip(text("presentation.order.tip"))
            grid.addWidget(label, 0, column)
            grid.addWidget(view, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.add, 2, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addLayout(row, 2, 1)
        explain = heading(text("presentation.choose.explain"), "faint")
        explain.setWordWrap(True)
        column_layout = QVBoxLayout(self)
        column_layout.setSpacing(10)
        column_layout.addWidget(explain)
        column_layout.addLayout(grid, 1)
        column_layout.addWidget(self.efforts)
        column_layout.addWidget(self._buttons)

    def _button(self, key: str, call: Callable[[], None]) -> QPushButton:
        button = QPushButton(text(f"presentation.{key}"))
        button.setToolTip(text(f"presentation.{key}.tip"))
        button.setAutoDefault(False)
        button.clicked.connect(call)
        return button

    def _add(self) -> None:
        taken = set(self.chosen)
        for index in self.queue.selectionModel().selectedRows():
            part_id = index.data(ROLE_ID)
            if part_id not in taken:
                self.shown.addItem(part_id)
        self.shown.setCurrentRow(self.shown.count() - 1)

    def _move(self, step: int) -> None:
        row = self.shown.currentRow()
        if row >= 0 and 0 <= row + step < self.shown.count():
            self.shown.insertItem(row + step, self.shown.takeItem(row))
            self.shown.setCurrentRow(row + step)

    def _remove(self) -> None:
        if (row := self.shown.currentRow()) >= 0:
            self.shown.takeItem(row)
