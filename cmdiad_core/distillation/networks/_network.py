from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

import torch
from torch import Tensor, nn

#: Height and width of the feature maps that networks read and predict.
MAP = 56
#: Height and width of the images and clouds that networks read and predict.
PIXELS = 224
#: Channels of DINO ViT-B/8 and of Point-MAE features.
CHANNELS = 768


class Level(StrEnum):
    """What of a modality a network reads or predicts."""

    FEATURES = "features"  #: (768, 56, 56)
    INPUT = "input"  #: (3, 224, 224): the normalised image, or x, y, z with zeros at holes


class Network(nn.Module, ABC):
    """A distiller of the paper: predicts one modality of whole parts from another.

    Attributes
    ----------
    name : str
        What it is called in pipelines and files.
    reads, predicts : Level
        What it takes of the measured modality and gives of the other.
    both_ways : bool
        One network holds both directions, which are trained together.
    rates : mapping of str to float
        Learning rate by the modality it reads.
    """

    name: ClassVar[str]
    reads: ClassVar[Level]
    predicts: ClassVar[Level]
    both_ways: ClassVar[bool] = False
    rates: ClassVar[Mapping[str, float]] = {"rgb": 5e-4, "cloud": 5e-4}

    @abstractmethod
    def forward(self, given: Tensor, source: str) -> Tensor:
        """Return predictions for a batch of what was measured.

        Parameters
        ----------
        given : Tensor (n, channels, height, width)
            `reads` of the modality `source`.
        source : str
            ``"rgb"`` or ``"cloud"``.

        Returns
        -------
        Tensor (n, channels, height, width)
            `predicts` of the other modality.
        """


def other(modality: str) -> str:
    """Return the modality that is predicted from `modality`."""
    return "cloud" if modality == "rgb" else "rgb"


def distance(predicted: Tensor, truth: Tensor) -> Tensor:
    """Return the loss per part, (n,): the L2 norm at every place, summed over the map."""
    away: Tensor = torch.linalg.vector_norm(predicted - truth, dim=1)
    return away.sum((1, 2))
