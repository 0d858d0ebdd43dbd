"""The space that features of one modality are compared in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]


@dataclass(frozen=True)
class FeatureSpace:
    """Standardised principal components of an encoder's channels on normal parts.

    Whitening by a power between 0 (none) and 1 (full) raises the directions in which normal
    parts hardly vary, where defects show most, without raising noise to the same level.

    Parameters
    ----------
    mean : array (channels,)
        Subtracted first.
    projection : array (channels, components)
        Scales and turns.
    """

    mean: Features
    projection: Features

    @classmethod
    def fit(cls, features: Features, components: int, whitening: float) -> "FeatureSpace":
        """Learn the space from patches (n, channels) of normal parts; NaN rows are left out."""
        measured = features[np.isfinite(features[:, 0])].astype(np.float64)
        mean, deviation = measured.mean(0), measured.std(0)
        deviation[deviation < 1e-9 * max(deviation.max(initial=0), 1e-12)] = np.inf
        standard = (measured - mean) / deviation
        variance, directions = np.linalg.eigh(standard.T @ standard / max(len(standard) - 1, 1))
        variance, directions = variance[::-1][:components], directions[:, ::-1][:, :components]
        kept = variance > 1e-6 * variance[0]
        variance, directions = variance[kept], directions[:, kept]
        scale = variance ** (-whitening / 2)
        # Unit mean square length, so that distances mean the same in every space.
        scale /= np.sqrt(np.sum(variance * scale**2))
        projection = directions * scale / deviation[:, None]
        return cls(mean.astype(np.float32), projection.astype(np.float32))

    def __call__(self, features: Features) -> Features:
        """Return features (..., channels) as components (..., components)."""
        return (features - self.mean) @ self.projection
