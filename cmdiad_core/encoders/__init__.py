"""Encoders turn one modality into a feature map on the patch grid: one file each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cmdiad_core.encoders._encoder import GRID, Encoder, FeatureMap, patch_grid
from cmdiad_core.encoders._foreground import foreground, has_background
from cmdiad_core.encoders._pretrained import Pretrained, fast_type
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import modality
from cmdiad_core.registry import names, submodule

if TYPE_CHECKING:
    from cmdiad_core.weights import PublishedWeights

__all__ = [
    "GRID",
    "Encoder",
    "FeatureMap",
    "Pretrained",
    "encoder",
    "encoder_class",
    "encoders",
    "fast_type",
    "foreground",
    "has_background",
    "patch_grid",
    "published_weights",
    "resolved",
]


@cache
def encoders() -> dict[str, type[Encoder]]:
    """Return every encoder class by name, which is that of its file."""
    return {name: encoder_class(name) for name in names(__name__)}


def encoder_class(name: str) -> type[Encoder]:
    """Return the encoder called `name`; no other is imported, some load much.

    Raises
    ------
    InputError
        If there is no such encoder.
    """
    if name not in names(__name__):
        raise InputError(f"encoder {name}", f"is not known; there are {', '.join(names(__name__))}")
    chosen: type[Encoder] = submodule(__name__, name).ENCODER
    return chosen


def encoder(spec: str, modality_name: str, device: str) -> Encoder:
    """Return an encoder, checked to fit the modality.

    Parameters
    ----------
    spec : str
        Its name; for pretrained ones, the file or folder with the weights may follow a colon:
        ``"dino_vitb8:FILE"``.
    modality_name : str
        What it shall read.
    device : str
        Torch device.

    Raises
    ------
    InputError
        If there is no such encoder, it reads another kind of measurement, or its weights are not
        there or not what they should be.
    """
    name, colon, source = spec.partition(":")
    chosen = encoder_class(name)
    kind = modality(modality_name).kind
    if kind not in chosen.kinds:
        raise InputError(f"encoder {name}", f"does not read {modality_name}, of the kind {kind}")
    if issubclass(chosen, Pretrained):
        return chosen(device, source)
    if colon:
        raise InputError(f"encoder {spec}", f"is not possible: {name} has no weights")
    return chosen(device)


def resolved(spec: str) -> str:
    """Return an encoder's name with the file it names, if it does, from the root on."""
    name, colon, source = spec.partition(":")
    return f"{name}:{Path(source).resolve()}" if colon and Path(source).exists() else spec


def published_weights() -> list[PublishedWeights]:
    """Return the weights that `encoders` have been published with."""
    pretrained = [one for one in encoders().values() if issubclass(one, Pretrained)]
    return [one.weights for one in pretrained if one.weights is not None]
