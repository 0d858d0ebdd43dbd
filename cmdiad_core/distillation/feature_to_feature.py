"""Feature to feature: an MLP per patch (CMDIAD, arXiv 2405.13571, "FtoF")."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
        Of each layer. The last output of the last layer is not a feature: it is the logarithm
        of the squared error that the others are expected to have.
    biases : sequence of array (channels out,)
        Of each layer.
    spread : array ()
        Mean squared distance of the target's patches from their mean: the error of a predictor
        that knows nothing.
    """

    weights: tuple[Features, ...]
    biases: tuple[Features, ...]
    spread: Features

    def __call__(self, features: Features) -> tuple[Features, Features]:
        """Return what a patch looks like in the other modality, and how sure that is.

        Parameters
        ----------
        features : array (..., source channels)
            Patches of the measured modality; NaN where nothing was measured.

        Returns
        -------
        predicted : array (..., target channels)
            Features of the other modality.
        confidence : array (...)
            Share of the variation that the prediction is expected to explain, from 0 (no better
            than the mean of all patches) to 1.
        """
        # One product of all rows: numpy multiplies each line of a map by itself.
        values = features.reshape(-1, features.shape[-1])
        for depth, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            if depth:
                values = _gelu(values)
            values = values @ weight.T
            values += bias
        values = values.reshape(*features.shape[:-1], values.shape[-1])
        explained = 1 - np.exp(np.minimum(values[..., -1], 50)) / self.spread
        return (
            np.asarray(values[..., :-1], np.float32),
            np.asarray(np.clip(explained, 0, 1), np.float32),
        )

    @property
    def channels(self) -> tuple[int, int]:
        """Channels of the measured and of the predicted modality."""
        return self.weights[0].shape[1], len(self.biases[-1]) - 1

    @property
    def arrays(self) -> dict[str, Features]:
        """All numbers by name, for saving."""
        layers = enumerate(zip(self.weights, self.biases, strict=True))
        return {"spread": self.spread} | {
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
        return cls(weights, biases, arrays["spread"])


def _gelu(values: Features) -> Features:
    """Return the GELU in its form with tanh (Hendrycks and Gimpel, 2016), ten times as quick."""
    # In place: fresh memory for every step takes longer than the steps.
    gate = values * values
    gate *= np.float32(0.044715)
    gate += 1
    gate *= values
    gate *= np.float32(np.sqrt(2 / np.pi))
    np.tanh(gate, out=gate)
    gate += 1
    gate *= values
    gate *= np.float32(0.5)
    return gate
