"""The paper's distillers with their published names: one file each, found by name."""

from functools import cache

from cmdiad_core.distillation.networks._network import (
    CHANNELS,
    MAP,
    PIXELS,
    Level,
    Network,
    distance,
    other,
)
from cmdiad_core.registry import submodules

__all__ = ["CHANNELS", "MAP", "PIXELS", "Level", "Network", "distance", "networks", "other"]


@cache
def networks() -> dict[str, type[Network]]:
    """Return every network class by name."""
    found: list[type[Network]] = [module.NETWORK for module in submodules(__name__)]
    return {entry.name: entry for entry in found}
