import torch
from torch import Tensor, nn

from cmdiad_core.encoders._transformer import Block


class VisionTransformer(nn.Module):
    """ViT-B/8 of DINO (Caron et al., 2021) without its head; names as in the published weights.

    The original checkpoint and timm's ``vit_base_patch8_224.dino`` use the same names.

    Attributes
    ----------
    width : int
        Channels of a feature.
    patch : int
        Pixels along a patch.
    """

    width = 768
    patch = 8

    def __init__(self) -> None:
        super().__init__()
        trained = 224 // self.patch
        self.cls_token = nn.Parameter(torch.zeros(1, 1, self.width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + trained**2, self.width))
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, self.width, self.patch, self.patch)})
        self.blocks = nn.ModuleList(
            Block(self.width, heads=12, qkv_bias=True, eps=1e-6) for _ in range(12)
        )
        self.norm = nn.LayerNorm(self.width, eps=1e-6)

    def forward(self, images: Tensor) -> Tensor:
        """Return the features of every patch after the final norm, without the class token.

        Parameters
        ----------
        images : tensor (batch, 3, H, W)
            Normalised colours; sides are multiples of `patch`.

        Returns
        -------
        tensor (batch, width, H / patch, W / patch)
        """
        patches = self.patch_embed["proj"](images)
        grid = patches.shape[-2:]
        tokens = patches.flatten(2).transpose(1, 2)
        tokens = torch.cat([self.cls_token.expand(len(tokens), -1, -1), tokens], 1)
        tokens = tokens + self._positions(grid)
        for block in self.blocks:
            tokens = block(tokens)
        features: Tensor = self.norm(tokens)[:, 1:].transpose(1, 2)
        return features.reshape(len(images), self.width, *grid)

    def _positions(self, grid: torch.Size) -> Tensor:
        """Return position embeddings (1, 1 + h * w, width), resampled to another grid."""
        first, rest = self.pos_embed[:, :1], self.pos_embed[:, 1:]
        side = round(rest.shape[1] ** 0.5)
        if grid == (side, side):
            return self.pos_embed
        planes = rest.transpose(1, 2).reshape(1, self.width, side, side).float()
        planes = nn.functional.interpolate(planes, grid, mode="bicubic", antialias=True)
        return torch.cat([first, planes.flatten(2).transpose(1, 2).to(first)], 1)
