"""What distances to a bank are normal, by place on the part."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Map = NDArray[np.float32]

#: Radius in patches over which neighbouring places are pooled.
_POOLING = 1.0
#: Share of the global variance that is added to that of every place.
_GLOBAL = 0.3
#: Steps of the quantiles that are kept: fine enough for the few patches far out.
_STEPS = 1000


@dataclass(frozen=True)
class MapCalibration:
    """Mean and spread of a source's distances on good parts that are not in its bank.

    Where good parts agree that a place is harder (an edge, a print), it is judged against
    itself; where parts do not lie alike, the places shrink to the global figures.

    Parameters
    ----------
    location, scale : array (h, w)
        Per patch of the grid the model was trained on.
    quantiles : array (1001,)
        Of the distances themselves, wherever on the part, in steps of a thousandth from the
        smallest to the largest; empty without `with_quantiles`.
    """

    location: Map
    scale: Map
    quantiles: Map = field(default_factory=lambda: np.zeros(0, np.float32))

    @classmethod
    def fit(cls, distances: Sequence[Map]) -> "MapCalibration":
        """Learn from distance maps (h, w) of good parts; NaN is left out.

        Maps of another shape than the first are stretched to it.
        """
        shape = distances[0].shape
        stack = np.stack([_resized(one, shape) for one in distances]).astype(np.float64)
        seen = np.isfinite(stack)
        values = np.where(seen, stack, 0)
        mean = values.sum() / max(seen.sum(), 1)
        centred = np.where(seen, stack - mean, 0)
        variance = float(np.square(centred).sum() / max(seen.sum(), 1))

        # Neighbouring patches overlap, so that pooling them counts less than their number.
        weight = _pool(seen.sum(0).astype(np.float64))
        local = _pool(centred.sum(0)) / np.maximum(weight, 1e-9)
        parts = np.maximum(seen.sum(0), 1)
        between = np.square(centred - local).sum(0) / parts
        noise = float(np.mean(between / np.maximum(weight, 1e-9)))
        # James-Stein: believe the places as far as they differ by more than their own noise.
        belief = max(0.0, 1 - noise / max(float(np.var(local)), 1e-12))
        location = mean + belief * local

        residual = np.where(seen, stack - location, 0)
        spread = _pool(np.square(residual).sum(0)) / np.maximum(weight, 1e-9)
        # Some of the global spread is kept under the local one: a place where a few good parts
        # happened to agree must not turn the slightest change into a finding.
        scale = np.sqrt(np.maximum(spread + _GLOBAL * variance, 1e-12))
        return cls(location.astype(np.float32), scale.astype(np.float32))

    def with_quantiles(self, distances: Sequence[Map]) -> "MapCalibration":
        """Return this calibration with the quantiles of the distances that it comes from."""
        shape = self.location.shape
        values = np.concatenate([_resized(one, shape).ravel() for one in distances])
        values = values[np.isfinite(values)]
        found = _quantiles(values) if values.size else np.zeros(_STEPS + 1)
        return replace(self, quantiles=found.astype(np.float32))

    def __call__(self, distance: Map) -> Map:
        """Return distances (h, w) as standard deviations above what is normal at each place."""
        location, scale = (_resized(field, distance.shape) for field in (self.location, self.scale))
        return np.asarray((distance - location) / scale, np.float32)


def _quantiles(values: Map) -> NDArray[np.float64]:
    # numpy.quantile partitions once a step, which takes five times as long.
    places = np.linspace(0, len(values) - 1, _STEPS + 1)
    return np.interp(places, np.arange(len(values)), np.sort(values))


def _pool(field: NDArray[np.float64]) -> NDArray[np.float64]:
    area = 4 * np.pi * _POOLING**2
    smoothed: NDArray[np.float64] = ndimage.gaussian_filter(field, _POOLING, mode="nearest")
    return smoothed * area / 4


def _resized(field: Map, shape: tuple[int, ...]) -> Map:
    if field.shape == shape:
        return field
    factors = [new / old for new, old in zip(shape, field.shape, strict=True)]
    return np.asarray(ndimage.zoom(field, factors, order=1, mode="nearest", grid_mode=True))
