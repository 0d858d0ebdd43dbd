"""How far the retraining is."""

from collections.abc import Sequence

from PySide6.QtWidgets import QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from app.text import text
from app.widgets.pane import heading


class RunningView(QWidget):
    """Stage, steps, remaining time, log."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = heading("")
        self.stage = heading("", "")
        self.bar = QProgressBar()
        self.bar.setAccessibleName(text("retrain.progress"))
        self.left = heading("", "faint")
        self.left.setToolTip(text("retrain.left.tip"))
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setAccessibleName(text("retrain.log"))
        self._shown = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.title, self.stage, self.bar, self.left, heading(text("retrain.log"))):
            column.addWidget(widget)
        column.addWidget(self.log, 1)

    def begin(self, name: str) -> None:
        """Show another retraining."""
        self.title.setText(text("retrain.making", name=name))
        self.log.clear()
        self._shown = 0

    def show_step(self, stage: str, done: int, total: int, left: str) -> None:
        """Show progress; without steps the bar only says that there is work."""
        self.stage.setText(stage)
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.left.setText(left)

    def show_lines(self, lines: Sequence[str]) -> None:
        """Add what was said since."""
        for line in lines[self._shown :]:
            self.log.appendPlainText(line)
        self._shown = len(lines)
