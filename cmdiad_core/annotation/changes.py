"""What a stroke changes: runs of pixels that get one value, and what they held before."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.annotation.area import Area, enclosing, slices
from cmdiad_core.annotation.runs import Runs, runs_of
from cmdiad_core.edits import Box

Labels = NDArray[np.uint8]
_NUMBER = np.dtype("<i4")


@dataclass(frozen=True)
class Changes:
    """Pixels that get a value.

    Parameters
    ----------
    box : tuple of int
        Row and column of the first pixel, row and column after the last one.
    runs : Runs
        The pixels, rows and columns counted from the box.
    old : array (pixels,) of uint8
        What they held, run by run.
    value : int
        What all of them get.
    """

    box: Box
    runs: Runs
    old: Labels
    value: int

    @classmethod
    def of(cls, mask: Labels, area: Area, value: int) -> Changes:
        """Return what an area changes on a mask (H, W)."""
        inside = mask[slices(area.box)]
        changed = area.inside & (inside != value)
        return cls(area.box, runs_of(changed), inside[changed], value)

    @classmethod
    def joined(cls, steps: Sequence[Changes]) -> Changes:
        """Return steps that touch no pixel twice and give the same value as one change."""
        box = enclosing(step.box for step in steps)
        rows = [step.runs.rows + (step.box[0] - box[0]) for step in steps]
        begins = [step.runs.begins + (step.box[1] - box[1]) for step in steps]
        ends = [step.runs.ends + (step.box[1] - box[1]) for step in steps]
        runs = Runs(np.concatenate(rows), np.concatenate(begins), np.concatenate(ends))
        return cls(box, runs, np.concatenate([step.old for step in steps]), steps[0].value)

    def gains(self) -> NDArray[np.int64]:
        """Return by value (256,) how many more pixels hold it than before, negative for fewer."""
        found = -np.bincount(self.old, minlength=256)
        found[self.value] += self.old.size
        return found

    def apply(self, mask: Labels) -> None:
        """Give the pixels their value on a mask (H, W)."""
        mask.reshape(-1)[self._places(mask)] = self.value

    def revert(self, mask: Labels) -> None:
        """Give the pixels of a mask (H, W) back what they held."""
        mask.reshape(-1)[self._places(mask)] = self.old

    def packed(self) -> bytes:
        """Return everything but the box, compressed."""
        # Neighbouring runs resemble each other: their differences take little room.
        numbers = [np.diff(row, prepend=0) for row in self.runs]
        # So does what they held: mostly nothing.
        ends = np.append(np.flatnonzero(self.old[1:] != self.old[:-1]) + 1, self.old.size)
        head = [self.value, len(self.runs.rows), len(ends)]
        table = np.concatenate([head, *numbers, ends]).astype(_NUMBER)
        return zlib.compress(table.tobytes() + self.old[ends - 1].tobytes(), 1)

    @classmethod
    def unpacked(cls, box: Box, packed: bytes) -> Changes:
        """Return what `packed` gave."""
        content = zlib.decompress(packed)
        value, runs, stretches = np.frombuffer(content, _NUMBER, 3).tolist()
        table = np.frombuffer(content, _NUMBER, 3 * runs + stretches, 3 * _NUMBER.itemsize)
        numbers, ends = table[: 3 * runs].reshape(3, runs), table[3 * runs :]
        values = np.frombuffer(content, np.uint8)[len(content) - stretches :]
        old = np.repeat(values, np.diff(ends, prepend=0))
        return cls(box, Runs(*np.cumsum(numbers, axis=1, dtype=np.int64)), old, value)

    def _places(self, mask: Labels) -> NDArray[np.int64]:
        top, left = self.box[:2]
        runs = Runs(self.runs.rows + top, self.runs.begins + left, self.runs.ends + left)
        return runs.places(mask.shape[1])
