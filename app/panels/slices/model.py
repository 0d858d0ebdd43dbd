"""Slices of a volume as pictures."""

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.colour_scale import Colours
from cmdiad_core.data.volumes import Volume

Plane = NDArray[Any]

# Voxels that are looked at to find a window; a large volume would take long.
_LOOKED_AT = 64


class Axis(IntEnum):
    """What a slice lies across."""

    Z = 0
    Y = 1
    X = 2


def plane(volume: Volume, axis: Axis, number: int) -> Plane:
    """Return a copy of one slice: rows are y, or z where it lies across y or x."""
    return np.array(np.take(volume.values, number, axis))


def grey(values: Plane, level: float, window: float) -> Colours:
    """Return values as grey: black half a window below the level, white half above."""
    low = level - window / 2
    share = (values.astype(np.float32) - np.float32(low)) / np.float32(max(window, 1e-12))
    return np.asarray(np.nan_to_num(np.clip(share, 0, 1)) * 255, np.uint8)


def first_window(volume: Volume) -> tuple[float, float]:
    """Return level and window that show the values between the 0.5th and 99.5th percentile."""
    some = volume.values[tuple(slice(None, None, -(-n // _LOOKED_AT)) for n in volume.values.shape)]
    finite = some[np.isfinite(some)].astype(np.float64)
    low, high = np.percentile(finite, (0.5, 99.5)) if finite.size else (0.0, 1.0)
    return float(low + high) / 2, max(float(high - low), 1e-6)


def voxel(axis: Axis, number: int, row: int, column: int) -> tuple[int, int, int]:
    """Return slice, row and column in the volume of a pixel of a plane."""
    place = [row, column]
    place.insert(axis, number)
    return place[0], place[1], place[2]


def pixel_aspect(volume: Volume, axis: Axis) -> float:
    """Return the width of a pixel of a plane by its height."""
    if volume.spacing is None:
        return 1.0
    down, across = (side for number, side in enumerate(volume.spacing) if number != axis)
    return across / down
