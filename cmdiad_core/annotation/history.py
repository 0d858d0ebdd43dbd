"""Strokes that can be taken back, within a budget of memory."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from cmdiad_core.annotation.changes import Changes
from cmdiad_core.edits import Box

#: Bytes of compressed strokes kept for a part; the oldest are forgotten first.
BUDGET_BYTES = 64 * 2**20
# What an entry takes besides its bytes.
_OVERHEAD = 400


@dataclass(frozen=True)
class Packed:
    """A stroke in little room.

    Parameters
    ----------
    number : int
        Its number in the journal.
    box : tuple of int
        Row and column of the first pixel, row and column after the last one.
    content : bytes
        What `Changes.packed` gave.
    """

    number: int
    box: Box
    content: bytes

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self.content) + _OVERHEAD

    def changes(self) -> Changes:
        """Return what it changes."""
        return Changes.unpacked(self.box, self.content)


class Journal(Protocol):
    """Where strokes are written down at once, so that none is lost."""

    def strokes(self) -> Iterable[Packed]:
        """Return the strokes that stand, oldest first."""

    def undone(self) -> Iterable[Packed]:
        """Return the strokes that can be done again, the next one last."""

    def add(self, defect_type: int, box: Box, content: bytes) -> int:
        """Write a stroke down and return its number."""

    def undo(self, number: int) -> None:
        """Write down that a stroke no longer stands."""

    def redo(self, number: int) -> None:
        """Write down that a stroke stands again."""


class History:
    """Strokes done and undone, the latest of each at hand.

    Parameters
    ----------
    budget : int
        Bytes for both; the latest stroke always stays.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._done: deque[Packed] = deque()
        self._undone: list[Packed] = []
        self._bytes = 0

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._bytes

    @property
    def undoable(self) -> Packed | None:
        """The stroke that is taken back next."""
        return self._done[-1] if self._done else None

    @property
    def redoable(self) -> Packed | None:
        """The stroke that is done again next."""
        return self._undone[-1] if self._undone else None

    def add(self, stroke: Packed) -> None:
        """Take a new stroke; what was undone is forgotten."""
        self._bytes += stroke.size - sum(one.size for one in self._undone)
        self._undone.clear()
        self._done.append(stroke)
        while self._bytes > self._budget and len(self._done) > 1:
            self._bytes -= self._done.popleft().size

    def add_undone(self, stroke: Packed) -> None:
        """Take a stroke that was undone before; it is done again next."""
        self._bytes += stroke.size
        self._undone.append(stroke)

    def step_back(self) -> None:
        """Take note that the latest stroke was undone."""
        self._undone.append(self._done.pop())

    def step_forward(self) -> None:
        """Take note that the stroke undone last was done again."""
        self._done.append(self._undone.pop())
