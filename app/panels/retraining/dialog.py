"""The dialog: first a choice, then progress, then what came out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.panels.retraining.choice_view import ChoiceView
from app.panels.retraining.running_view import RunningView
from app.panels.retraining.summary_view import SummaryView
from app.text import text
from app.widgets.first_size import give_size

_SIZE = (820, 680)
#: Buttons by page; the first one is what Enter does.
_BUTTONS = (("start",), ("cancel",), ("try", "compare", "discard", "more"))


class RetrainingDialog(QDialog):
    """Does not keep from working with the window.

    Attributes
    ----------
    asked : Signal(str)
        A button: ``"start"``, ``"cancel"``, ``"try"``, ``"compare"``, ``"discard"`` or ``"more"``.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("retrain.title"))
        give_size(self, *_SIZE)
        self.choice, self.running, self.summary = ChoiceView(), RunningView(), SummaryView()
        self.pages = QStackedWidget()
        for page in (self.choice, self.running, self.summary):
            self.pages.addWidget(page)
        box = QDialogButtonBox()
        self.buttons: dict[str, QPushButton] = {}
        for names in _BUTTONS:
            for name in names:
                role = QDialogButtonBox.ButtonRole.ActionRole
                button = box.addButton(text(f"retrain.button.{name}"), role)
                button.setToolTip(text(f"retrain.button.{name}.tip"))
                button.clicked.connect(lambda _=False, name=name: self.asked.emit(name))
                self.buttons[name] = button
        close = box.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.pages, 1)
        column.addWidget(box)
        self.turn_to(self.choice)

    def turn_to(self, page: QWidget) -> None:
        """Show a page and its buttons."""
        self.pages.setCurrentWidget(page)
        shown = _BUTTONS[self.pages.currentIndex()]
        for name, button in self.buttons.items():
            button.setVisible(name in shown)
        self.buttons[shown[0]].setDefault(True)
