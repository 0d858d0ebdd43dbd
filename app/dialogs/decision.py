"""Asks for the reason of something that is kept for good."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.icons import pixmap
from app.text import text
from app.theme import tones
from app.widgets.pane import heading
from cmdiad_core.models import GateResult
from cmdiad_core.workflows import comparison_words

_WIDTH = 560
_SIGN = 18


class Decision(QDialog):
    """What will happen, the gates, a line for the reason.

    Parameters
    ----------
    title : str
        Of the dialogue and of the button that decides.
    explain : str
        What will happen.
    gates : sequence of GateResult
        What was asked of a candidate, and found.
    obstacle : str
        What stands in the way, so that it has to be overridden; empty for nothing.
    """

    def __init__(
        self,
        title: str,
        explain: str,
        gates: Sequence[GateResult] = (),
        obstacle: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(_words(explain, ""))
        for gate in gates:
            column.addLayout(gate_line(gate))
        self.override = QCheckBox(text("decision.override"))
        self.override.setVisible(bool(obstacle))
        self.override.toggled.connect(self._allow)
        if obstacle:
            column.addWidget(_words(obstacle, "explain"))
        column.addWidget(self.override)
        name = QLabel(text("decision.reason"))
        self.reason = QLineEdit()
        self.reason.setAccessibleName(text("decision.reason"))
        self.reason.setToolTip(text("decision.reason.tip"))
        self.reason.setPlaceholderText(text("decision.reason.example"))
        self.reason.textChanged.connect(self._allow)
        name.setBuddy(self.reason)
        line = QHBoxLayout()
        line.addWidget(name)
        line.addWidget(self.reason, 1)
        column.addLayout(line)
        buttons = QDialogButtonBox()
        self.decide: QPushButton = buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(text("dialog.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.reason.setFocus()
        self._allow()

    def _allow(self) -> None:
        free = self.override.isHidden() or self.override.isChecked()
        self.decide.setEnabled(bool(self.reason.text().strip()) and free)


def gate_line(gate: GateResult) -> QHBoxLayout:
    """Return a line that says by sign and word whether a gate was passed."""
    sign, words = QLabel(), _words("", "")
    if not gate.tested:
        name, colour = "undecided", tones().undecided
    else:
        name, colour = ("accept", tones().accept) if gate.passed else ("reject", tones().reject)
    sign.setPixmap(pixmap(name, colour, _SIGN, sign.devicePixelRatioF()))
    words.setText(comparison_words.gate(gate))
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(sign)
    line.addWidget(words, 1)
    return line


def _words(words: str, role: str) -> QLabel:
    label = heading(words, role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
