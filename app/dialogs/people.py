"""Who may do what: the people of the store."""

from dataclasses import replace
from functools import partial
from itertools import product

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app import actions
from app.dialogs.new_password import NewPassword
from app.refusal import permit, refusal
from app.text import text
from app.widgets.first_size import give_size
from app.widgets.pane import heading, say, sentence
from app.workbench import Workbench
from cmdiad_core.people import Right, Role, User

_SIZE = (760, 560)
#: Room around what stands in a cell, pixels.
_ROOM_WIDE, _ROOM_HIGH = 20, 8


class People(QDialog):
    """A row a person; takes effect at once, and the audit trail tells of it.

    Parameters
    ----------
    bench : Workbench
        Whose store it is.
    """

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("people.title"))
        give_size(self, *_SIZE)
        self._bench = bench
        explain = heading(text("people.explain"), "faint")
        explain.setWordWrap(True)
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(text("people.title"))
        self.table.verticalHeader().hide()
        self.table.setWordWrap(False)
        names = ("people.name", "people.role", "people.active", "people.password")
        for place, name in enumerate(names):
            item = QTableWidgetItem(text(name))
            item.setToolTip(text(f"{name}.tip"))
            self.table.setHorizontalHeaderItem(place, item)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.name = QLineEdit()
        self.name.setPlaceholderText(text("people.new"))
        self.name.setAccessibleName(text("people.new"))
        self.role = _roles()
        self.add = QPushButton(text("people.add"))
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._add)
        self.name.returnPressed.connect(self._add)
        new = QHBoxLayout()
        new.addWidget(self.name, 1)
        new.addWidget(self.role)
        new.addWidget(self.add)
        self.reason = QLineEdit()
        self.reason.setAccessibleName(text("people.reason"))
        self.reason.setToolTip(text("people.reason.tip"))
        why = QHBoxLayout()
        label = QLabel(text("people.reason"))
        label.setBuddy(self.reason)
        why.addWidget(label)
        why.addWidget(self.reason, 1)
        self.problem = sentence("explain")
        buttons = QDialogButtonBox()
        close = buttons.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(explain)
        column.addWidget(self.table, 1)
        column.addLayout(new)
        column.addLayout(why)
        column.addWidget(self.problem)
        column.addWidget(buttons)
        self._show()

    def _show(self) -> None:
        people = self._bench.people
        refused = refusal(people, Right.MANAGE)
        for row, column in product(range(self.table.rowCount()), range(1, 4)):
            # One of them may be the sender: it is deleted later, and must not be seen till then.
            if (widget := self.table.cellWidget(row, column)) is not None:
                widget.hide()
        self.table.setRowCount(0)
        self.table.setRowCount(len(people.users))
        for row, user in enumerate(people.users):
            self._fill(row, user, refused)
        for widget, tip in (
            (self.name, text("people.new")),
            (self.role, text("people.role.tip")),
            (self.add, ""),
            (self.reason, text("people.reason.tip")),
        ):
            permit(widget, tip, refused)
        if not people.users:
            # The first one must be able to enter the others.
            self.name.setText(self._bench.settings.reviewer)
            self.role.setCurrentIndex(self.role.findData(Role.ADMINISTRATOR))
        say(self.problem, refused)

    def _fill(self, row: int, user: User, refused: str) -> None:
        name = QTableWidgetItem(user.name)
        name.setToolTip(user.name)
        name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.table.setItem(row, 0, name)
        role = _roles()
        role.setCurrentIndex(role.findData(user.role))
        role.activated.connect(lambda: self._put(replace(user, role=Role(str(role.currentData())))))
        active = QCheckBox()
        active.setChecked(user.active)
        active.clicked.connect(lambda checked: self._put(replace(user, active=checked)))
        key = "people.change" if actions.has_password(self._bench, user.name) else "people.set"
        password = QPushButton(text(key))
        password.setAutoDefault(False)
        password.clicked.connect(partial(self._set_password, user.name))
        own = user == self._bench.people.user
        named = ("people.role", role), ("people.active", active), ("people.password", password)
        for place, (key, widget) in enumerate(named, start=1):
            widget.setAccessibleName(f"{user.name}: {text(key)}")
            permit(widget, text(f"{key}.tip"), "" if widget is password and own else refused)
            self.table.setCellWidget(row, place, widget)
            widget.ensurePolished()
            width = widget.sizeHint().width() + _ROOM_WIDE
            header = self.table.horizontalHeader()
            header.resizeSection(place, max(width, header.sectionSize(place)))
        self.table.setRowHeight(row, password.sizeHint().height() + _ROOM_HIGH)

    def _add(self) -> None:
        name = self.name.text().strip()
        if name in {one.name for one in self._bench.people.users}:
            say(self.problem, text("people.known", name=name))
        elif name and self._put(User(name, Role(str(self.role.currentData())))):
            self.name.clear()
            self.role.setCurrentIndex(0)

    def _put(self, user: User) -> bool:
        problem = actions.put_user(self._bench, user, self.reason.text().strip())
        self._show()
        if problem:
            say(self.problem, problem)
        return not problem

    def _set_password(self, name: str) -> None:
        asked = NewPassword(name, self)
        if asked.exec():
            reason = self.reason.text().strip()
            problem = actions.set_password(self._bench, name, asked.password, reason)
            self._show()
            if problem:
                say(self.problem, problem)


def _roles() -> QComboBox:
    box = QComboBox()
    for role in Role:
        box.addItem(text(f"role.{role}"), role)
    box.setAccessibleName(text("people.role"))
    box.setToolTip(text("people.role.tip"))
    return box
