"""Say who works here."""

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app import actions
from app.text import text
from app.widgets.pane import say, sentence
from app.workbench import Workbench

_WIDTH = 420


class SignIn(QDialog):
    """Asks for a name of the store's people, and for the password where one is set.

    Parameters
    ----------
    bench : Workbench
        Whose person changes.
    """

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("sign_in.title"))
        self.setMinimumWidth(_WIDTH)
        self._bench = bench
        self.names = QComboBox()
        self.names.addItems([one.name for one in bench.people.users if one.active])
        last = bench.settings.reviewer or bench.settings.last_signed_in
        self.names.setCurrentIndex(max(self.names.findText(last), 0))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.problem = sentence("explain")
        self.form = QFormLayout()
        for key, widget in (("sign_in.name", self.names), ("sign_in.password", self.password)):
            label = QLabel(text(key))
            label.setBuddy(widget)
            widget.setAccessibleName(text(key))
            widget.setToolTip(text(f"{key}.tip"))
            self.form.addRow(label, widget)
        buttons = QDialogButtonBox()
        cancel = buttons.addButton(text("dialog.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.sign_out = buttons.addButton(
            text("sign_in.out"), QDialogButtonBox.ButtonRole.ResetRole
        )
        self.sign_out.setVisible(bench.people.user is not None)
        self.sign_in = buttons.addButton(
            text("sign_in.title"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.sign_in.setDefault(True)
        cancel.clicked.connect(self.reject)
        self.sign_out.clicked.connect(self._sign_out)
        self.sign_in.clicked.connect(self._sign_in)
        self.names.currentTextChanged.connect(self._ask_password)
        column = QVBoxLayout(self)
        column.addLayout(self.form)
        column.addWidget(self.problem)
        column.addWidget(buttons)
        if not bench.people.users:
            say(self.problem, text("sign_in.no_users"))
            self.names.setEnabled(False)
            self.sign_in.setEnabled(False)
        self._ask_password()

    def _ask_password(self) -> None:
        asked = actions.has_password(self._bench, self.names.currentText())
        self.form.setRowVisible(self.password, asked)
        self.password.clear()
        if asked:
            self.password.setFocus()

    def _sign_in(self) -> None:
        name = self.names.currentText()
        problem = actions.sign_in(self._bench, name, self.password.text())
        say(self.problem, problem)
        if problem:
            self.password.setFocus()
            self.password.selectAll()
        else:
            self.accept()

    def _sign_out(self) -> None:
        actions.sign_out(self._bench)
        self.accept()
