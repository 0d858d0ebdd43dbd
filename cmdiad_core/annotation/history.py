"""Strokes that can be taken back, within a budget of memory."""

import zlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.edits import Box

Labels = NDArray[np.uint8]

#: Bytes of compressed strokes kept for a part; the oldest are forgotten first.
BUDGET_BYTES = 64 * 2**20
# What an entry takes besides its bytes.
_OVERHEAD = 400


@dataclass(frozen=True)
class Patch:
    """A change of the mask inside a box.

    Parameters
    ----------
    box : tuple of int
        Row and column of the first pixel, row and column after the last one.
    old, new : array (rows, columns) of uint8
        The mask inside the box before and after.
    """

    box: Box
    old: Labels
    new: Labels


class Journal(Protocol):
    """Where strokes are written down at once, so that none is lost."""

    def strokes(self) -> Iterable[tuple[int, Patch]]:
        """Return the strokes that stand with their numbers, oldest first."""

    def add(self, defect_type: int, patch: Patch) -> int:
        """Write a stroke down and return its number."""

    def undo(self, number: int) -> None:
        """Write down that a stroke no longer stands."""

    def redo(self, number: int) -> None:
        """Write down that a stroke stands again."""


@dataclass(frozen=True)
class Packed:
    """A patch in little room, with its number in the journal."""

    number: int
    box: Box
    old: bytes
    new: bytes

    @classmethod
    def of(cls, number: int, patch: Patch) -> "Packed":
        """Return a patch compressed."""
        old, new = (zlib.compress(values.tobytes(), 1) for values in (patch.old, patch.new))
        return cls(number, patch.box, old, new)

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self.old) + len(self.new) + _OVERHEAD

    def values(self, stored: bytes) -> Labels:
        """Return `old` or `new` as an array (rows, columns)."""
        top, left, bottom, right = self.box
        flat = np.frombuffer(zlib.decompress(stored), np.uint8)
        return flat.reshape(bottom - top, right - left)


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

    def step_back(self) -> None:
        """Take note that the latest stroke was undone."""
        self._undone.append(self._done.pop())

    def step_forward(self) -> None:
        """Take note that the stroke undone last was done again."""
        self._done.append(self._undone.pop())
