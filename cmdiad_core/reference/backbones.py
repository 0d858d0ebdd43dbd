"""The paper's frozen encoders on its own grids."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from cmdiad_core.distillation.networks import MAP, PIXELS
from cmdiad_core.encoders import published_weights
from cmdiad_core.encoders._point_groups import farthest_points, interpolation, nearest_points
from cmdiad_core.encoders._point_mae import PointMAE
from cmdiad_core.encoders._vision_transformer import VisionTransformer
from cmdiad_core.errors import InputError
from cmdiad_core.weights import digest, load, read_checkpoint

#: Height and width of the native feature map of each modality.
GRID = {"rgb": PIXELS // VisionTransformer.patch, "cloud": MAP}

_GROUPS, _MEMBERS = 1024, 128
#: R5: squared distance to the origin up to which points are never picked as centres.
_SKIPPED = 1e-3


@dataclass(frozen=True)
class Backbones:
    """DINO ViT-B/8 and Point-MAE as the paper uses them, in single precision.

    Parameters
    ----------
    image : nn.Module
        Turns images (n, 3, 224, 224) into maps (n, 768, 28, 28).
    cloud : nn.Module
        Turns groups of points and their centres into tokens (groups, 768).
    name : str
        Changes with everything that features depend on: weights and oddities.
    device : str
        Torch device both are on.
    reference : bool
        Sample points with the oddity R5.
    """

    image: nn.Module
    cloud: nn.Module
    name: str
    device: str
    reference: bool

    @classmethod
    def load(
        cls, image: Path | None, cloud: Path | None, *, device: str, reference: bool
    ) -> "Backbones":
        """Read the weights from files, or from the cache where there is none.

        In reference mode Point-MAE normalises by the part at hand (R10).

        Raises
        ------
        InputError
            When weights are not there, which says how to get them, or not what they should be.
        """
        networks = VisionTransformer(), PointMAE(batch_statistics=reference)
        published = {weights.name: weights for weights in published_weights()}
        chosen = (published["dino_vitb8"], image), (published["point_mae"], cloud)
        names = []
        for network, (weights, path) in zip(networks, chosen, strict=True):
            state = load(weights) if path is None else read_checkpoint(path, [weights])[1]
            network.load_state_dict(state)
            network.eval().requires_grad_(False).to(device)
            names.append(digest(state))
        name = f"{' '.join(names)}{' reference' if reference else ''}"
        return cls(*networks, name, device, reference)

    def features(self, modality: str, values: Tensor) -> Tensor:
        """Return the native feature map (768, h, w) of one input (3, 224, 224).

        Raises
        ------
        InputError
            When a cloud has fewer points than one group.
        """
        with torch.inference_mode():
            if modality == "rgb":
                image: Tensor = self.image(values[None].to(self.device))
                return image[0].cpu()
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
        near, share = interpolation(centres, points)
        plane = tokens.new_zeros(*valid.shape, tokens.shape[1])
        plane[valid] = functional.embedding_bag(near, tokens, mode="sum", per_sample_weights=share)
        # 3 x 3 average pooling and adaptive average pooling, as one matrix for each axis.
        lines = functional.avg_pool1d(torch.eye(PIXELS, device=plane.device), 3, 1)
        pooling = functional.adaptive_avg_pool1d(lines, MAP)
        across = torch.tensordot(plane, pooling, ([1], [0]))
        pooled: Tensor = torch.tensordot(across, pooling, ([0], [0]))
        return pooled.permute(0, 2, 1)
