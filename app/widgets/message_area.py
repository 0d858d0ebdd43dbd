"""Messages above the panels: seen at once, in nobody's way."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.icons import icon, pixmap
from app.notifications import Level, Message
from app.text import text
from app.theme import tones
from app.widgets.pane import heading

SHOWN = 3


class MessageArea(QWidget):
    """The latest messages; each stays until it is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(text("messages.title"))
        self._notes: list[_Note] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(5)
        self._more = heading("", "faint")
        self._clear = QToolButton()
        self._clear.setText(text("messages.clear"))
        self._clear.clicked.connect(self.clear)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(6, 0, 0, 0)
        foot.addWidget(self._more, 1)
        foot.addWidget(self._clear)
        self._column.addWidget(self._foot)
        self._arrange()

    @property
    def sentences(self) -> list[str]:
        """Everything not yet closed, newest first."""
        return [note.message.sentence for note in self._notes]

    def add(self, message: Message) -> None:
        """Show a message; one that is already there is not repeated."""
        if message in [note.message for note in self._notes]:
            return
        note = _Note(message)
        note.close_button.clicked.connect(lambda: self._remove(note))
        self._notes.insert(0, note)
        self._column.insertWidget(0, note)
        self._arrange()

    def clear(self) -> None:
        """Close all messages."""
        for note in list(self._notes):
            self._remove(note)

    def _remove(self, note: "_Note") -> None:
        self._notes.remove(note)
        self._column.removeWidget(note)
        note.hide()
        note.deleteLater()
        self._arrange()

    def _arrange(self) -> None:
        for place, note in enumerate(self._notes):
            note.setVisible(place < SHOWN)
        hidden = max(len(self._notes) - SHOWN, 0)
        self._more.setText(text("messages.more", count=hidden) if hidden else "")
        self._foot.setVisible(len(self._notes) > 1)
        self.setVisible(bool(self._notes))


class _Note(QFrame):
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
        row.addWidget(self.close_button)
