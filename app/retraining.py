"""The retraining of this window: what is asked for, how far it is, what came out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from psygnal import Signal

if TYPE_CHECKING:
    from app.jobs.command import Command

#: Lines of the log that are kept for the screen; the file has all.
_LINES = 1000


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Parameters
    ----------
    model, candidate : Path
        Folder of the model in use, and the one to be made.
    arguments : tuple of str
        Of the command line.
    seconds : float or None
        What it is expected to take.
    """

    model: Path
    candidate: Path
    arguments: tuple[str, ...]
    seconds: float | None


class Retraining:
    """Evented state; one retraining after the other.

    Attributes
    ----------
    changed : Signal
        A step was made or a line was said.
    begun, ended : Signal
        A process was started; it is gone.
    order : Order or None
        The latest one.
    result : dict or None
        What the command told when it was done; None where it was not.
    problem : str
        Why it failed.
    lines : list of str
        What it said.
    """

    changed = Signal()
    begun = Signal()
    ended = Signal()

    def __init__(self) -> None:
        self.order: Order | None = None
        self.command: Command | None = None
        self.stage, self.done, self.total = "", 0, 0
        self.lines: list[str] = []
        self.result: dict[str, Any] | None = None
        self.problem = ""
        self._stage_left: float | None = None
        self._begun_at = 0.0

    @property
    def is_running(self) -> bool:
        """Whether a process retrains."""
        return self.command is not None

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take; None where nothing can be said."""
        if self.order is None or self.order.seconds is None:
            return self._stage_left
        expected = self.order.seconds - (monotonic() - self._begun_at)
        return max(expected, self._stage_left or 0.0)

    def begin(self, order: Order, command: Command) -> None:
        """Take note that a process was started."""
        self.order, self.command = order, command
        self.stage, self.done, self.total = "", 0, 0
        self.lines, self.result, self.problem = [], None, ""
        self._stage_left, self._begun_at = None, monotonic()
        self.begun.emit()
        self.changed.emit()

    def step(self, stage: str, done: int, total: int, left: float | None) -> None:
        """Take note of progress."""
        self.stage, self.done, self.total, self._stage_left = stage, done, total, left
        self.changed.emit()

    def say(self, line: str) -> None:
        """Take note of a line of the log."""
        self.lines = [*self.lines[1 - _LINES :], line]
        self.changed.emit()

    def end(self, result: dict[str, Any] | None = None, problem: str = "") -> None:
        """Take note that it is gone; with neither a result nor a problem it was cancelled."""
        self.command, self.result, self.problem = None, result, problem
        self.ended.emit()
        self.changed.emit()

    def forget(self) -> None:
        """Forget the result: the candidate was discarded."""
        self.result = None
        self.changed.emit()
