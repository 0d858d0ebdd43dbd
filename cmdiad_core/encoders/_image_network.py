from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from cmdiad_core.encoders._encoder import FeatureMap, patch_grid
from cmdiad_core.encoders._pyramid import resized
from cmdiad_core.sample import Measurement

#: Patches along the longer side of an image; 224 pixels in patches of 8, as in the paper.
PATCHES = 28
#: Mean and standard deviation of the colours of ImageNet, which most networks expect.
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def network_input(
    values: Measurement, patch: int, mean: Sequence[float], deviation: Sequence[float]
) -> Tensor:
    """Return an image as vision transformers expect it.

    Parameters
    ----------
    values : array (H, W) or (H, W, 3)
        In 0..1; one channel is used as all three colours.
    patch : int
        Pixels along a patch of the network.
    mean, deviation : sequence of three float
        Of the colours it was trained on.

    Returns
    -------
    tensor (1, 3, h * patch, w * patch)
        With the longer of `h` and `w` at `PATCHES` and the proportions of the image.
    """
    longest = max(values.shape[:2])
    height, width = (max(1, round(side * PATCHES / longest)) for side in values.shape[:2])
    planes = np.moveaxis(values, -1, 0) if values.ndim == 3 else values[None]
    image = torch.from_numpy(resized(planes, (height * patch, width * patch)))
    centred = image.expand(3, -1, -1) - torch.tensor(mean)[:, None, None]
    return (centred / torch.tensor(deviation)[:, None, None])[None]


def on_patch_grid(features: Tensor, shape: tuple[int, int]) -> FeatureMap:
    """Return features (1, channels, h, w) interpolated to the patch grid of a part."""
    spread = torch.nn.functional.interpolate(
        features.float(), patch_grid(shape), mode="bilinear", align_corners=False
    )
    return np.ascontiguousarray(spread[0].permute(1, 2, 0).cpu().numpy())
