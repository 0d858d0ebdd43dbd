"""Ground truth of a mesh as a list of its corners, as MulSen-AD has it."""

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from cmdiad_core.errors import InputError
from cmdiad_core.sample import Measurement

_MAX_BYTES = 500_000_000


def read_points(path: Path) -> NDArray[np.float64]:
    """Return the points (N, 3) of a text file whose lines begin with x, y, z and commas.

    They are turned like the mesh they belong to: z points away from the viewer, y down.

    Raises
    ------
    InputError
        No such file, or something else in it.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(path, "is too large for a list of points")
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            points = np.loadtxt(path, delimiter=",", usecols=(0, 1, 2), ndmin=2)
    except OSError as error:
        raise InputError(path, f"cannot be opened: {error.strerror or error}") from error
    except ValueError as error:
        raise InputError(path, "is no list of points x,y,z; copy it again") from error
    return points[np.isfinite(points).all(axis=1)] * (1, -1, -1)


def near_points(cloud: Measurement, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return where a cloud (H, W, 3) is as near to one of the points as they are to each other."""
    inside = np.zeros(cloud.shape[:2], np.bool_)
    valid = np.isfinite(cloud[..., 2])
    if len(points) > 1 and valid.any():
        tree = cKDTree(points)
        reach = max(_spacing(tree, points), _spacing(cKDTree(cloud[valid]), cloud[valid][::97]))
        distance, _ = tree.query(cloud[valid], distance_upper_bound=reach)
        inside[valid] = np.isfinite(distance)
    return inside


def _spacing(tree: cKDTree, points: NDArray[np.floating]) -> float:
    distances, _ = tree.query(points, k=2)
    return float(np.median(np.asarray(distances)[:, 1]))
