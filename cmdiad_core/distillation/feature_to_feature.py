"""Feature to feature: an MLP per patch (CMDIAD, arXiv 2405.13571, "FtoF")."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

Features = NDArray[np.float32]


@dataclass(frozen=True)
class FeatureToFeature:
    """Predict a patch's features in one modality from its features in another.

    The paper ends in a GELU, which cannot predict values below -0.17; features here are centred,
    so the last layer is linear. What `train` learned with torch is applied in numpy: the network
    is small, and a station that only inspects need not load torch.

    Parameters
    ----------
    weights : sequence of array (channels out, channels in)
        Of each layer.
    biases : sequence of array (channels out,)
        Of each layer.
    """

    weights: tuple[Features, ...]
    biases: tuple[Features, ...]

    def __call__(self, features: Features) -> Features:
        """Return predictions (..., target channels) for features (..., source channels)."""
        values = features
        for depth, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            if depth:
                values = 0.5 * values * (1 + erf(values / np.float32(np.sqrt(2))))
            values = values @ weight.T + bias
        return np.asarray(values, np.float32)

    @property
    def arrays(self) -> dict[str, Features]:
        """All numbers by name, for saving."""
        layers = enumerate(zip(self.weights, self.biases, strict=True))
        return {
            f"{i}.{part}": array
            for i, layer in layers
            for part, array in zip(("weight", "bias"), layer, strict=True)
        }

    @classmethod
    def of(cls, arrays: Mapping[str, Features]) -> "FeatureToFeature":
        """Return the distiller whose `arrays` are given.

        Raises
        ------
        KeyError, ValueError
            When arrays are missing, or their shapes do not follow each other.
        """
        depth = len(arrays) // 2
        weights = tuple(arrays[f"{i}.weight"] for i in range(depth))
        biases = tuple(arrays[f"{i}.bias"] for i in range(depth))
        for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            if bias.shape != weight.shape[:1] or (i and weight.shape[1:] != biases[i - 1].shape):
                raise ValueError(f"layer {i} has shapes {weight.shape} and {bias.shape}")
        return cls(weights, biases)
