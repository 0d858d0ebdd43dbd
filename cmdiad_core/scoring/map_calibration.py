"""What distances to a bank are normal, by place on the part."""

from collections.abc import Collection, Sequence
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


class MapCalibrationFit:
    """Learns `MapCalibration` from good parts, and from all but some of them.

    Parameters
    ----------
    distances : sequence of array (h, w)
        Of each part, at least one; NaN is left out. Maps of another shape than the first are
        stretched to it.
    """

    def __init__(self, distances: Sequence[Map]) -> None:
        self._shape = distances[0].shape
        self._distances = [_resized(one, self._shape) for one in distances]
        self._sums = self._summed(range(len(distances)))

    def __call__(self, leaving_out: Collection[int] = ()) -> MapCalibration:
        """Learn from the parts but those of the given numbers, of which one has to be left."""
        # Sums are all that is needed, so that leaving parts out costs no more than they do.
        count, total, square = self._sums - self._summed(leaving_out)
        mean = total.sum() / max(count.sum(), 1)
        # Of distances over the mean: by place, and their variance.
        square = square - 2 * mean * total + mean**2 * count
        total = total - mean * count
        variance = square.sum() / max(count.sum(), 1)

        # Neighbouring patches overlap, so that pooling them counts less than their number.
        weight = _pool(count)
        local = _pool(total) / np.maximum(weight, 1e-9)
        # A part that saw nothing at a place stands for the mean there: it is believed less.
        parts = len(self._distances) - len(leaving_out)
        between = (square - 2 * local * total + parts * local**2) / np.maximum(count, 1)
        noise = float(np.mean(between / np.maximum(weight, 1e-9)))
        # James-Stein: believe the places as far as they differ by more than their own noise.
        belief = max(0.0, 1 - noise / max(float(np.var(local)), 1e-12))
        offset = belief * local

        residual = square - 2 * offset * total + offset**2 * count
        spread = _pool(residual) / np.maximum(weight, 1e-9)
        # Some of the global spread is kept under the local one: a place where a few good parts
        # happened to agree must not turn the slightest change into a finding.
        scale = np.sqrt(np.maximum(spread + _GLOBAL * variance, 1e-12))
        return MapCalibration((mean + offset).astype(np.float32), scale.astype(np.float32))

    def _summed(self, numbers: Collection[int]) -> NDArray[np.float64]:
        """Return, by place, how many of these parts saw it, their distances and the squares."""
        sums = np.zeros((3, *self._shape))
        for number in numbers:
            seen = np.isfinite(self._distances[number])
            values = np.where(seen, self._distances[number], 0).astype(np.float64)
            sums += np.stack([seen, values, np.square(values)])
        return sums


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
