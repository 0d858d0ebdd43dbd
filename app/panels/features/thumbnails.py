"""Small pictures of a patch and what surrounds it."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.colour_scale import Colours
from app.panels.features.basis import NOTHING
from app.panels.image.model import Source
from app.text import text
from cmdiad_core.modalities import modality
from cmdiad_core.sample import PartFiles, Sample

if TYPE_CHECKING:
    from cmdiad_core.detector.feature_study import Neighbour

#: Patches along the side of a thumbnail, and pixels along the longer side of what is kept.
WINDOW = 11
_PIXELS = 704
_KEPT = 48


@dataclass(frozen=True)
class Picture:
    """A measured modality, no finer than thumbnails need.

    Parameters
    ----------
    pixels : array (H, W) or (H, W, 3)
        Grey or colour.
    grid : tuple of int
        Height and width of the part in patches.
    """

    pixels: Colours
    grid: tuple[int, int]

    @classmethod
    def of(cls, sample: Sample, name: str) -> Picture:
        """Return the picture of a modality of a part."""
        from cmdiad_core.encoders import patch_grid

        values = sample.measured[name]
        height, width = values.shape[:2]
        step = math.ceil(max(height, width) / _PIXELS)
        coarse = Sample(sample.id, {name: values[::step, ::step]})
        return cls(Source(modality(name)).pixels(coarse), patch_grid((height, width)))

    def cut_out(self, row: int, column: int) -> Colours:
        """Return what surrounds a patch: `WINDOW` patches each way, the patch in the middle."""
        shape = self.pixels.shape[:2]
        sides = [pixels / patches for pixels, patches in zip(shape, self.grid, strict=True)]
        half = max(1, round(WINDOW / 2 * max(sides)))
        size = 2 * half + 1
        top, left = (
            int((place + 0.5) * side) - half
            for place, side in zip((row, column), sides, strict=True)
        )
        inside = self.pixels[max(top, 0) : top + size, max(left, 0) : left + size]
        if inside.ndim == 2:
            inside = np.repeat(inside[..., None], 3, axis=2)
        result = np.broadcast_to(NOTHING, (size, size, 3)).copy()
        rows, columns = max(-top, 0), max(-left, 0)
        result[rows : rows + inside.shape[0], columns : columns + inside.shape[1]] = inside
        return result


class Thumbnails:
    """Reads training parts by reference and keeps the latest; used on the worker's thread only."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[tuple[Path, str], Picture] = OrderedDict()

    def of(self, neighbour: Neighbour, name: str) -> Colours:
        """Return a thumbnail of a patch of a training part.

        Raises
        ------
        InputError, FileNotFoundError
            When the part's file cannot be read, or is gone.
        """
        return self._picture(neighbour.part, name).cut_out(neighbour.row, neighbour.column)

    def _picture(self, part: PartFiles, name: str) -> Picture:
        path = part.files.get(name)
        if path is None or not path.is_file():
            raise FileNotFoundError(text("patch.not_found"))
        if (path, name) not in self._pictures:
            from cmdiad_core.data.loading import load_sample

            sample = load_sample(PartFiles(part.id, {name: path}, camera=part.camera))
            self._pictures[path, name] = Picture.of(sample, name)
            if len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end((path, name))
        return self._pictures[path, name]
