"""The slide on what measuring less would change."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.panels.presentation.savings_words import Table
from app.text import text
from app.widgets.pane import heading, say, sentence


class SavingsSlide(QWidget):
    """A sentence, a table, and on what they rest; a bar while it is being computed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = heading(text("presentation.savings"), "huge")
        self.lead = heading("", "lead")
        self.lead.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(text("presentation.savings"))
        self.progress.setFormat(text("presentation.progress"))
        self.note = sentence("faint")
        self.cells: list[list[QLabel]] = []
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.title)
        column.addWidget(self.lead)
        column.addWidget(self.progress)
        column.addWidget(self._area, 1)
        column.addWidget(self.note)

    def show_progress(self, done: int, total: int) -> None:
        """Show how many parts were compared, and nothing of what was found so far."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.show()
        self.lead.setText(text("presentation.waiting"))

    def show_words(self, words: str) -> None:
        """Say why there is nothing to compare."""
        self.progress.hide()
        self.lead.setText(words)

    def show_table(self, lead: str, table: Table, note: str) -> None:
        """Show what was found."""
        self.show_words(lead)
        say(self.note, note)
        inner = QWidget()
        inner.setProperty("ground", "true")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(12)
        self.cells = []
        for row, words in enumerate([table.headings, *table.rows]):
            role = "cell" if row else "caption"
            self.cells.append([_cell(word, role) for word in words])
            for column, cell in enumerate(self.cells[-1]):
                grid.addWidget(cell, row, column)
                grid.setColumnStretch(column, 1)
        grid.setRowStretch(len(table.rows) + 1, 1)
        self._area.setWidget(inner)


def _cell(words: str, role: str) -> QLabel:
    label = heading(words, role)
    label.setWordWrap(role == "caption")
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
    label.setProperty("spared", words == text("presentation.spared"))
    return label
