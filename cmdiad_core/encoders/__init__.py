"""Encoders turn one modality into a feature map on the patch grid: one file each."""

from functools import cache

from cmdiad_core.encoders._encoder import Encoder, FeatureMap, patch_grid
from cmdiad_core.encoders._foreground import foreground, has_background
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import modality
from cmdiad_core.registry import submodules

__all__ = [
    "Encoder",
    "FeatureMap",
    "encoder",
    "encoders",
    "foreground",
    "has_background",
    "patch_grid",
]


@cache
def encoders() -> dict[str, type[Encoder]]:
    """Return every encoder class by name."""
    found = [module.ENCODER for module in submodules(__name__)]
    return {entry.name: entry for entry in found}


def encoder(name: str, modality_name: str, device: str) -> Encoder:
    """Return the encoder called `name`, checked to fit the modality.

    Raises
    ------
    InputError
        If there is no such encoder or it reads another kind of measurement.
    """
    if name not in encoders():
        raise InputError(f"encoder {name}", f"is not known; there are {', '.join(encoders())}")
    chosen = encoders()[name]
    kind = modality(modality_name).kind
    if kind not in chosen.kinds:
        raise InputError(f"encoder {name}", f"does not read {modality_name}, which is a {kind}")
    return chosen(device)
