"""DINO ViT-B/8, the paper's encoder for images."""

from typing import ClassVar

import torch
from torch import nn

from cmdiad_core.encoders._encoder import FeatureMap
from cmdiad_core.encoders._image_network import IMAGENET, PATCHES, network_input, on_patch_grid
from cmdiad_core.encoders._pretrained import Pretrained, load_published
from cmdiad_core.encoders._vision_transformer import VisionTransformer
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement
from cmdiad_core.weights import PublishedWeights


class DinoViTB8(Pretrained):
    """Features of the last block of a vision transformer that DINO trained without labels.

    Caron et al., *Emerging Properties in Self-Supervised Vision Transformers*, ICCV 2021. The
    image keeps its proportions; its longer side has 224 pixels, and position embeddings are
    resampled where it is not square.
    """

    name: ClassVar[str] = "dino_vitb8"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.IMAGE})
    features: ClassVar[int | None] = VisionTransformer.width
    native_grid: ClassVar[int] = PATCHES
    weights: ClassVar[PublishedWeights] = PublishedWeights(
        name="dino_vitb8",
        address="https://dl.fbaipublicfiles.com/dino/dino_vitbase8_pretrain/"
        "dino_vitbase8_pretrain.pth",
        sha256=None,
        licence="Apache-2.0",
        network=VisionTransformer,
    )

    def encode(self, values: Measurement) -> FeatureMap:
        """Return features (h, w, 768) of an image."""
        image = network_input(values, VisionTransformer.patch, *IMAGENET)
        with torch.inference_mode():
            features = self._network(image.to(self._device, self._type))
            return on_patch_grid(features, (values.shape[0], values.shape[1]))

    def _load(self, source: str) -> nn.Module:
        return load_published(self.weights, source)


ENCODER = DinoViTB8
