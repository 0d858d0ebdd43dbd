"""Shape of the measured surface at several scales, without any training or download."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.encoders._encoder import FeatureMap, patch_grid
from cmdiad_core.encoders._pyramid import halved, jet, local_energy, resized, to_grid
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement

Plane = NDArray[np.float32]

#: Pixels per patch side that a cloud is resized to.
_PIXELS = 4
_LEVELS = 3
#: Roughness, in point spacings, below which surfaces count as equally smooth.
_SMOOTHEST = 0.01
#: Points that the reference plane is fitted to.
_PLANE_POINTS = 5000


class Surface:
    """Height, slope, curvature and roughness over the part's own plane, and missing points.

    The reference plane is fitted robustly to the part, so that the pose of the part and of the
    sensor drops out. Heights are in units of the point spacing, which makes first derivatives
    slopes. Where the sensor saw nothing the surface is filled in smoothly and the share of
    missing points is a feature of its own: sensors lose points at steep and glossy defects.
    """

    name: ClassVar[str] = "surface"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.CLOUD})
    floor: ClassVar[float] = 0.1

    def __init__(self, device: str) -> None:
        """`device` is ignored: these filters are faster on a CPU than the way to a GPU."""

    def encode(self, values: Measurement) -> FeatureMap:
        """Return features (h, w, 12 per level) of an organised cloud."""
        grid = patch_grid((values.shape[0], values.shape[1]))
        points, share = _reduced(values, (grid[0] * _PIXELS, grid[1] * _PIXELS))
        if not share.any():
            return np.full((*grid, 12 * _LEVELS), np.nan, np.float32)
        # Large heights count by their logarithm, so that one wall does not dwarf all dents.
        height = np.arcsinh(_filled(_height(points, share > 0), share) / 2)[None]
        missing = 1 - share[None]
        maps: list[NDArray[np.float32]] = []
        for _ in range(_LEVELS):
            responses = jet(height)
            roughness = np.log(local_energy(responses[1:]) + _SMOOTHEST)
            maps += [
                to_grid(features, grid).reshape(-1, *grid)
                for features in (responses, roughness, missing)
            ]
            height, missing = halved(height), halved(missing)
        return np.ascontiguousarray(np.moveaxis(np.concatenate(maps), 0, -1))


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
    weight = np.ones(len(thinned))
    normal, centre = np.array([0.0, 0, 1]), thinned.mean(0)
    # Iteratively reweighted (Tukey): what sticks out of the part must not tilt its plane.
    for _ in range(15):
        centre = np.average(thinned, axis=0, weights=weight)
        centred = (thinned - centre) * np.sqrt(weight)[:, None]
        normal = np.linalg.svd(centred.T @ centred)[0][:, 2]
        distance = np.abs((thinned - centre) @ normal)
        limit = 4.685 * max(1.4826 * float(np.median(distance)), 0.1 * spacing)
        weight = np.square(np.clip(1 - np.square(distance / limit), 0, 1)) + 1e-9
    towards_camera = -normal if normal[2] > 0 else normal
    return np.asarray(((points - centre) @ towards_camera) / spacing, np.float32)


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


ENCODER = Surface
