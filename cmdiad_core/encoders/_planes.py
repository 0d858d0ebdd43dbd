import numpy as np
from numpy.typing import NDArray

from cmdiad_core.encoders._pyramid import halved, resized
from cmdiad_core.sample import Measurement

Plane = NDArray[np.float32]

#: Points that the reference plane is fitted to.
_PLANE_POINTS = 5000
#: Planes tried first, and points that they are judged by.
_PLANES, _PLANE_JUDGES = 300, 500
#: Share of the points that the plane is judged by, the rest may lie anywhere; and what makes a
#: standard deviation of that quantile of absolute distances, were they normal.
_ON_PLANE, _TO_DEVIATION = 0.35, 2.2
#: Share of the points at or below height 0. What a part lies on and its top are often equally
#: large and parallel: the plane finds either, this always the lower.
_SUPPORT = 0.25


def intensity_planes(image: Measurement) -> Plane:
    """Return planes (1 or 3, H, W) of an image: square root of intensity, opponent colours."""
    root = np.sqrt(np.clip(image, 0, 1))
    if root.ndim == 2:
        return root[None]
    red, green, blue = np.moveaxis(root, -1, 0)
    return np.stack([(red + green + blue) / 3, red - green, (red + green) / 2 - blue])


def height_planes(cloud: Measurement, size: tuple[int, int]) -> tuple[Plane, Plane]:
    """Return the height of a cloud over its own plane and the missing share, (1, H, W) each.

    Heights are in point spacings, large ones by their logarithm, so that one wall does not
    dwarf all dents; holes are filled smoothly. Where no point is valid all heights are 0.
    """
    points, share = _reduced(cloud, size)
    if not share.any():
        return np.zeros((1, *size), np.float32), np.ones((1, *size), np.float32)
    height = np.arcsinh(_filled(_height(points, share > 0), share) / 2)
    return height[None], 1 - share[None]


def _reduced(cloud: Measurement, size: tuple[int, int]) -> tuple[Plane, Plane]:
    """Return the cloud as means of its valid points (H, W, 3), and their share (H, W)."""
    valid = np.asarray(np.isfinite(cloud).all(axis=2))
    planes = np.concatenate([np.where(valid[:, :, None], cloud, 0), valid[:, :, None]], 2)
    planes = resized(np.moveaxis(planes.astype(np.float32), -1, 0), size)
    share = np.clip(planes[3], 0, 1)
    share = np.where(share < 0.25, 0, share)
    points = np.moveaxis(planes[:3], 0, -1) / np.where(share > 0, planes[3], 1)[..., None]
    return points.astype(np.float32), share.astype(np.float32)


def _height(points: Plane, valid: NDArray[np.bool_]) -> Plane:
    """Return signed distances (H, W) to the robust plane of the part, in point spacings."""
    chosen = points[valid].astype(np.float64)
    spacing = _spacing(points, valid)
    thinned = chosen[:: max(1, len(chosen) // _PLANE_POINTS)]
    normal, centre = _least_quantile_plane(thinned)
    distance = np.abs((thinned - centre) @ normal)
    # Iteratively reweighted (Tukey): what sticks out of the part must not tilt its plane.
    for _ in range(15):
        limit = 4.685 * max(_TO_DEVIATION * float(np.quantile(distance, _ON_PLANE)), 0.1 * spacing)
        weight = np.square(np.clip(1 - np.square(distance / limit), 0, 1)) + 1e-9
        centre = np.average(thinned, axis=0, weights=weight)
        centred = (thinned - centre) * np.sqrt(weight)[:, None]
        normal = np.linalg.svd(centred.T @ centred)[0][:, 2]
        distance = np.abs((thinned - centre) @ normal)
    towards_camera = -normal if normal[2] > 0 else normal
    heights = (points - centre) @ towards_camera
    support = np.quantile(heights[valid], _SUPPORT)
    return np.asarray((heights - support) / spacing, np.float32)


def _least_quantile_plane(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return normal and a point of the plane that a third of the points (n, 3) hug closest.

    Least quantile of squares (Rousseeuw, 1984) over planes through three points: an object that
    covers half of the view must not pull the plane, from where reweighting cannot return.
    """
    triples = np.random.default_rng(0).integers(len(points), size=(_PLANES, 3))
    first, second, third = np.moveaxis(points[triples], 1, 0)
    normals = np.cross(second - first, third - first)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    proper = lengths[:, 0] > 0
    if not proper.any():
        return np.array([0.0, 0, 1]), points.mean(0)
    first, normals = first[proper], normals[proper] / lengths[proper]
    some = points[:: max(1, len(points) // _PLANE_JUDGES)]
    distances = np.abs(normals @ some.T - np.sum(normals * first, 1)[:, None])
    best = int(np.argmin(np.quantile(distances, _ON_PLANE, axis=1)))
    return normals[best], first[best]


def _spacing(points: Plane, valid: NDArray[np.bool_]) -> float:
    """Return the median distance of neighbouring points; 1 where there are no neighbours."""
    both = valid[:, 1:] & valid[:, :-1]
    steps = np.linalg.norm(points[:, 1:][both] - points[:, :-1][both], axis=-1)
    spacing = float(np.median(steps)) if steps.size else 0.0
    return spacing if spacing > 0 else 1.0


def _filled(height: Plane, share: Plane) -> Plane:
    """Return heights with holes filled from coarser and coarser surroundings."""
    if share.all():
        return height
    if min(height.shape) == 1:
        mean = float(np.average(height, weights=share))
        return np.where(share > 0, height, np.float32(mean))
    weight = halved(share)
    coarse = halved(np.where(share > 0, height, 0) * share)
    coarse = np.where(weight > 1e-6, coarse / np.maximum(weight, 1e-6), 0).astype(np.float32)
    below = _filled(coarse, np.where(weight > 1e-6, weight, 0).astype(np.float32))
    return np.where(share > 0, height, resized(below, (height.shape[0], height.shape[1])))
