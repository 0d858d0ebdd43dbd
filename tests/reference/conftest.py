"""The published pipelines' parts, features and distillers, computed once for all tests."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from cmdiad_core.distillation.networks import MAP, Level, networks
from cmdiad_core.encoders._point_mae import PointMAE
from cmdiad_core.encoders._vision_transformer import VisionTransformer
from cmdiad_core.reference import Backbones

PREFIXES = {
    "f2f": "HallucinationCrossModalityNetwork",
    "f2i": "HallucinationFeatureToInputConv",
    "i2f": "HRNet512",
}


class PublishedParts:
    """Parts of the parity numbers, as pipelines read them."""

    def __init__(self, names, inputs, features):
        self.names, self._inputs, self._features = names, inputs, features

    def __len__(self):
        return len(self.names)

    def read(self, index, modality, level):
        name = self.names[index]
        if level is Level.INPUT:
            suffix = "rgb" if modality == "rgb" else "xyz"
            return torch.from_numpy(self._inputs[f"{name}_{suffix}"])
        return functional.adaptive_avg_pool2d(self._features(name, modality), MAP)


@pytest.fixture(scope="session")
def backbones(reproducible):
    """Return the encoders as the parity numbers rest on them: R5, but trained statistics."""
    image, cloud = reproducible(VisionTransformer, "dino"), reproducible(PointMAE, "point_mae")
    return Backbones(image, cloud, "parity", "cpu", reference=True)


@pytest.fixture(scope="session")
def published_parts(parity, backbones):
    """Return a function that gives parts by name."""
    inputs = np.load(parity / "inputs.npz")
    known = {}

    def features(name, modality):
        if (name, modality) not in known:
            suffix = "rgb" if modality == "rgb" else "xyz"
            values = torch.from_numpy(inputs[f"{name}_{suffix}"])
            known[name, modality] = backbones.features(modality, values)
        return known[name, modality]

    return lambda *names: PublishedParts(names, inputs, features)


@pytest.fixture(scope="session")
def distillers(reproducible):
    """Return the networks by name."""
    return {name: reproducible(kind, PREFIXES[name]) for name, kind in networks().items()}
