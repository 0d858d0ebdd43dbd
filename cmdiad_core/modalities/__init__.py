"""The kinds of measurement the product knows: one file each, found by name."""

from functools import cache

from cmdiad_core.modalities._modality import Kind, Modality
from cmdiad_core.registry import submodules

__all__ = ["Kind", "Modality", "modalities", "modality"]


@cache
def modalities() -> dict[str, Modality]:
    """Return every modality by name, in the order they are shown."""
    found = [module.MODALITY for module in submodules(__name__)]
    return {entry.name: entry for entry in sorted(found, key=lambda entry: entry.order)}


def modality(name: str) -> Modality:
    """Return the modality called `name`; `KeyError` where there is none."""
    return modalities()[name]
