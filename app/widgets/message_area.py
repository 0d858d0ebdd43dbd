"""Messages above the panels: the newest is seen at once, the others on demand."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.icons import icon, pixmap
from app.notifications import Level, Message
from app.text import text
from app.theme import tones
from app.widgets.pane import heading

#: Messages that are shown at most where all are asked for.
SHOWN = 6


class MessageArea(QWidget):
    """One message, and how many more there are; each stays until it is closed.

    Parameters
    ----------
    home : QWidget
        Gets the focus when what has it here goes.
    """

    def __init__(self, home: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self.setAccessibleName(text("messages.title"))
        self._messages: list[Message] = []
        self._notes: list[_Note] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(5)
        self._rest = heading("", "faint")
        self._column.addWidget(self._rest)
        #: Shows the other messages, or the newest alone again.
        self.more = _button("")
        self.more.clicked.connect(self._toggle)
        self._shows_all = False
        self._clear = _button(text("messages.clear"))
        self._clear.clicked.connect(self.clear)
        # Beside the messages: below them they would take a line more.
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(self._column, 1)
        for button in (self.more, self._clear):
            row.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        self._arrange()

    @property
    def sentences(self) -> list[str]:
        """Everything not yet closed, newest first."""
        return [message.sentence for message in self._messages]

    def add(self, message: Message) -> None:
        """Show a message; one that is already there is not repeated."""
        if message not in self._messages:
            self._messages.insert(0, message)
            self._arrange()

    def withdraw(self, message: Message) -> None:
        """Close a message, unless somebody did."""
        if message in self._messages:
            self._remove(message)

    def clear(self) -> None:
        """Close all messages."""
        self._messages.clear()
        self._shows_all = False
        self._arrange()

    def _toggle(self) -> None:
        self._shows_all = not self._shows_all
        self._arrange()

    def _remove(self, message: Message) -> None:
        self._messages.remove(message)
        self._arrange()

    def _accept(self, message: Message) -> None:
        self._remove(message)
        if message.offer is not None:
            message.offer.accept()

    def _arrange(self) -> None:
        several, shown = len(self._messages) > 1, SHOWN if self._shows_all else 1
        self._give_focus_back(but_from=(self.more, self._clear) if several else ())
        # Only what is shown has a widget: a bad batch may bring thousands of messages.
        for note in self._notes:
            self._column.removeWidget(note)
            note.hide()
            note.deleteLater()
        self._notes = [_Note(message) for message in self._messages[:shown]]
        for place, note in enumerate(self._notes):
            note.close_button.clicked.connect(partial(self._remove, note.message))
            note.accepted.connect(partial(self._accept, note.message))
            self._column.insertWidget(place, note)
        hidden = len(self._messages) - len(self._notes)
        is_open = several and self._shows_all
        self._rest.setText(text("messages.rest", count=hidden))
        self._rest.setVisible(is_open and hidden > 0)
        self.more.setText(text("messages.newest" if is_open else "messages.more", count=hidden))
        for button in (self.more, self._clear):
            button.setVisible(several)
        self.setVisible(bool(self._messages))

    def _give_focus_back(self, but_from: Sequence[QWidget]) -> None:
        # From what is hidden Qt goes on to the next widget, which may be a text field.
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused) and focused not in but_from:
            focused.clearFocus()
            self._home.setFocus()


def _button(words: str) -> QPushButton:
    button = QPushButton(words)
    # A click leaves the focus where it is.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class _Note(QFrame):
    accepted = Signal()

    def __init__(self, message: Message) -> None:
        super().__init__()
        self.message = message
        self.setObjectName("message")
        self.setProperty("level", str(message.level))
        self.setAccessibleName(message.sentence)
        look = tones()
        colour = {
            Level.NOTE: look.accent,
            Level.WARNING: look.undecided,
            Level.ERROR: look.reject,
        }[message.level]
        sign = QLabel()
        sign.setPixmap(pixmap(message.level, colour, 20, self.devicePixelRatioF()))
        words = QLabel(message.sentence)
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close", look.faint))
        self.close_button.setAccessibleName(text("messages.close"))
        self.close_button.setToolTip(text("messages.close"))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 6, 6)
        row.setSpacing(10)
        row.addWidget(sign)
        row.addWidget(words, 1)
        if message.offer is not None:
            accept = _button(message.offer.words)
            accept.clicked.connect(self.accepted)
            row.addWidget(accept)
        row.addWidget(self.close_button)
