"""The dialogue in which limits are chosen from scores."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.panels.operating_point.methods import METHODS, Method
from app.text import text
from app.widgets.number_box import NumberBox
from app.widgets.pane import heading

_WIDTH = 460


class Chooser(QDialog):
    """A method, its numbers, and what it says of its choice; stays open while one tries.

    Attributes
    ----------
    asked : Signal(int, list)
        The user wants limits by this one of `METHODS`, with these values.
    """

    asked = Signal(int, list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("choose.title"))
        self.setMinimumWidth(_WIDTH)
        self.method = QComboBox()
        self.method.setAccessibleName(text("choose.method"))
        self.pages = QStackedWidget()
        self.boxes: list[list[NumberBox]] = []
        for method in METHODS:
            self.method.addItem(text(f"choose.{method.key}"))
            self.pages.addWidget(self._page(method))
        self.explain = _words("faint")
        self.statement = _words("")
        self.statement.setAccessibleName(text("choose.statement"))
        self._obstacles = [""] * len(METHODS)
        self.set_limits = QPushButton(text("choose.set"))
        self.set_limits.clicked.connect(self._ask)
        buttons = QDialogButtonBox()
        buttons.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(self.set_limits, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        self.set_limits.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for widget in (self.method, self.explain, self.pages, self.statement, buttons):
            layout.addWidget(widget)
        self.method.currentIndexChanged.connect(self._show_method)
        self._show_method(0)

    def show_obstacles(self, obstacles: Sequence[str]) -> None:
        """Switch off the methods that cannot be used, and say why in place of what they do."""
        self._obstacles = list(obstacles)
        model = self.method.model()
        for row, obstacle in enumerate(obstacles):
            if isinstance(model, QStandardItemModel):
                model.item(row).setEnabled(not obstacle)
                model.item(row).setToolTip(obstacle)
        self._show_method(self.method.currentIndex(), keep=True)

    def say(self, words: str) -> None:
        """Show what was promised."""
        self.statement.setText(words)

    def _show_method(self, row: int, keep: bool = False) -> None:
        obstacles = self._obstacles
        missing = sorted({words for words in obstacles if words})
        explained = [obstacles[row] or text(f"choose.{METHODS[row].key}.tip")]
        if not obstacles[row] and missing:
            explained.append(text("choose.off", why=" ".join(missing)))
        self.explain.setText("\n\n".join(explained))
        self.pages.setCurrentIndex(row)
        self.set_limits.setEnabled(not obstacles[row])
        if not keep:
            self.statement.setText("")

    def _ask(self) -> None:
        row = self.method.currentIndex()
        self.asked.emit(row, [box.value() for box in self.boxes[row]])

    def _page(self, method: Method) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        boxes = []
        for parameter in method.parameters:
            box = NumberBox()
            box.setRange(0, parameter.most)
            box.setDecimals(2)
            box.setValue(parameter.value)
            box.setSuffix(parameter.unit)
            name = text(f"choose.{parameter.key}")
            box.setAccessibleName(name)
            box.setToolTip(text(f"choose.{parameter.key}.tip"))
            form.addRow(name, box)
            boxes.append(box)
        self.boxes.append(boxes)
        return page


def _words(role: str) -> QLabel:
    label = heading("", role)
    label.setWordWrap(True)
    return label
