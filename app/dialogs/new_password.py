"""Set a password."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.text import text
from app.widgets.pane import heading

_WIDTH = 420


class NewPassword(QDialog):
    """Asks twice; closes with acceptance once both are the same.

    Parameters
    ----------
    name : str
        Whose password it becomes.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("password.title", name=name))
        self.setMinimumWidth(_WIDTH)
        self.first, self.again = QLineEdit(), QLineEdit()
        form = QFormLayout()
        for key, line in (("password.first", self.first), ("password.again", self.again)):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setAccessibleName(text(key))
            line.textChanged.connect(self._compare)
            label = QLabel(text(key))
            label.setBuddy(line)
            form.addRow(label, line)
        explain = heading(text("password.explain"), "faint")
        explain.setWordWrap(True)
        buttons = QDialogButtonBox()
        cancel = buttons.addButton(text("dialog.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.keep = buttons.addButton(text("password.keep"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel.clicked.connect(self.reject)
        self.keep.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.addWidget(explain)
        column.addLayout(form)
        column.addWidget(buttons)

    @property
    def password(self) -> str:
        """What was typed; empty takes the password away."""
        return self.first.text()

    def _compare(self) -> None:
        self.keep.setEnabled(self.first.text() == self.again.text())
