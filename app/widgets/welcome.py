"""What the window shows before anything is open."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.icons import pixmap
from app.text import text
from app.widgets.pane import heading

_LOGO = 84
#: Letters in a line of the explanation.
_LINE = 82


class Welcome(QScrollArea):
    """Says what to do first; scrolls where large words have no room.

    Parameters
    ----------
    first : sequence of QAction
        Offered as buttons; the first one stands out.
    """

    def __init__(self, first: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(text("welcome.title"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        page = QWidget()
        logo = QLabel()
        logo.setPixmap(pixmap("cmdiad", "#000000", _LOGO, self.devicePixelRatioF()))
        self._explain = heading(text("welcome.explain"), "faint")
        title = heading(text("welcome.title"), "welcome")
        for label in (title, self._explain):
            label.setWordWrap(True)
        for label in (logo, title, self._explain):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # Not aligned in the column: there a wrapped label would not get the height it needs.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._explain, 1000)
        middle.addStretch(1)
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
        # A demo takes a minute, and here is where one looks meanwhile.
        self.job = heading("")
        self.job.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(page)
        column.setSpacing(14)
        column.addStretch(2)
        column.addWidget(logo)
        column.addWidget(title)
        column.addLayout(middle)
        column.addSpacing(10)
        column.addLayout(row)
        column.addSpacing(10)
        column.addWidget(self.job)
        column.addStretch(3)
        self.setWidget(page)
        page.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._follow_words()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the size of the words."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self.widget():
            self._follow_words()

    def _follow_words(self) -> None:
        self._explain.ensurePolished()
        letter = self._explain.fontMetrics().averageCharWidth()
        self._explain.setMaximumWidth(_LINE * letter)
