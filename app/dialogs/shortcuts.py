"""Every key of the workbench on one sheet, and how to change it."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QKeySequenceEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.settings import Settings
from app.text import text
from app.theme import words_share
from app.widgets.first_size import give_size
from app.widgets.pane import heading, say, sentence

_SIZE = (660, 620)
_KEY_WIDTHS = (250, 130)


class Shortcuts(QDialog):
    """A row an action: what it does, its keys; type others to change them.

    Parameters
    ----------
    actions : mapping of str to QAction
        By the key under which settings know them.
    standard : mapping of str to list of str
        The keys that came with the workbench.
    settings : Settings
        Where changes are kept.
    """

    def __init__(
        self,
        actions: Mapping[str, QAction],
        standard: Mapping[str, list[str]],
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("shortcuts.title"))
        give_size(self, *_SIZE)
        self._actions, self._standard, self._settings = actions, standard, settings
        self.edits: dict[str, QKeySequenceEdit] = {}
        self._also: dict[str, QTableWidgetItem] = {}
        self.table = QTableWidget(len(actions), 3)
        self.table.setAccessibleName(text("shortcuts.title"))
        self.table.verticalHeader().hide()
        names = ("shortcuts.action", "shortcuts.keys", "shortcuts.also")
        self.table.setHorizontalHeaderLabels([text(name) for name in names])
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, width in enumerate(_KEY_WIDTHS, start=1):
            header.resizeSection(place, round(words_share() * width))
        self.problem = sentence("explain")
        for row, (name, action) in enumerate(actions.items()):
            self._fill(row, name, action)
        buttons = QDialogButtonBox()
        reset = buttons.addButton(text("shortcuts.reset"), QDialogButtonBox.ButtonRole.ResetRole)
        close = buttons.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        reset.clicked.connect(self._reset)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        explain = heading(text("shortcuts.explain"), "faint")
        explain.setWordWrap(True)
        column.addWidget(explain)
        column.addWidget(self.table, 1)
        column.addWidget(self.problem)
        column.addWidget(buttons)

    def _fill(self, row: int, name: str, action: QAction) -> None:
        words = QTableWidgetItem(action.text().replace("&", "").rstrip("…"))
        words.setToolTip(action.toolTip())
        words.setFlags(Qt.ItemFlag.ItemIsEnabled)
        edit = QKeySequenceEdit()
        edit.setMaximumSequenceLength(1)
        edit.setClearButtonEnabled(True)
        edit.setAccessibleName(words.text())
        edit.editingFinished.connect(lambda: self._change(name))
        self.edits[name] = edit
        self.table.setItem(row, 0, words)
        self.table.setCellWidget(row, 1, edit)
        self._also[name] = also = QTableWidgetItem()
        also.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.table.setItem(row, 2, also)
        self._show(name)

    def _show(self, name: str) -> None:
        first, *more = [*self._actions[name].shortcuts(), QKeySequence()]
        self.edits[name].setKeySequence(first)
        shown = [keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in more]
        self._also[name].setText(", ".join(filter(None, shown)))

    def _change(self, name: str) -> None:
        wanted, action = self.edits[name].keySequence(), self._actions[name]
        if wanted in action.shortcuts()[:1]:
            return
        taken = next(
            (a for n, a in self._actions.items() if n != name and wanted in a.shortcuts()), None
        )
        if not wanted.isEmpty() and taken is not None:
            other = taken.text().replace("&", "").rstrip("…")
            keys = wanted.toString(QKeySequence.SequenceFormat.NativeText)
            say(self.problem, text("shortcuts.taken", keys=keys, action=other))
            self._show(name)
            return
        say(self.problem, "")
        kept = [keys for keys in action.shortcuts()[1:] if keys != wanted]
        action.setShortcuts([keys for keys in (wanted, *kept) if not keys.isEmpty()])
        self._settings.set_keys(name, [keys.toString() for keys in action.shortcuts()])
        self._show(name)

    def _reset(self) -> None:
        say(self.problem, "")
        for name, action in self._actions.items():
            action.setShortcuts([QKeySequence(keys) for keys in self._standard[name]])
            self._settings.set_keys(name, None)
            self._show(name)
