from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from cmdiad_core.encoders._encoder import FeatureMap
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement

if TYPE_CHECKING:
    import torch
    from torch import nn

    from cmdiad_core.weights import PublishedWeights


class Pretrained(ABC):
    """An encoder whose network has been trained elsewhere.

    Parameters
    ----------
    device : str
        Torch device.
    source : str
        Where the weights are; empty for published ones in the cache.

    Attributes
    ----------
    name, kinds, floor
        As in `Encoder`.
    weights : PublishedWeights or None
        Published weights for its network; None where only `source` says what it is.
    features : int or None
        Channels of its maps; None where the source decides.
    native_grid : int
        Patches along the longer side that the network tells apart. The map on the patch grid is
        interpolated between them and knows no more than they do.
    weights_sha256 : str
        Digest of the weights in use.
    """

    name: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]]
    #: Channels leave a layer norm with spreads near 1; what varies far less is mostly rounding.
    floor: ClassVar[float] = 0.1
    weights: ClassVar[PublishedWeights | None] = None
    features: ClassVar[int | None] = None
    native_grid: ClassVar[int]

    def __init__(self, device: str, source: str = "") -> None:
        from cmdiad_core.weights import digest

        self._device, self._type = device, fast_type(device)
        network = self._load(source).eval().requires_grad_(False)
        self.weights_sha256 = digest(network.state_dict())
        self._network = network.to(device, self._type)

    @abstractmethod
    def encode(self, values: Measurement) -> FeatureMap:
        """Return features on the patch grid, see `Encoder`."""

    @abstractmethod
    def _load(self, source: str) -> nn.Module:
        """Return the network with its weights."""


def load_published(weights: PublishedWeights, source: str) -> nn.Module:
    """Return a published network with its weights, from a file or else from the cache."""
    import torch

    from cmdiad_core.weights import load, read_checkpoint

    state = read_checkpoint(Path(source), [weights])[1] if source else load(weights)
    with torch.device("meta"):
        network = weights.network()
    network.load_state_dict(state, assign=True)
    return network


@cache
def fast_type(device: str) -> torch.dtype:
    """Return the number type that networks run fastest in on a device without losing accuracy.

    bfloat16 where the processor multiplies it, which changes features by about 1 % of their
    spread; elsewhere it is emulated and slower than float32.
    """
    import torch

    if device.startswith("cuda"):
        multiplied = torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if multiplied else torch.float32
    if device == "cpu" and hasattr(torch.cpu, "get_capabilities"):
        able = torch.cpu.get_capabilities()
        if able.get("avx512_bf16") or able.get("amx_bf16"):
            return torch.bfloat16
    return torch.float32
