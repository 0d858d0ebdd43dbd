"""Distances of a part's patches to the bank, beside those of normal patches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.inspection import Map

_BINS = 48
Counts = NDArray[np.float64]


@dataclass(frozen=True)
class Histogram:
    """Numbers of patches by distance.

    Parameters
    ----------
    edges : array (bins + 1,)
        Of the bins; the last bin also holds everything beyond.
    part : array (bins,)
        Patches of the part.
    normal : array (bins,) or None
        As many normal patches outside the bank, spread as they were when the model was
        calibrated.
    """

    edges: Counts
    part: Counts
    normal: Counts | None

    @classmethod
    def of(cls, distances: Map, end: float, quantiles: Map | None) -> Histogram:
        """Count distances (h, w) between 0 and `end`; NaN is left out.

        `quantiles` are those of normal patches, from the smallest to the largest in equal steps.
        """
        edges = np.linspace(0, end, _BINS + 1)
        known = distances[np.isfinite(distances)]
        part, _ = np.histogram(np.minimum(known, end), edges)
        if quantiles is None:
            return cls(edges, part.astype(np.float64), None)
        below = np.interp(edges, quantiles, np.linspace(0, 1, len(quantiles)))
        below[-1] = 1
        return cls(edges, part.astype(np.float64), np.diff(below) * len(known))
