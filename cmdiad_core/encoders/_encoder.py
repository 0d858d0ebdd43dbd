from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement

FeatureMap = NDArray[np.float32]

#: Patches along the longer side of a part.
GRID = 64


class Encoder(Protocol):
    """Turns one modality of a part into a feature map.

    Parameters
    ----------
    device : str
        Torch device it computes on, where it uses torch.

    Attributes
    ----------
    name : str
        What it is called in options and models.
    kinds : frozenset of Kind
        What it reads.
    floor : float
        Smallest spread of a channel over normal parts that is believed.
    """

    name: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]]
    floor: ClassVar[float]

    def __init__(self, device: str) -> None: ...

    def encode(self, values: Measurement) -> FeatureMap:
        """Return features on the patch grid of the part.

        Parameters
        ----------
        values : array (H, W) or (H, W, channels)
            One modality of a `Sample`.

        Returns
        -------
        array (h, w, features)
            With ``(h, w) = patch_grid((H, W))``; NaN where nothing can be said.
        """
        ...


def patch_grid(shape: tuple[int, int]) -> tuple[int, int]:
    """Return height and width in patches of a part with `shape` pixels, at least 1 x 1."""
    longest = max(shape)
    height, width = (max(1, round(side * GRID / longest)) for side in shape)
    return height, width
