"""The space that features of one modality are compared in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]


@dataclass(frozen=True)
class FeatureSpace:
    """Principal components of an encoder's standardised channels on normal parts.

    Parameters
    ----------
    mean : array (channels,)
        Subtracted first.
    projection : array (channels, components)
        Scales and turns; normal patches have a mean square length of 1.
    """

    mean: Features
    projection: Features

    @classmethod
    def fit(cls, parts: Sequence[Features], components: int, floor: float) -> "FeatureSpace":
        """Learn the space from patches of normal parts.

        Parameters
        ----------
        parts : sequence of array (n, channels)
            One array a part, so that no copy of all of them is needed. NaN rows (nothing
            measured there) are left out.
        components : int
            Most components kept.
        floor : float
            Smallest standard deviation a channel is divided by: what hardly varies on normal
            parts is not blown up beyond what the encoder can resolve.
        """
        count = max(sum(len(_measured(part)) for part in parts), 1)
        mean = sum(_measured(part).sum(0, dtype=np.float64) for part in parts) / count
        centred = (_measured(part) - mean for part in parts)
        covariance = np.asarray(sum(part.T @ part for part in centred)) / count
        deviation = np.maximum(np.sqrt(np.diag(covariance)), floor)
        variance, directions = np.linalg.eigh(covariance / np.outer(deviation, deviation))
        directions = directions[:, ::-1][:, :components]
        length = np.sqrt(max(float(variance.sum()), 1e-12))
        projection = directions / deviation[:, None] / length
        return cls(mean.astype(np.float32), projection.astype(np.float32))

    def __call__(self, features: Features) -> Features:
        """Return features (..., channels) as components (..., components)."""
        return ((features - self.mean) @ self.projection).astype(np.float32, copy=False)


def _measured(part: Features) -> Features:
    return part[np.isfinite(part[:, 0])]
