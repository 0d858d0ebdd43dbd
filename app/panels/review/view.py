"""The person's verdict in one strip under the model's."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.icons import icon, pixmap
from app.refusal import permit
from app.text import text
from app.theme import tones
from app.widgets.pane import heading, say, sentence
from cmdiad_core.edits import PersonVerdict

_SIGN = 24
#: Ways in which the focus goes and comes back.
_FOR_A_MOMENT = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class ReviewView(QFrame):
    """Sign, words, three buttons and the comment.

    Attributes
    ----------
    given : Signal(PersonVerdict)
        The user gave a verdict.
    commented : Signal
        The user ended typing the comment.
    """

    given = Signal(object)
    commented = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "true")
        self.setAccessibleName(text("review.title"))
        self.sign = QLabel()
        self.words = heading("", "")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.station = sentence("")
        self.station.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons = {verdict: self._button(verdict) for verdict in PersonVerdict}
        self.retrain = QPushButton(text("review.retrain"))
        self.retrain.setAccessibleName(text("review.retrain.tip"))
        self.retrain.hide()
        self.comment = _CommentLine()
        self.comment.setPlaceholderText(text("review.comment"))
        self.comment.setAccessibleName(text("review.comment.name"))
        self.comment.editingFinished.connect(self.commented)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.sign)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self.words)
        said.addWidget(self.station)
        row.addLayout(said, 3)
        row.addWidget(self.comment, 2)
        # It comes with the first correction and must not push away what the mouse is on.
        row.addWidget(self.retrain)
        for button in self.buttons.values():
            row.addWidget(button)
        self.follow_look()

    def show_verdict(self, words: str, sign: str, colour: str) -> None:
        """Show what stands."""
        self.words.setText(words)
        self.sign.setPixmap(pixmap(sign, colour, _SIGN, self.devicePixelRatioF()))

    def show_station(self, words: str, taken_in: str, sign: tuple[str, str] | None) -> None:
        """Show what a near-line station found, beside its sign where no person decided."""
        say(self.station, words)
        self.station.setToolTip(f"{taken_in}\n{text('nearline.tip')}".strip())
        if sign is not None:
            self.sign.setPixmap(pixmap(*sign, _SIGN, self.devicePixelRatioF()))

    def show_comment(self, words: str, told: str) -> None:
        """Show the comment that stands, and who made it when as the tooltip."""
        # Setting the text, even to the same, takes cursor and selection away.
        typing = self.comment.hasFocus() and self.comment.isModified()
        if not typing and words != self.comment.text():
            self.comment.setText(words)
            self.comment.home(False)
        self.comment.stands = words
        refused = self.comment.accessibleDescription()
        tip = told, text("review.comment.tip"), refused
        self.comment.setToolTip("\n".join(filter(None, tip)))

    def let_review(self, possible: bool, refused: str) -> None:
        """Let the user say something, or not; `refused` says why they may not."""
        for verdict, button in self.buttons.items():
            permit(button, text(f"action.review_{verdict}.tip"), refused, possible=possible)
        permit(self.comment, text("review.comment.tip"), refused, possible=possible)

    def let_retrain(self, refused: str) -> None:
        """Let the user retrain; `refused` says why they may not."""
        permit(self.retrain, text("review.retrain.tip"), refused)

    def follow_look(self) -> None:
        """Draw the signs in the colours of the application."""
        for verdict, button in self.buttons.items():
            button.setIcon(icon(f"person-{verdict}", tones().review(verdict)))

    def _button(self, verdict: PersonVerdict) -> QPushButton:
        button = QPushButton(text(f"review.{verdict}"))
        button.setAccessibleName(text(f"action.review_{verdict}.tip"))
        button.clicked.connect(lambda: self.given.emit(verdict))
        return button


class _CommentLine(QLineEdit):
    #: What was said last.
    stands = ""
    #: Enter or Escape was pressed.
    ended = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter and Escape end typing; Escape brings the old words back."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self.stands)
            self._end()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the beginning of what is longer than the line; a menu over it takes nothing away."""
        super().focusOutEvent(event)
        if event.reason() not in _FOR_A_MOMENT:
            self.home(False)

    def _end(self) -> None:
        # Whoever takes the focus may not be there.
        self.clearFocus()
        self.ended.emit()
