"""Feature to feature: an MLP per patch in each direction, trained together."""

from typing import ClassVar

from torch import Tensor, nn
from torch.nn import functional

from cmdiad_core.distillation.networks._network import CHANNELS, Level, Network

_HIDDEN = 1920


class FtoF(Network):
    """Predict the features of a patch in one modality from those in the other (CMDIAD, "FtoF").

    LayerNorm, then 768, 1920, 1920, 768 with GELU after every layer, the last one included. The
    branch that reads clouds is called ``xyz``, as in published checkpoints.
    """

    name: ClassVar[str] = "f2f"
    reads: ClassVar[Level] = Level.FEATURES
    predicts: ClassVar[Level] = Level.FEATURES
    both_ways: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.xyz_norm, self.xyz_mlp = nn.LayerNorm(CHANNELS), _Mlp()
        self.rgb_norm, self.rgb_mlp = nn.LayerNorm(CHANNELS), _Mlp()

    def forward(self, given: Tensor, source: str) -> Tensor:
        """Return features (n, 768, h, w) of the modality that is not `source`."""
        rows = given.movedim(1, -1)
        if source == "rgb":
            predicted = self.rgb_mlp(self.rgb_norm(rows))
        else:
            predicted = self.xyz_mlp(self.xyz_norm(rows))
        result: Tensor = predicted.movedim(-1, 1)
        return result


class _Mlp(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        # The list gives the names of published checkpoints: mlp_module.0.fc1.weight.
        self.mlp_module = nn.ModuleList([_Layers()])

    def forward(self, rows: Tensor) -> Tensor:
        predicted: Tensor = self.mlp_module[0](rows)
        return predicted


class _Layers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(CHANNELS, _HIDDEN)
        self.fc2 = nn.Linear(_HIDDEN, _HIDDEN)
        self.fc3 = nn.Linear(_HIDDEN, CHANNELS)

    def forward(self, rows: Tensor) -> Tensor:
        for layer in (self.fc1, self.fc2, self.fc3):
            rows = functional.gelu(layer(rows))
        return rows


NETWORK = FtoF
