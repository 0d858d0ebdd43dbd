"""An area of the pixel grid: what a tool touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.edits import Box


@dataclass(frozen=True)
class Area:
    """Pixels inside a box.

    Parameters
    ----------
    top, left : int
        Row and column of the box's first pixel; the box lies on the grid.
    inside : array (rows, columns) of bool
        Which pixels of the box are meant.
    """

    top: int
    left: int
    inside: NDArray[np.bool_]

    @property
    def box(self) -> Box:
        """The box; empty where nothing is meant."""
        rows, columns = self.inside.shape
        return self.top, self.left, self.top + rows, self.left + columns

    @classmethod
    def of_mask(cls, mask: NDArray[np.bool_]) -> Area:
        """Return the smallest area that holds what a mask (H, W) marks."""
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not rows.size:
            return cls(0, 0, np.zeros((0, 0), np.bool_))
        top, left = int(rows[0]), int(columns[0])
        return cls(top, left, mask[top : rows[-1] + 1, left : columns[-1] + 1])

    def on_grid(self, shape: tuple[int, int]) -> NDArray[np.bool_]:
        """Return the area as a mask of a whole grid (H, W)."""
        mask = np.zeros(shape, np.bool_)
        mask[slices(self.box)] = self.inside
        return mask


def slices(box: Box) -> tuple[slice, slice]:
    """Return the index of a box."""
    return slice(box[0], box[2]), slice(box[1], box[3])


def enclosing(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around some."""
    tops, lefts, bottoms, rights = zip(*boxes, strict=True)
    return min(tops), min(lefts), max(bottoms), max(rights)
