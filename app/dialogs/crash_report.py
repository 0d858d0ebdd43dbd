"""Offers the log of a run that ended without being closed."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.crash_log import tail
from app.text import text
from app.widgets.first_size import give_size
from app.widgets.pane import heading

_SIZE = (760, 480)


class CrashReport(QDialog):
    """Shows the logs; when it is closed they are removed.

    Parameters
    ----------
    logs : list of Path
        What was left behind.
    """

    def __init__(self, logs: list[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("crash.title"))
        give_size(self, *_SIZE)
        self._logs = logs
        words = heading(text("crash.explain"), "")
        words.setWordWrap(True)
        self.log = QPlainTextEdit("\n".join(tail(path) for path in logs))
        self.log.setReadOnly(True)
        self.log.setAccessibleName(text("crash.title"))
        buttons = QDialogButtonBox()
        copy = buttons.addButton(text("crash.copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.log.toPlainText()))
        close = buttons.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(words)
        column.addWidget(self.log, 1)
        column.addWidget(buttons)

    def done(self, result: int) -> None:
        """Remove the logs that were shown."""
        for path in self._logs:
            path.unlink(missing_ok=True)
        super().done(result)
