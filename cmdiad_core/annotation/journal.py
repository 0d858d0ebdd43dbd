"""Strokes in the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cmdiad_core import __version__
from cmdiad_core.annotation.history import Packed
from cmdiad_core.edits import Box, Edit

if TYPE_CHECKING:
    from cmdiad_core.store import Store


class StrokeJournal:
    """The strokes on one grid of a part; each is on the disk when the call returns.

    Parameters
    ----------
    store : Store
        Where they are kept.
    part : str
        Content hash of the part.
    person : str
        Who makes, undoes and redoes strokes here.
    grid : str
        Those on this pixel grid, as in `cmdiad_core.sample.Sample.grids`.
    """

    def __init__(self, store: Store, part: str, person: str, grid: str = "") -> None:
        self._store = store
        self._part = part
        self._person = person
        self._grid = grid

    def strokes(self) -> Iterator[Packed]:
        """Give the strokes that stand, of every person, oldest first."""
        for stroke in self._store.strokes(self._part, self._grid):
            yield Packed(stroke.id, stroke.box, stroke.changes)

    def undone(self) -> Iterator[Packed]:
        """Give the strokes undone since the newest one was made, the one undone last at the end."""
        for stroke in self._store.undone_strokes(self._part, self._grid):
            yield Packed(stroke.id, stroke.box, stroke.changes)

    def add(self, defect_type: int, box: Box, content: bytes) -> int:
        """Write a stroke down and return the id of the edit."""
        made = self._part, self._person, defect_type, box, content
        return self._store.add_stroke(*made, self._grid)

    def undo(self, number: int) -> None:
        """Write down that a stroke no longer stands."""
        self._store.undo(self._edit(number))

    def redo(self, number: int) -> None:
        """Write down that a stroke stands again."""
        self._store.redo(self._edit(number))

    def _edit(self, number: int) -> Edit:
        return Edit(number, self._part, self._person, datetime.now(UTC), __version__)
