"""The one place where errors become messages."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from psygnal import EmitLoopError, Signal

from app.text import text
from cmdiad_core.errors import InputError

log = logging.getLogger(__name__)


class Level(StrEnum):
    """How much a message matters."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Offer:
    """What the user may do about a message: words of a button, and what it does."""

    words: str
    accept: Callable[[], None]


@dataclass(frozen=True)
class Message:
    """One sentence for the user."""

    level: Level
    sentence: str
    offer: Offer | None = field(default=None, compare=False)


class Notifications:
    """Turns every exception into a message and hands messages to whoever shows them."""

    posted = Signal(Message)
    withdrawn = Signal(Message)
    remarked = Signal(str)

    def post(self, level: Level, sentence: str, offer: Offer | None = None) -> Message:
        """Show a sentence; return it for when it is true no more."""
        message = Message(level, sentence, offer)
        self.posted.emit(message)
        return message

    def withdraw(self, message: Message) -> None:
        """Show a sentence no longer."""
        self.withdrawn.emit(message)

    def remark(self, sentence: str) -> None:
        """Show a sentence for a moment: it confirms what the user did."""
        self.remarked.emit(sentence)

    def report(self, error: BaseException) -> None:
        """Show an exception: bad input in its own words, anything else as an internal error."""
        while isinstance(error, EmitLoopError) and error.__cause__ is not None:
            error = error.__cause__
        if isinstance(error, InputError):
            self.post(Level.WARNING, str(error))
            return
        log.error("unexpected error", exc_info=error)
        kind = type(error).__name__
        self.post(Level.ERROR, text("error.unexpected", kind=kind, problem=error))
