"""A framed pane with a heading, a badge and room for controls."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.widgets.badge import Badge


class Pane(QFrame):
    """Frame of every panel.

    Parameters
    ----------
    title : str
        Heading; also the accessible name.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "true")
        self.setAccessibleName(title)
        self.badge = Badge()
        self.title = heading(title)
        self._head = QHBoxLayout()
        self._head.setSpacing(10)
        self._head.addWidget(self.title)
        self._head.addWidget(self.badge)
        self._head.addStretch()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(12, 9, 12, 11)
        self.body.setSpacing(8)
        self.body.addLayout(self._head)

    def add_control(self, widget: QWidget) -> None:
        """Put a control at the right end of the heading."""
        self._head.addWidget(widget)


def framed(widget: QWidget) -> QFrame:
    """Return a frame around a widget."""
    frame = QFrame()
    frame.setProperty("panel", "true")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(4, 4, 4, 4)
    layout.addWidget(widget)
    return frame


def heading(words: str, role: str = "title") -> QLabel:
    """Return a label with one of the style sheet's text roles."""
    label = QLabel(words)
    label.setProperty("role", role)
    return label


def sentence(role: str = "faint") -> QLabel:
    """Return an empty, hidden label for a sentence that wraps."""
    label = heading("", role)
    label.setWordWrap(True)
    label.hide()
    return label


def say(label: QLabel, words: str) -> None:
    """Show a sentence in a label, or hide the label when there is nothing to say."""
    label.setText(words)
    label.setVisible(bool(words))
