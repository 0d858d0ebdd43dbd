"""Colour, edges and texture at several scales, without any training or download."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.encoders._encoder import FeatureMap, patch_grid
from cmdiad_core.encoders._pyramid import halved, jet, local_energy, resized, to_grid
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement

#: Pixels per patch side that an image is resized to.
_PIXELS = 4
_LEVELS = 4


class FilterBank:
    """Gaussian derivatives up to second order on a pyramid, and their local energy.

    The local jet (Koenderink and van Doorn, 1987) describes what an image patch looks like; the
    pooled magnitude of its responses describes texture. Colour enters as opponent channels, and
    intensity by its square root, which evens out photon noise.
    """

    name: ClassVar[str] = "filter_bank"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.IMAGE})

    def __init__(self, device: str) -> None:
        """`device` is ignored: these filters are faster on a CPU than the way to a GPU."""

    def encode(self, values: Measurement) -> FeatureMap:
        """Return features (h, w, 11 per level and channel) of an image."""
        grid = patch_grid((values.shape[0], values.shape[1]))
        planes = _opponent(np.sqrt(np.clip(values, 0, 1)))
        planes = resized(planes, (grid[0] * _PIXELS, grid[1] * _PIXELS))
        maps: list[NDArray[np.float32]] = []
        for _ in range(_LEVELS):
            responses = jet(planes)
            maps += [to_grid(responses, grid), to_grid(local_energy(responses[1:]), grid)]
            planes = halved(planes)
        stacked = np.concatenate([part.reshape(-1, *grid) for part in maps])
        return np.ascontiguousarray(np.moveaxis(stacked, 0, -1))


def _opponent(image: Measurement) -> NDArray[np.float32]:
    """Return planes (channels, H, W): intensity, red-green, yellow-blue."""
    if image.ndim == 2:
        return image[None]
    red, green, blue = np.moveaxis(image, -1, 0)
    return np.stack([(red + green + blue) / 3, red - green, (red + green) / 2 - blue])


ENCODER = FilterBank
