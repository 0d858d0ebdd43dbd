"""The dialogue in which blind studies are started and taken part in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.refusal import permit
from app.text import text
from app.widgets.first_size import give_size
from app.widgets.pane import heading
from app.widgets.table import dress

if TYPE_CHECKING:
    from cmdiad_core.studies import Study

_SIZE = (720, 620)
_PARTS = 30


class StudyChooser(QDialog):
    """The studies there are, and what a new one needs.

    Parameters
    ----------
    parts : int
        How many parts there are to draw from.
    refused_part, refused_start : str
        Why the person may not take part, and not start one; empty where they may.

    Attributes
    ----------
    chosen : Signal(Study)
        The user wants to take part in it.
    asked : Signal(str, int, int)
        The user wants a new one with this name, number of parts and of repeats.
    """

    chosen = Signal(object)
    asked = Signal(str, int, int)

    def __init__(
        self, parts: int, refused_part: str, refused_start: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("study.title"))
        give_size(self, *_SIZE)
        self._studies: Sequence[Study] = ()
        self._refused_part, self._refused_start = refused_part, refused_start
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels(
            [text(f"study.list.{name}") for name in ("name", "started", "parts", "answers")]
        )
        dress(self.table, text("study.list"))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.empty = heading(text("study.none"), "explain")
        self.empty.setWordWrap(True)
        self.take_part = QPushButton(text("study.take_part"))
        self.take_part.clicked.connect(self._tell_chosen)
        self.table.itemSelectionChanged.connect(self._follow_choice)
        self.table.doubleClicked.connect(self._tell_chosen)
        self.name = QLineEdit()
        self.name.setPlaceholderText(text("study.new.name.example"))
        self.number, self.repeats = QSpinBox(), QSpinBox()
        self.number.setRange(min(1, parts), parts)
        self.number.setValue(min(_PARTS, parts))
        self.repeats.setRange(0, self.number.value())
        self.number.valueChanged.connect(self.repeats.setMaximum)
        self.start = QPushButton(text("study.start"))
        self.start.clicked.connect(self._tell_asked)
        self.start.setAutoDefault(False)
        self._parts = parts
        self.name.textChanged.connect(self._follow_name)
        self._follow_name()
        self._lay_out()
        self.show_studies([])

    def show_studies(self, studies: Sequence[tuple[Study, int]]) -> None:
        """List studies, each with the number of the person's own answers."""
        self._studies = [study for study, _ in studies]
        self._open = [done < len(study.parts) for study, done in studies]
        self.table.setRowCount(len(studies))
        for row, (study, done) in enumerate(studies):
            parts, repeats = len(study.parts) - len(study.repeats), len(study.repeats)
            key = "study.list.repeated" if repeats else "study.list.once"
            cells = (
                study.name,
                f"{study.made_at.astimezone():%Y-%m-%d}, {study.person}",
                text(key, parts=parts, repeats=repeats),
                text("study.list.done", done=done, total=len(study.parts)),
            )
            for column, words in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(words))
        self.empty.setVisible(not studies)
        self.table.setVisible(bool(studies))
        if studies:
            self.table.selectRow(0)
        self._follow_choice()

    def _follow_choice(self) -> None:
        row = self.table.currentRow()
        can = 0 <= row < len(self._studies) and self._open[row]
        permit(self.take_part, text("study.take_part.tip"), self._refused_part, possible=can)

    def _follow_name(self) -> None:
        can = bool(self.name.text().strip()) and self._parts > 0
        permit(self.start, text("study.start.tip"), self._refused_start, possible=can)

    def _tell_chosen(self) -> None:
        if self.take_part.isEnabled():
            self.chosen.emit(self._studies[self.table.currentRow()])

    def _tell_asked(self) -> None:
        self.asked.emit(self.name.text().strip(), self.number.value(), self.repeats.value())
        self.name.clear()

    def _lay_out(self) -> None:
        explain = heading(text("study.choose.explain"), "faint")
        explain.setWordWrap(True)
        form = QFormLayout()
        for name, widget in (
            ("name", self.name),
            ("number", self.number),
            ("repeats", self.repeats),
        ):
            label = QLabel(text(f"study.new.{name}"))
            label.setBuddy(widget)
            widget.setAccessibleName(label.text())
            widget.setToolTip(text(f"study.new.{name}.tip"))
            form.addRow(label, widget)
        key = "study.new.from" if self._parts else "study.new.nothing"
        source = heading(text(key, parts=self._parts), "faint")
        source.setWordWrap(True)
        buttons = QDialogButtonBox()
        close = buttons.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        close.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(explain)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty)
        column.addWidget(self.take_part, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(14)
        column.addWidget(heading(text("study.new")))
        column.addWidget(source)
        column.addLayout(form)
        column.addWidget(self.start, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        column.addWidget(buttons)
