"""A measured cloud as coloured points."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.colour_scale import Colours, ColourScale
from app.outline import LINE_COLOURS, outline, per_pixel
from cmdiad_core.sample import Measurement

# From the upper left towards the camera's side; y points down and z away from the camera.
_TO_LAMP = np.array([-0.5, -0.6, -0.62]) / np.linalg.norm([0.5, 0.6, 0.62])
_AMBIENT = 0.22
_SMOOTHING = 1.2
# Points a little wider than their distance make a surface; wider ones would hide its relief.
_OVERLAP = 1.7
_POINT_SIZES = (2.5, 14.0)
# Pixels without a point that a marked place may lie away from one.
_GAP = 3
# Points, and rows of the grid, that are worked on together; rows that smoothing and slope reach.
_PIECE = 2**19
_STRIPE = 256
_SEEN = 8


@dataclass(frozen=True)
class Surface:
    """The measured points of a part.

    Parameters
    ----------
    valid : array (H, W) of bool
        Pixels of the part's grid that have a point.
    points : array (N, 3)
        Their coordinates, row by row.
    shade : array (N,)
        Brightness from 0 to 1 of a matt surface under one lamp.
    """

    valid: NDArray[np.bool_]
    points: Measurement
    shade: NDArray[np.float32]

    @cached_property
    def _before(self) -> NDArray[np.intp]:
        """Number of points in the rows before each (H,)."""
        in_rows = np.count_nonzero(self.valid, axis=1)
        return np.concatenate([[0], np.cumsum(in_rows)[:-1]])

    def thinned(self, numbers: NDArray[np.intp]) -> "Surface":
        """Return the surface of only some of its points, by their numbers in order."""
        valid = np.zeros_like(self.valid)
        valid.flat[np.flatnonzero(self.valid)[numbers]] = True
        return Surface(valid, self.points[numbers], self.shade[numbers])

    def pixel_of(self, number: int) -> tuple[int, int]:
        """Return row and column of a point."""
        row = int(np.searchsorted(self._before, number, side="right")) - 1
        inside = np.flatnonzero(self.valid[row])
        return row, int(inside[number - self._before[row]])

    def point_at(self, row: float, column: float) -> Measurement | None:
        """Return the point (3,) measured at a pixel, or next to it; None where there is none."""
        top, left = max(int(row) - _GAP, 0), max(int(column) - _GAP, 0)
        window = self.valid[top : int(row) + _GAP + 1, left : int(column) + _GAP + 1]
        places = np.argwhere(window) + np.array((top, left))
        if not len(places):
            return None
        away = ((places + 0.5 - (row, column)) ** 2).sum(axis=1)
        nearest = places[away.argmin()]
        number = self._before[nearest[0]]
        number += np.count_nonzero(self.valid[nearest[0], : nearest[1]])
        return np.asarray(self.points[number])


def surface(cloud: Measurement) -> Surface:
    """Return the points of an organised cloud (H, W, 3)."""
    valid: NDArray[np.bool_] = np.asarray(np.isfinite(cloud).all(axis=-1))
    return Surface(valid, np.ascontiguousarray(cloud[valid]), _shade(cloud, valid)[valid])


@dataclass(frozen=True)
class Paint:
    """The colours of a surface without and under a map.

    Parameters
    ----------
    bare, covered : array (N, 3)
        Colour of each point where the map is not drawn, and where it is.
    scores : array (N,)
        What the map says at each point.
    scale : ColourScale
        What the colours were taken from.
    """

    bare: Colours
    covered: Colours
    scores: NDArray[np.float32]
    scale: ColourScale

    @classmethod
    def mix(
        cls, shape: Surface, values: NDArray[np.float32], scale: ColourScale, opacity: float
    ) -> "Paint":
        """Lay a map (H, W) over a surface."""
        ground, scores = bare(shape), values[shape.valid]
        covered = np.empty_like(ground)
        # In pieces: all numbers between would take ten times the memory of the result.
        for start in range(0, len(ground), _PIECE):
            piece = slice(start, start + _PIECE)
            covered[piece] = (1 - opacity) * ground[piece] + opacity * scale.colours(scores[piece])
        return cls(ground, covered, scores, scale)

    def colours(self, scale: ColourScale) -> Colours:
        """Return a colour per point (N, 3) under the limits of a scale."""
        return np.where(scale.draws(self.scores)[:, None], self.covered, self.bare)


def bare(shape: Surface) -> Colours:
    """Return the grey of each point (N, 3)."""
    return np.repeat((shape.shade * 235).astype(np.uint8)[:, None], 3, axis=1)


def outlined(
    colours: Colours, shape: Surface, values: NDArray[np.float32], scale: ColourScale
) -> Colours:
    """Return colours per point (N, 3) with the line around what a map (H, W) draws."""
    lines = per_pixel(outline(scale.draws(values)), values.shape)[shape.valid]
    return np.where(lines[:, None] > 0, LINE_COLOURS[lines, :3], colours)


def mark(colours: Colours, labels: NDArray[np.uint8], by_label: Mapping[int, str]) -> None:
    """Tint points (N, 3) in place by their labels (N,), in colours ``"#rrggbb"``."""
    for label, name in by_label.items():
        marked = labels == label
        colour = np.array([int(name[place : place + 2], 16) for place in (1, 3, 5)])
        # A quarter of the ground keeps the relief visible.
        colours[marked] = colours[marked] // 4 + colour * 3 // 4


def point_size(spacing: float) -> float:
    """Return how wide points are drawn that lie `spacing` pixels apart on the screen."""
    return min(max(spacing * _OVERLAP, _POINT_SIZES[0]), _POINT_SIZES[1])


def _shade(cloud: Measurement, valid: NDArray[np.bool_]) -> NDArray[np.float32]:
    shade = np.empty(valid.shape, np.float32)
    # In stripes, each with the rows beside it that its smoothing sees.
    for top in range(0, len(cloud), _STRIPE):
        bottom, first = top + _STRIPE, max(top - _SEEN, 0)
        lit = _lit(cloud[first : bottom + _SEEN], valid[first : bottom + _SEEN])
        shade[top:bottom] = lit[top - first : bottom - first]
    return shade


def _lit(cloud: Measurement, valid: NDArray[np.bool_]) -> NDArray[np.float32]:
    if min(cloud.shape[:2]) < 2 or not valid.any():
        return np.full(valid.shape, _AMBIENT, np.float32)
    smooth = _smoothed(cloud, valid)
    normals = np.cross(np.gradient(smooth, axis=1), np.gradient(smooth, axis=0))
    # Seen by the camera, every surface faces it.
    normals *= -np.sign(normals[..., 2:])
    length = np.maximum(np.linalg.norm(normals, axis=-1), 1e-12)
    lit = np.clip(normals @ _TO_LAMP / length, 0, 1)
    return np.asarray(_AMBIENT + (1 - _AMBIENT) * np.nan_to_num(lit), np.float32)


def _smoothed(cloud: Measurement, valid: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Average neighbouring points: the sensor's noise goes, and small holes have a normal."""
    from scipy.ndimage import gaussian_filter

    weight = valid.astype(np.float32)
    # Averages are taken around the centre, where 32 bits resolve a surface finely.
    centre = np.mean(cloud[valid], axis=0)
    filled = np.where(valid[..., None], cloud - centre, 0).astype(np.float32)
    near = (_SMOOTHING, _SMOOTHING, 0)
    total = np.asarray(gaussian_filter(weight, _SMOOTHING))[..., None]
    return np.asarray(gaussian_filter(filled, near) / np.maximum(total, 1e-6), np.float32)
