"""Asks what a folder is: another queue, or what a near-line station found of this one."""

import re

from PySide6.QtCore import Qt, QTimer, Signal
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
from app.widgets.pane import heading, say, sentence

_WIDTH = 560
_LINES = 6
#: How long typing rests before what a rule finds is looked up.
_SETTLE_MS = 250


class NearLineDialog(QDialog):
    """Says what taking results in would do, before anything is written.

    Parameters
    ----------
    preview : Preview
        What is said.

    Attributes
    ----------
    taken : Signal(Preview, str)
        The user takes the results in as they are said, from the station of this name.
    opened : Signal
        The user wants the folder as the queue.
    ruled : Signal(str)
        The user gives this rule for serial numbers.
    """

    taken = Signal(object, str)
    opened = Signal()
    ruled = Signal(str)

    def __init__(self, preview: Preview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("nearline.title"))
        self.setMinimumWidth(_WIDTH)
        self._preview = preview
        self.words = heading("", "")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.unmatched = _list()
        explain = heading(text("nearline.what"), "faint")
        explain.setWordWrap(True)
        self.source = QLineEdit(text("nearline.source.default"))
        self.source.setToolTip(text("nearline.source.tip"))
        self.source.setAccessibleName(text("nearline.source"))
        self.rule = QLineEdit(preview.rule)
        self.rule.setToolTip(text("nearline.rule.tip"))
        self.rule.setAccessibleName(text("nearline.rule"))
        self.rule.setPlaceholderText(text("nearline.rule.example"))
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(lambda: self.ruled.emit(self.rule.text().strip()))
        self.rule.textChanged.connect(self._wait)
        self.problem, self.examples = sentence("explain"), sentence()
        for label in (self.problem, self.examples):
            label.setTextFormat(Qt.TextFormat.PlainText)
        form = QFormLayout()
        form.addRow(text("nearline.source"), self.source)
        form.addRow(text("nearline.rule"), self.rule)
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
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(heading(preview.path.name))
        column.addWidget(self.words)
        column.addWidget(self.unmatched)
        column.addWidget(explain)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addWidget(self.examples)
        column.addStretch()
        column.addWidget(buttons)
        self.show_preview(preview)

    def show_preview(self, preview: Preview) -> None:
        """Say what taking in would do by another rule."""
        self._preview = preview
        self.words.setText("\n".join(_counts(preview)))
        self.unmatched.setPlainText("\n".join(map(str, preview.unmatched)))
        self.unmatched.setVisible(bool(preview.unmatched))
        say(self.problem, "" if preview.matches else text("nearline.none"))
        say(self.examples, "\n".join(_examples(preview)))
        self.take.setEnabled(bool(preview.matches))

    def complain(self, error: Exception) -> None:
        """Say what is wrong with the rule."""
        if isinstance(error.__cause__, re.error):
            words = text("nearline.rule.bad", problem=error.__cause__)
        else:
            words = text("nearline.rule.group")
        say(self.problem, words if self.rule.text().strip() else str(error))
        say(self.examples, "")

    def _wait(self) -> None:
        # What is said belongs to another rule until the answer comes.
        self.take.setEnabled(False)
        self._settle.start()

    def _take(self) -> None:
        source = self.source.text().strip() or text("nearline.source.default")
        self.taken.emit(self._preview, source)
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


def _examples(preview: Preview) -> list[str]:
    sides = ("folder", preview.examples), ("queue", preview.inline)
    return [
        text(f"nearline.example.{side}", part=part, serial=serial or text("nearline.example.none"))
        for side, found in sides
        for part, serial in found
    ]


def _list() -> QPlainTextEdit:
    found = QPlainTextEdit()
    found.setReadOnly(True)
    found.setTabChangesFocus(True)
    found.setAccessibleName(text("nearline.unmatched"))
    found.setFixedHeight(found.fontMetrics().lineSpacing() * _LINES)
    return found
