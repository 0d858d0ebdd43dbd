from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.errors import InputError
from cmdiad_core.sample import Measurement

Points = NDArray[np.float64]

#: Width in pixels of the border that shows the plane.
_STRIP = 10
#: Points of the border that planes are tried on, and planes tried.
_POINTS, _TRIES = 2000, 300
#: Share of the border that a plane has to explain to be the one that the part lies on.
_LEAST = 0.3


def heights_over_plane(cloud: Measurement, tolerance: float, where: Path | str) -> Points:
    """Return how far each point is from the plane along the border of an organised cloud.

    The plane is found by RANSAC with truncated squares as costs (MSAC, Torr and Zisserman,
    2000), always the same for one cloud, and refined by least squares on the points that agree.

    Parameters
    ----------
    cloud : array (H, W, 3)
        NaN where nothing was measured.
    tolerance : float
        Points nearer than this to a plane agree with it, in the unit of the cloud.
    where : Path or str
        Named in errors.

    Returns
    -------
    array (H, W)
        Never negative; NaN where nothing was measured.

    Raises
    ------
    InputError
        The border has too few points, or no plane explains them.
    """
    strip = np.ones(cloud.shape[:2], bool)
    strip[_STRIP:-_STRIP, _STRIP:-_STRIP] = False
    border = cloud[strip & np.isfinite(cloud).all(axis=2)].astype(np.float64)
    if len(border) < 3:
        raise InputError(where, "has no points along its border, where its background should be")
    normal, offset = _fitted(border[_agreeing(border, tolerance)])
    if np.mean(np.abs(border @ normal - offset) < tolerance) < _LEAST:
        raise InputError(where, "shows no plane along its border that a part could lie on")
    return np.asarray(np.abs(cloud.astype(np.float64) @ normal - offset))


def _agreeing(points: Points, tolerance: float) -> NDArray[np.bool_]:
    """Return which points agree with the best plane through three random ones."""
    rng = np.random.default_rng(0)
    tried = points if len(points) <= _POINTS else rng.choice(points, _POINTS, replace=False)
    corners = tried[rng.integers(len(tried), size=(_TRIES, 3))]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
    offsets = (normals * corners[:, 0]).sum(axis=1)
    # How near points are counts too, or a slanted plane through table and part would win.
    costs = np.minimum(np.square(tried @ normals.T - offsets), tolerance**2).sum(axis=0)
    # Three points on one line make no plane, though all points agree with the normal 0.
    best = int(np.argmin(np.where(normals.any(axis=1), costs, np.inf)))
    return np.asarray(np.abs(points @ normals[best] - offsets[best]) < tolerance)


def _fitted(points: Points) -> tuple[Points, float]:
    """Return normal and distance from the origin of the plane of least squares."""
    middle = points.mean(axis=0)
    normal = np.linalg.eigh((points - middle).T @ (points - middle))[1][:, 0]
    return normal, float(middle @ normal)
