"""The paper's frozen encoders on its own grids."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from cmdiad_core.distillation.networks import MAP, PIXELS
from cmdiad_core.encoders._point_groups import farthest_points, nearest_points
from cmdiad_core.encoders._point_mae import PointMAE
from cmdiad_core.encoders._vision_transformer import VisionTransformer
from cmdiad_core.errors import InputError

#: Height and width of the native feature map of each modality.
GRID = {"rgb": PIXELS // VisionTransformer.patch, "cloud": MAP}

_GROUPS, _MEMBERS = 1024, 128
#: R5: squared distance to the origin up to which points are never picked as centres.
_SKIPPED = 1e-3


@dataclass(frozen=True)
class Backbones:
    """DINO ViT-B/8 and Point-MAE as the paper uses them.

    Parameters
    ----------
    image : VisionTransformer
        Reads images; in evaluation mode.
    cloud : PointMAE
        Reads clouds; in evaluation mode, with batch statistics for the oddity R10.
    name : str
        Changes with everything that features depend on: weights and oddities.
    device : str
        Torch device both are on.
    reference : bool
        Sample points with the oddity R5.
    """

    image: VisionTransformer
    cloud: PointMAE
    name: str
    device: str
    reference: bool

    def features(self, modality: str, values: Tensor) -> Tensor:
        """Return the native feature map (768, h, w) of one input (3, 224, 224).

        Raises
        ------
        InputError
            When a cloud has fewer points than one group.
        """
        with torch.inference_mode():
            if modality == "rgb":
                return self.image(values[None].to(self.device))[0].cpu()
            return self._describe(values.to(self.device)).cpu()

    def _describe(self, cloud: Tensor) -> Tensor:
        # Pixels with any zero coordinate count as holes, as in the authors' code.
        valid = (cloud != 0).all(0)
        points = cloud[:, valid].T.contiguous()
        if len(points) < _MEMBERS:
            raise InputError("cloud", f"has {len(points)} points; Point-MAE needs {_MEMBERS}")
        centres = points[farthest_points(points, _GROUPS, _SKIPPED if self.reference else 0.0)]
        _, members = nearest_points(points, centres, _MEMBERS)
        tokens = self.cloud(points[members] - centres[:, None], centres)
        away, near = nearest_points(centres, points, 3)
        closeness = 1 / (away.square() + 1e-8)
        shares = closeness / closeness.sum(1, keepdim=True)
        plane = tokens.new_zeros(tokens.shape[1], *valid.shape)
        plane[:, valid] = (tokens[near] * shares[..., None]).sum(1).T
        return functional.adaptive_avg_pool2d(functional.avg_pool2d(plane, 3, 1), MAP)
