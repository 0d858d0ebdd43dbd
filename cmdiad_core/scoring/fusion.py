"""Fusion of the deviations that several sources see."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Map = NDArray[np.float32]

#: Standard deviations above which deviations grow like their logarithm only.
_FAR = 3.0
#: Gaussian blur of the fused map, in patches: a single noisy patch is no defect.
_BLUR = 0.8


def tempered(deviation: Map) -> Map:
    """Return deviations (h, w), large ones by their logarithm (arcsinh, small ones as they are).

    Beyond what good parts can show, how far a source is off says little, and one that always goes
    to extremes, halo and all, would drown the others where they are fused.
    """
    return np.asarray(_FAR * np.arcsinh(deviation / _FAR), np.float32)


def fuse(deviations: Mapping[str, Map], weights: Mapping[str, float] | Mapping[str, Map]) -> Map:
    """Return the weighted power mean (3) of deviation maps, over the sources that saw each place.

    Between the mean, in which a defect that only one source sees is diluted, and the maximum,
    which takes every source's noise.

    Parameters
    ----------
    deviations : mapping of str to array (h, w)
        Standard deviations above normal by source, NaN where a source saw nothing.
    weights : mapping of str to float or array (h, w)
        How much each source counts, above 0; everywhere or place by place.

    Returns
    -------
    array (h, w)
        0 where no source saw anything.
    """
    stack = np.stack(list(deviations.values()))
    seen = np.isfinite(stack)
    shares = [np.broadcast_to(weights[source], stack.shape[1:]) for source in deviations]
    weight = np.where(seen, np.stack(shares), 0)
    values = np.where(seen, stack, 0)
    # An odd power, so that values below normal keep their sign; `** 3` takes ten times as long.
    cubed = (weight * values * values * values).sum(0)
    return np.asarray(np.cbrt(cubed / np.maximum(weight.sum(0), 1e-9)), np.float32)


def smooth(fused: Map) -> Map:
    """Return the fused map (h, w) without single-patch noise."""
    return np.asarray(ndimage.gaussian_filter(fused, _BLUR, mode="nearest"), np.float32)


def upsampled(fused: Map, shape: tuple[int, int]) -> Map:
    """Return a map on the patch grid (h, w) bilinearly on the pixel grid (H, W)."""
    picture = Image.fromarray(np.ascontiguousarray(fused))
    return np.asarray(picture.resize(shape[::-1], Image.Resampling.BILINEAR))
