from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.errors import InputError
from cmdiad_core.sample import Measurement

#: Most points read from one file: 200 million are 2.4 GB of coordinates.
MAX_POINTS = 200_000_000

#: Fewer points than this do not make a surface.
MIN_POINTS = 3

#: Coordinates beyond are how some scanners say that they saw nothing (the largest float, -1e10);
#: a part of a kilometre in micrometres is within.
FARTHEST = 1e9


@dataclass(frozen=True)
class PointList:
    """Points in the order of their file.

    Parameters
    ----------
    xyz : array (N, 3)
        Coordinates as stored.
    colours : array (N, 3) or None
        Float32 in 0..1; None where the file has no colours.
    grid : tuple of int or None
        Height and width when the points are ordered row by row on a pixel grid.
    """

    xyz: NDArray[Any]
    colours: NDArray[np.float32] | None
    grid: tuple[int, int] | None


def check_point_count(path: Path, count: int) -> None:
    """Refuse a header that claims no points, or more than are read."""
    if count < 1:
        raise InputError(path, "holds no points; export the scan again")
    if count > MAX_POINTS:
        raise InputError(path, f"claims {count} points, more than the {MAX_POINTS} that are read")


def mark_invalid(path: Path, xyz: NDArray[Any]) -> Measurement:
    """Return `xyz` (..., 3) as float32 with NaN in every coordinate of an invalid point.

    Invalid is a point that is not finite, farther than `FARTHEST`, or exactly (0, 0, 0): nothing
    can be measured in the optical centre, and scanners write these where they saw nothing.

    Raises
    ------
    InputError
        Fewer valid points than make a surface, or all at one place.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        points = np.array(xyz, dtype=np.float32)
    # What is not a number is not within the bound either.
    invalid = ~(np.abs(points) <= FARTHEST).all(axis=-1) | (points == 0).all(axis=-1)
    valid = invalid.size - int(np.count_nonzero(invalid))
    if valid == 0:
        raise InputError(
            path, "holds no valid point: all are zero, too large or not a number; scan again"
        )
    if valid < MIN_POINTS:
        raise InputError(
            path, f"holds only {valid} valid point(s); a surface needs {MIN_POINTS} or more"
        )
    points[invalid] = np.nan
    places = tuple(range(points.ndim - 1))
    if (np.nanmin(points, axis=places) == np.nanmax(points, axis=places)).all():
        raise InputError(path, f"holds {valid} points at one and the same place; scan again")
    return points
