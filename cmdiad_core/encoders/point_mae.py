"""Point-MAE, the paper's encoder for clouds."""

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from cmdiad_core.encoders._encoder import FeatureMap, patch_grid
from cmdiad_core.encoders._point_groups import farthest_points, interpolation, nearest_points
from cmdiad_core.encoders._point_mae import PointMAE
from cmdiad_core.encoders._pretrained import Pretrained, load_published
from cmdiad_core.encoders._valid_points import cell_grid, cells_on_patch_grid, valid_points
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement
from cmdiad_core.weights import PublishedWeights

#: Pixels along the longer side that points are taken from, groups, and points in a group.
_PIXELS, _GROUPS, _MEMBERS = 224, 1024, 128


class PointMAEEncoder(Pretrained):
    """Features of groups of neighbouring points, interpolated to all points.

    Pang et al., *Masked Autoencoders for Point Cloud Self-supervised Learning*, ECCV 2022, with
    the groups and blocks of CMDIAD (section 3.1). The part is moved to the origin and scaled to
    the unit sphere, as in the training of Point-MAE, so that neither the unit of length nor the
    place of the sensor matters.
    """

    name: ClassVar[str] = "point_mae"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.CLOUD})
    features: ClassVar[int | None] = PointMAE.width
    # 1024 groups lie as densely as the cells of a square grid of this side.
    native_grid: ClassVar[int] = 32
    weights: ClassVar[PublishedWeights] = PublishedWeights(
        name="point_mae",
        address="https://github.com/Pang-Yatian/Point-MAE/releases/download/main/pretrain.pth",
        sha256="27ded932bb0a2625d5a8eb006df199b2578598c774aee6d86b985300b6a5fd20",
        licence="MIT",
        network=PointMAE,
    )

    def encode(self, values: Measurement) -> FeatureMap:
        """Return features (h, w, 768) of an organised cloud; NaN where a cell has no point."""
        shape = (values.shape[0], values.shape[1])
        found, cells = valid_points(values, _PIXELS)
        if len(found) < _MEMBERS:
            return np.full((*patch_grid(shape), PointMAE.width), np.nan, np.float32)
        grid = cell_grid(shape)
        with torch.inference_mode():
            points = _in_unit_sphere(torch.from_numpy(found).to(self._device))
            cell = torch.from_numpy(cells).to(self._device)
            centres = points[farthest_points(points, _GROUPS)]
            tokens = self._tokens(points, centres)
            # The mean over a cell of what its points take from the groups is one product.
            index, weight = interpolation(centres, points)
            share = points.new_zeros(grid[0] * grid[1], _GROUPS)
            share.index_put_((cell[:, None].expand(-1, 3), index), weight, accumulate=True)
            features = share @ tokens / share.sum(1, keepdim=True)  # 0 / 0 where no point is
            return cells_on_patch_grid(features.view(*grid, -1).cpu().numpy(), shape)

    def _load(self, source: str) -> nn.Module:
        return load_published(self.weights, source)

    def _tokens(self, points: Tensor, centres: Tensor) -> Tensor:
        _, members = nearest_points(points, centres, _MEMBERS)
        groups = (points[members] - centres[:, None]).to(self._type)
        tokens: Tensor = self._network(groups, centres.to(self._type))
        return tokens.float()


def _in_unit_sphere(points: Tensor) -> Tensor:
    centred = points - points.mean(0)
    radius = centred.norm(dim=1).max()
    return centred / radius if radius > 0 else centred


ENCODER = PointMAEEncoder
