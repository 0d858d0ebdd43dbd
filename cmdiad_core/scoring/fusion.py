"""Fusion of the deviations that several sources see."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Map = NDArray[np.float32]

#: Odd, so that values below normal keep their sign; `fuse` takes the cube root.
_POWER = 3
#: Gaussian blur of the fused map, in patches: a single noisy patch is no defect.
_BLUR = 1.0


def fuse(deviations: Mapping[str, Map], weights: Mapping[str, float]) -> Map:
    """Return the weighted power mean of deviation maps, over the sources that saw each place.

    Between the mean, in which a defect that only one source sees is diluted, and the maximum,
    which takes every source's noise.

    Parameters
    ----------
    deviations : mapping of str to array (h, w)
        Standard deviations above normal by source, NaN where a source saw nothing.
    weights : mapping of str to float
        How much each source counts, above 0.

    Returns
    -------
    array (h, w)
        0 where no source saw anything.
    """
    stack = np.stack(list(deviations.values()))
    seen = np.isfinite(stack)
    weight = seen * np.array([weights[source] for source in deviations])[:, None, None]
    powered = (weight * np.where(seen, stack, 0) ** _POWER).sum(0)
    return np.asarray(np.cbrt(powered / np.maximum(weight.sum(0), 1e-9)), np.float32)


def smooth(fused: Map) -> Map:
    """Return the fused map (h, w) without single-patch noise."""
    return np.asarray(ndimage.gaussian_filter(fused, _BLUR, mode="nearest"), np.float32)


def upsampled(fused: Map, shape: tuple[int, int]) -> Map:
    """Return a map on the patch grid (h, w) bilinearly on the pixel grid (H, W)."""
    picture = Image.fromarray(np.ascontiguousarray(fused))
    return np.asarray(picture.resize(shape[::-1], Image.Resampling.BILINEAR))
