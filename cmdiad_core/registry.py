"""Plug-ins are modules: a new one is one new file in its package and no edit elsewhere."""

import importlib
import pkgutil
from types import ModuleType


def submodules(package: str) -> list[ModuleType]:
    """Import and return every public module of `package`, ordered by name."""
    paths = importlib.import_module(package).__path__
    names = sorted(info.name for info in pkgutil.iter_modules(paths))
    return [importlib.import_module(f"{package}.{name}") for name in names if name[0] != "_"]
