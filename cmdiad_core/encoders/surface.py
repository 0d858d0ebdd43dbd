"""Shape of the measured surface at several scales, without any training or download."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.encoders._encoder import FeatureMap, patch_grid
from cmdiad_core.encoders._planes import height_planes
from cmdiad_core.encoders._pyramid import halved, jet, local_energy, to_grid
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement

Plane = NDArray[np.float32]

#: Pixels per patch side that a cloud is resized to.
_PIXELS = 4
#: A third, coarser one sees past the outline of an object and finds no more defects.
_LEVELS = 2
#: Roughness, in point spacings, below which surfaces count as equally smooth.
_SMOOTHEST = 0.01


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
        height, missing = height_planes(values, (grid[0] * _PIXELS, grid[1] * _PIXELS))
        if missing.all():
            return np.full((*grid, 12 * _LEVELS), np.nan, np.float32)
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


ENCODER = Surface
