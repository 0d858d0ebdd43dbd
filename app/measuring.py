"""The lines that were measured on the shown part."""

from __future__ import annotations

from dataclasses import dataclass

from psygnal import Signal

from app.cursor import Cursor
from cmdiad_core.measuring import Length, length
from cmdiad_core.sample import Sample


@dataclass(frozen=True)
class Line:
    """Two places on the grid of one modality, or of registered ones, and what lies between."""

    begin: Cursor
    end: Cursor
    length: Length

    @classmethod
    def between(cls, sample: Sample, begin: Cursor, end: Cursor) -> Line | None:
        """Measure on a part; None where the places have nothing to do with each other."""
        first = begin.on(sample, end.modality)
        if first is None:
            return None
        if not sample.registered:
            sample = sample.using((end.modality,))
        return cls(begin, end, length(sample, first, (end.row, end.column)))


class Measuring:
    """Evented state without Qt.

    Attributes
    ----------
    changed : Signal
        The lines, or the end that waits for the other one.
    lines : tuple of Line
        In the order they were drawn.
    begun : Cursor or None
        First end of a line that has no second one yet.
    """

    changed = Signal()

    def __init__(self) -> None:
        self.lines: tuple[Line, ...] = ()
        self.begun: Cursor | None = None

    def begin(self, cursor: Cursor) -> None:
        """Take the first end of a line."""
        self.begun = cursor
        self.changed.emit()

    def add(self, line: Line) -> None:
        """Take the line that was begun, with both ends."""
        self.lines, self.begun = (*self.lines, line), None
        self.changed.emit()

    def remove_last(self) -> bool:
        """Forget the end that waits, else the latest line; return whether there was one."""
        if self.begun is None and not self.lines:
            return False
        if self.begun is None:
            self.lines = self.lines[:-1]
        self.begun = None
        self.changed.emit()
        return True

    def clear(self) -> None:
        """Forget everything."""
        self.lines, self.begun = (), None
        self.changed.emit()
