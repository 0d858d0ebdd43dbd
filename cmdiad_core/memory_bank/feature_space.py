"""The space that features of one modality are compared in."""

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
    def fit(cls, features: Features, components: int, floor: float) -> "FeatureSpace":
        """Learn the space from patches of normal parts.

        Parameters
        ----------
        features : array (n, channels)
            NaN rows (nothing measured there) are left out.
        components : int
            Most components kept.
        floor : float
            Smallest standard deviation a channel is divided by: what hardly varies on normal
            parts is not blown up beyond what the encoder can resolve.
        """
        measured = features[np.isfinite(features[:, 0])].astype(np.float64)
        mean, deviation = measured.mean(0), np.maximum(measured.std(0), floor)
        standard = (measured - mean) / deviation
        variance, directions = np.linalg.eigh(standard.T @ standard / max(len(standard), 1))
        directions = directions[:, ::-1][:, :components]
        length = np.sqrt(max(float(variance.sum()), 1e-12))
        projection = directions / deviation[:, None] / length
        return cls(mean.astype(np.float32), projection.astype(np.float32))

    def __call__(self, features: Features) -> Features:
        """Return features (..., channels) as components (..., components)."""
        return ((features - self.mean) @ self.projection).astype(np.float32, copy=False)
