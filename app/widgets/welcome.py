"""What the window shows before anything is open."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.icons import pixmap
from app.text import text
from app.widgets.pane import heading

_LOGO = 84
_WORDS_WIDTH = 560


class Welcome(QWidget):
    """Says what to do first.

    Parameters
    ----------
    first : sequence of QAction
        Offered as buttons; the first one stands out.
    """

    def __init__(self, first: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        logo = QLabel()
        logo.setPixmap(pixmap("cmdiad", "#000000", _LOGO, self.devicePixelRatioF()))
        explain = heading(text("welcome.explain"), "faint")
        explain.setWordWrap(True)
        explain.setMinimumWidth(_WORDS_WIDTH)
        for label in (logo, explain):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = heading(text("welcome.title"), "welcome")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # Not aligned in the column: there a wrapped label would not get the height it needs.
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(explain)
        middle.addStretch()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch()
        for place, action in enumerate(first):
            button = QPushButton(action.text().replace("&", ""))
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)
            button.setProperty("primary", "true" if place == 0 else "false")
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addStretch(2)
        column.addWidget(logo)
        column.addWidget(title)
        column.addLayout(middle)
        column.addSpacing(10)
        column.addLayout(row)
        column.addStretch(3)
