"""Fusion of the deviations that several sources see."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Map = NDArray[np.float32]

#: Gaussian blur of the fused map, in patches: a single noisy patch is no defect.
_BLUR = 1.0


def fuse(deviations: Mapping[str, Map], weights: Mapping[str, float]) -> Map:
    """Return the weighted mean of deviation maps, over the sources that saw each place.

    Parameters
    ----------
    deviations : mapping of str to array (h, w)
        Standard deviations above normal by source, NaN where a source saw nothing.
    weights : mapping of str to float
        How much each source counts.

    Returns
    -------
    array (h, w)
        0 where no source saw anything.
    """
    stack = np.stack(list(deviations.values()))
    weight = np.array([weights[source] for source in deviations], np.float32)[:, None, None]
    weight = np.where(np.isfinite(stack), weight, 0)
    total = weight.sum(0)
    summed = np.where(total > 0, stack, 0).copy()
    summed[~np.isfinite(summed)] = 0
    return np.asarray((summed * weight).sum(0) / np.where(total > 0, total, 1), np.float32)


def smooth(fused: Map) -> Map:
    """Return the fused map (h, w) without single-patch noise."""
    return np.asarray(ndimage.gaussian_filter(fused, _BLUR, mode="nearest"), np.float32)
