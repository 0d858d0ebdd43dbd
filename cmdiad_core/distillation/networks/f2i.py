"""Feature to input: convolutions that paint the other modality's raw measurement."""

from typing import ClassVar

from torch import Tensor, nn
from torch.nn import functional

from cmdiad_core.distillation.networks._network import CHANNELS, PIXELS, Level, Network


class FtoI(Network):
    """Predict the image from cloud features, or the cloud from image features (CMDIAD, "FtoI").

    Four 3 x 3 convolutions, bicubic to 224 x 224 after the first, ReLU after the second and the
    third. The frozen encoder then turns the prediction into features.
    """

    name: ClassVar[str] = "f2i"
    reads: ClassVar[Level] = Level.FEATURES
    predicts: ClassVar[Level] = Level.INPUT

    def __init__(self) -> None:
        super().__init__()
        # Published checkpoints hold a norm that the published forward pass does not use.
        self.norm = nn.LayerNorm(CHANNELS).requires_grad_(False)
        self.conv1 = nn.Conv2d(CHANNELS, 384, 3, padding=1)
        self.conv2 = nn.Conv2d(384, 96, 3, padding=1)
        self.conv3 = nn.Conv2d(96, 32, 3, padding=1)
        self.conv4 = nn.Conv2d(32, 3, 3, padding=1)

    def forward(self, given: Tensor, source: str) -> Tensor:
        """Return the input (n, 3, 224, 224) of the modality that is not `source`."""
        planes = functional.interpolate(self.conv1(given), (PIXELS, PIXELS), mode="bicubic")
        for layer in (self.conv2, self.conv3):
            planes = functional.relu(layer(planes))
        predicted: Tensor = self.conv4(planes)
        return predicted


NETWORK = FtoI
