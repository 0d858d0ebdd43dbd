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
        self._before: list[tuple[Line, ...]] = []
        self._after: list[tuple[Line, ...]] = []

    def begin(self, cursor: Cursor) -> None:
        """Take the first end of a line."""
        self.begun = cursor
        self.changed.emit()

    def add(self, line: Line) -> None:
        """Take the line that was begun, with both ends."""
        self._change((*self.lines, line))

    def remove_last(self) -> bool:
        """Forget the end that waits, else the latest line; return whether there was one."""
        if self._forget_begun():
            return True
        if not self.lines:
            return False
        self._change(self.lines[:-1])
        return True

    def undo(self) -> bool:
        """Forget the end that waits, else take back what was drawn or removed last, if anything."""
        return self._forget_begun() or self._step(self._before, self._after)

    def redo(self) -> bool:
        """Do again what was undone last; return whether there was anything."""
        return self._step(self._after, self._before)

    def clear(self) -> None:
        """Forget everything, for good: another part."""
        self._before.clear()
        self._after.clear()
        self._show(())

    def _change(self, lines: tuple[Line, ...]) -> None:
        self._before.append(self.lines)
        self._after.clear()
        self._show(lines)

    def _step(self, source: list[tuple[Line, ...]], other: list[tuple[Line, ...]]) -> bool:
        if not source:
            return False
        other.append(self.lines)
        self._show(source.pop())
        return True

    def _forget_begun(self) -> bool:
        if self.begun is None:
            return False
        self._show(self.lines)
        return True

    def _show(self, lines: tuple[Line, ...]) -> None:
        self.lines, self.begun = lines, None
        self.changed.emit()
