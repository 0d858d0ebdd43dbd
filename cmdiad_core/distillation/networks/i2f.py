"""Input to feature: a residual network that reads the raw measurement."""

from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor, nn
from torch.nn import functional

from cmdiad_core.distillation.networks._network import CHANNELS, Level, Network

_WIDTH, _INSIDE = 512, 128


class ItoF(Network):
    """Predict cloud features from the image, or image features from the cloud (CMDIAD, "ItoF").

    A stem of two strided convolutions, three groups of four bottlenecks and a 1 x 1 convolution.
    """

    name: ClassVar[str] = "i2f"
    reads: ClassVar[Level] = Level.INPUT
    predicts: ClassVar[Level] = Level.FEATURES
    rates: ClassVar[Mapping[str, float]] = {"rgb": 2e-4, "cloud": 3e-4}

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.conv2 = nn.Conv2d(64, _INSIDE, 3, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(_INSIDE)
        self.layer1 = _group(_INSIDE)
        self.layer2 = _group(_WIDTH)
        self.layer3 = _group(_WIDTH)
        # Published checkpoints hold a fourth group that the published forward pass does not use.
        self.layer4 = _group(_WIDTH).requires_grad_(False)
        self.final_layer = nn.Conv2d(_WIDTH, CHANNELS, 1)

    def forward(self, given: Tensor, source: str) -> Tensor:
        """Return features (n, 768, 56, 56) of the modality that is not `source`."""
        planes = functional.relu(self.bn1(self.conv1(given)))
        planes = functional.relu(self.bn2(self.conv2(planes)))
        predicted: Tensor = self.final_layer(self.layer3(self.layer2(self.layer1(planes))))
        return predicted


class _Bottleneck(nn.Module):
    """1 x 1, 3 x 3 and 1 x 1 convolutions beside a shortcut (He et al., CVPR 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, _INSIDE, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(_INSIDE)
        self.conv2 = nn.Conv2d(_INSIDE, _INSIDE, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(_INSIDE)
        self.conv3 = nn.Conv2d(_INSIDE, _WIDTH, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(_WIDTH)
        self.downsample = nn.Sequential()
        if channels != _WIDTH:
            self.downsample.append(nn.Conv2d(channels, _WIDTH, 1, bias=False))
            self.downsample.append(nn.BatchNorm2d(_WIDTH))

    def forward(self, planes: Tensor) -> Tensor:
        inside = functional.relu(self.bn1(self.conv1(planes)))
        inside = functional.relu(self.bn2(self.conv2(inside)))
        return functional.relu(self.bn3(self.conv3(inside)) + self.downsample(planes))


def _group(channels: int) -> nn.Sequential:
    first = _Bottleneck(channels)
    return nn.Sequential(first, *(_Bottleneck(_WIDTH) for _ in range(3)))


NETWORK = ItoF
