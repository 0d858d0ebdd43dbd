"""Principal components of normal features: the same for every part of a model."""

from dataclasses import dataclass

import numpy as np

from app.colour_scale import Colours
from cmdiad_core.inspection import Map

#: Where nothing was measured.
NOTHING = np.array([40, 46, 50], np.uint8)
#: Shares of normal features, in percent, that are darker than the first and the last colour.
_RANGE = (1, 99)


@dataclass(frozen=True)
class PrincipalBasis:
    """Three directions in which normal features differ most.

    Parameters
    ----------
    mean : array (channels,)
        Subtracted first.
    axes : array (channels, 3)
        Orthonormal, largest variance first; zero where there are fewer channels.
    low, high : array (3,)
        Components of the first and the last colour.
    """

    mean: Map
    axes: Map
    low: Map
    high: Map

    @classmethod
    def fit(cls, normal: Map) -> "PrincipalBasis":
        """Learn the directions from normal features (n, channels)."""
        mean = normal.mean(axis=0)
        centred = normal - mean
        _, vectors = np.linalg.eigh(centred.T @ centred)
        found = vectors[:, ::-1][:, :3]
        # An eigenvector's sign is arbitrary; fixed, a retrained model keeps its colours.
        largest = np.abs(found).argmax(axis=0)
        axes = np.zeros((normal.shape[1], 3), np.float32)
        axes[:, : found.shape[1]] = found * np.sign(found[largest, np.arange(found.shape[1])])
        low, high = np.percentile(centred @ axes, _RANGE, axis=0).astype(np.float32)
        return cls(mean, axes, low, high)

    def components(self, features: Map) -> Map:
        """Return features (..., channels) as their three components (..., 3)."""
        return np.asarray((features - self.mean) @ self.axes, np.float32)

    def colours(self, features: Map) -> Colours:
        """Return features (h, w, channels) as red, green and blue (h, w, 3)."""
        span = np.maximum(self.high - self.low, 1e-9)
        share = np.clip((self.components(features) - self.low) / span, 0, 1)
        known = np.isfinite(share).all(axis=-1, keepdims=True)
        return np.where(known, np.asarray(np.nan_to_num(share) * 255, np.uint8), NOTHING)
