"""Colour, edges and texture at several scales, without any training or download."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.encoders._encoder import FeatureMap, patch_grid
from cmdiad_core.encoders._planes import intensity_planes
from cmdiad_core.encoders._pyramid import (
    Planes,
    blurred,
    halved,
    jet,
    local_energy,
    resized,
    to_grid,
)
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement

#: Pixels per patch side that an image is resized to, and that the texture of one finer level, of
#: intensity alone, is taken from.
_PIXELS, _FINE_PIXELS = 4, 8
#: Weights of the levels, and of that texture: the coarsest level sees a flaw from far beside it
#: as well and would blur its outline, thin cuts are seen on the finest only.
_LEVELS, _FINE = (1.0, 1.0, 0.7), 4.0
#: Contrast, in square-root intensity, that 8 bits cannot resolve in dark places.
_FAINT = 0.01
#: Weights of brightness, of log contrast and of texture beside the responses, which are near 1 at
#: edges: texture looks alike wherever a part lies in the view, responses do not.
_BRIGHTNESS, _CONTRAST, _TEXTURE = 3.0, 0.25, 2.0


class FilterBank:
    """Local jets of intensity and colour on a pyramid, over local contrast, and their energy.

    The local jet (Koenderink and van Doorn, 1987) describes what an image patch looks like, the
    pooled magnitude of its responses describes texture, that of intensity on one finer level as
    well, because thin cuts are seen there only. Both are taken over the local contrast, so that a
    flaw in a dark corner counts like one under the lamp, but not over less than the typical
    contrast of the image's intensity, so that sensor noise, which is most of what colour channels
    hold, stays small. Brightness and contrast themselves are features beside them.
    Colour enters as opponent channels, intensity by its square root, which evens out photon
    noise.
    """

    name: ClassVar[str] = "filter_bank"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.IMAGE})
    floor: ClassVar[float] = 0.3

    def __init__(self, device: str) -> None:
        """`device` is ignored: these filters are faster on a CPU than the way to a GPU."""

    def encode(self, values: Measurement) -> FeatureMap:
        """Return features (h, w, 13 per level and channel, and 5) of an image."""
        grid = patch_grid((values.shape[0], values.shape[1]))
        measured = intensity_planes(values)
        fine = resized(measured[:1], (grid[0] * _FINE_PIXELS, grid[1] * _FINE_PIXELS))
        energy = local_energy(_over_contrast(fine)[0][1:])
        maps = [np.float32(_FINE) * to_grid(energy, grid)[:, 0]]
        planes = resized(measured, (grid[0] * _PIXELS, grid[1] * _PIXELS))
        for weight in _LEVELS:
            responses, contrast = _over_contrast(planes)
            described: tuple[NDArray[np.float32], ...] = (
                responses,
                np.float32(_BRIGHTNESS) * planes,
                np.float32(_CONTRAST) * np.log(contrast),
                np.float32(_TEXTURE) * local_energy(responses[1:]),
            )
            maps += [
                np.float32(weight) * to_grid(features, grid).reshape(-1, *grid)
                for features in described
            ]
            planes = halved(planes)
        return np.ascontiguousarray(np.moveaxis(np.concatenate(maps), 0, -1))


def _over_contrast(planes: Planes) -> tuple[Planes, Planes]:
    """Return the local jet of planes (n, H, W) over their local contrast, and that contrast."""
    mean = blurred(blurred(planes))
    contrast = np.sqrt(blurred(blurred(np.square(planes - mean))))
    contrast += np.float32(np.median(contrast[0]) + _FAINT)
    return jet(np.asarray((planes - mean) / contrast, np.float32)), contrast


ENCODER = FilterBank
