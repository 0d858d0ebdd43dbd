"""Words that scroll where there is less room than they need."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.widgets.pane import heading


class WordsArea(QScrollArea):
    """Never taller than its words, down to two lines.

    Parameters
    ----------
    name : str
        Accessible name.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self._label = heading("", "")
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._label)
        self._label.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size at which nothing scrolls."""
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def text(self) -> str:
        """Return the words."""
        return self._label.text()

    def setText(self, words: str) -> None:  # noqa: N802
        """Show other words."""
        self._label.setText(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Follow the width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.widget() is not None:
            self._fit()

    def _fit(self) -> None:
        two_lines = 2 * self._label.fontMetrics().lineSpacing()
        needed = max(two_lines, self._label.heightForWidth(self.width()))
        self.setMinimumHeight(two_lines)
        self.setMaximumHeight(needed)
        self.updateGeometry()
