"""Asks what a folder is: another queue, or what a near-line station found of this one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.actions import Preview
from app.text import text
from app.widgets.pane import heading

_WIDTH = 560
_LINES = 6


class NearLineDialog(QDialog):
    """Says what taking results in would do, before anything is written.

    Parameters
    ----------
    preview : Preview
        What is said.

    Attributes
    ----------
    taken : Signal(str)
        The user takes the results in, from the station of this name.
    opened : Signal
        The user wants the folder as the queue.
    """

    taken = Signal(str)
    opened = Signal()

    def __init__(self, preview: Preview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("nearline.title"))
        self.setMinimumWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(heading(preview.path.name))
        self.words = heading("\n".join(_counts(preview)), "")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self.words)
        if preview.unmatched:
            column.addWidget(_list(preview))
        explain = heading(text("nearline.what"), "faint")
        explain.setWordWrap(True)
        column.addWidget(explain)
        self.source = QLineEdit(text("nearline.source.default"))
        self.source.setToolTip(text("nearline.source.tip"))
        self.source.setAccessibleName(text("nearline.source"))
        form = QFormLayout()
        form.addRow(text("nearline.source"), self.source)
        column.addLayout(form)
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.take = buttons.addButton(text("nearline.take"), role.AcceptRole)
        self.take.setToolTip(text("nearline.take.tip"))
        self.open_queue = buttons.addButton(text("nearline.open"), role.ActionRole)
        self.open_queue.setToolTip(text("nearline.open.tip"))
        cancel = buttons.addButton(text("dialog.cancel"), role.RejectRole)
        self.take.setDefault(True)
        self.take.clicked.connect(self._take)
        self.open_queue.clicked.connect(self._open)
        cancel.clicked.connect(self.reject)
        column.addWidget(buttons)

    def _take(self) -> None:
        self.taken.emit(self.source.text().strip() or text("nearline.source.default"))
        self.accept()

    def _open(self) -> None:
        self.opened.emit()
        self.accept()


def _counts(preview: Preview) -> list[str]:
    matched, left_out = len(preview.matches), len(preview.unmatched)
    said = [
        text("nearline.match", count=matched, total=matched + left_out),
        text("nearline.conflicts", count=preview.conflicts),
    ]
    return [*said, text("nearline.no_match", count=left_out)] if left_out else said


def _list(preview: Preview) -> QPlainTextEdit:
    found = QPlainTextEdit("\n".join(map(str, preview.unmatched)))
    found.setReadOnly(True)
    found.setTabChangesFocus(True)
    found.setAccessibleName(text("nearline.unmatched"))
    found.setFixedHeight(found.fontMetrics().lineSpacing() * _LINES)
    return found
