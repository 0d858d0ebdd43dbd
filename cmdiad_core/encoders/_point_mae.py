import torch
from torch import Tensor, nn

from cmdiad_core.encoders._transformer import Block


class PointMAE(nn.Module):
    """Encoder of Point-MAE (Pang et al., 2022); names as in the published weights.

    Parameters
    ----------
    batch_statistics : bool
        Normalise by the statistics of the part at hand instead of the trained ones, as the
        authors of CMDIAD do without meaning to (docs/method.md).

    Attributes
    ----------
    width : int
        Channels of a feature: two blocks of 384.
    """

    width = 768

    def __init__(self, batch_statistics: bool = False) -> None:
        super().__init__()
        self.encoder = _GroupEncoder(batch_statistics)
        self.pos_embed = nn.Sequential(nn.Linear(3, 128), nn.GELU(), nn.Linear(128, 384))
        self.blocks = _Blocks()
        self.norm = nn.LayerNorm(384)

    def forward(self, groups: Tensor, centres: Tensor) -> Tensor:
        """Return the features of every group: of blocks 4 and 12, after the final norm.

        Parameters
        ----------
        groups : tensor (n, k, 3)
            Points of each group less its centre.
        centres : tensor (n, 3)
            Centre of each group.

        Returns
        -------
        tensor (n, width)
        """
        tokens = self.encoder(groups)[None]
        positions = self.pos_embed(centres)[None]
        kept = []
        for number, block in enumerate(self.blocks.blocks, start=1):
            tokens = block(tokens + positions)
            if number in (4, 12):
                kept.append(self.norm(tokens))
        return torch.cat(kept, -1)[0]


class _Blocks(nn.Module):
    """Holds the blocks under the published name, ``blocks.blocks``."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            Block(384, heads=6, qkv_bias=False, eps=1e-5) for _ in range(12)
        )


class _GroupEncoder(nn.Module):
    """A small PointNet that describes the points of a group together."""

    def __init__(self, batch_statistics: bool) -> None:
        super().__init__()
        norm = _BatchStatistics if batch_statistics else nn.BatchNorm1d
        self.first_conv = nn.Sequential(_Rows(3, 128), norm(128), nn.ReLU(), _Rows(128, 256))
        self.second_conv = nn.Sequential(
            _JoinedRows(512, 512), norm(512), nn.ReLU(), _Rows(512, 384)
        )

    def forward(self, groups: Tensor) -> Tensor:
        """Return one token (n, 384) for each group (n, k, 3)."""
        count, size, _ = groups.shape
        points: Tensor = self.first_conv(groups.flatten(0, 1))
        whole = points.view(count, size, -1).amax(1)
        points = self.second_conv[1:](self.second_conv[0](points, whole))
        return points.view(count, size, -1).amax(1)


class _Rows(nn.Conv1d):
    """A convolution of one tap as a product with rows (n, channels), which is faster."""

    def __init__(self, given: int, wanted: int) -> None:
        super().__init__(given, wanted, 1)

    def forward(self, rows: Tensor) -> Tensor:
        return nn.functional.linear(rows, self.weight[..., 0], self.bias)


class _JoinedRows(_Rows):
    """The same of each group's features joined to those of its points.

    The published network repeats a group's features for all its points; their product with the
    weights need be taken only once.
    """

    def forward(self, points: Tensor, groups: Tensor) -> Tensor:  # type: ignore[override]
        of_groups, of_points = self.weight[..., 0].chunk(2, 1)
        moved = nn.functional.linear(groups, of_groups, self.bias)[:, None]
        rows = nn.functional.linear(points, of_points).view(len(groups), -1, moved.shape[-1])
        return (rows + moved).flatten(0, 1)


class _BatchStatistics(nn.BatchNorm1d):
    """Batch normalisation by the statistics at hand that keeps, and leaves, the trained ones."""

    def forward(self, rows: Tensor) -> Tensor:
        return nn.functional.batch_norm(rows, None, None, self.weight, self.bias, training=True)
