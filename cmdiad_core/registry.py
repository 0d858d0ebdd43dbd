"""Plug-ins are modules: a new one is one new file in its package and no edit elsewhere."""

import importlib
import pkgutil
from types import ModuleType


def names(package: str) -> list[str]:
    """Return the names of the public modules of `package`, in order, without importing them."""
    paths = importlib.import_module(package).__path__
    return sorted(info.name for info in pkgutil.iter_modules(paths) if info.name[0] != "_")


def submodule(package: str, name: str) -> ModuleType:
    """Import and return one of the public modules of `package`."""
    return importlib.import_module(f"{package}.{name}")


def submodules(package: str) -> list[ModuleType]:
    """Import and return every public module of `package`, ordered by name."""
    return [submodule(package, name) for name in names(package)]
