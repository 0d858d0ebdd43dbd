from functools import cache
from pathlib import Path

from cmdiad_core.data.layouts._layout import Dataset, Layout
from cmdiad_core.data.layouts._pairing import subfolders
from cmdiad_core.errors import InputError
from cmdiad_core.registry import submodules

#: Levels between a file and the root of its data set: split, kind of part, modality.
_DEEPEST = 4


@cache
def _layouts() -> tuple[Layout, ...]:
    found = [module.LAYOUT for module in submodules("cmdiad_core.data.layouts")]
    return tuple(sorted(found, key=lambda layout: layout.fallback))


def open_dataset(root: Path) -> Dataset:
    """Return the data set in the folder `root`, whatever its layout.

    Raises
    ------
    InputError
        No folder, none with parts in it, or a folder of several data sets.
    """
    if not root.is_dir():
        raise InputError(root, "is not a folder" if root.exists() else "does not exist")
    layout = _own_layout(root)
    if layout is not None:
        return _read(layout, root)
    below = [path.name for path in subfolders(root) if _own_layout(path) is not None]
    if below:
        raise InputError(
            root,
            f"holds the data sets {', '.join(below)}; name one of them, "
            f"for example {root / below[0]}",
        )
    above = enclosing_root(root.absolute())
    if above is not None and _reaches_into(above, root.absolute()):
        raise InputError(root, f"is a folder inside the data set {above}; name that")
    return _read(next(entry for entry in _layouts() if entry.fallback), root)


def _reaches_into(above: Path, folder: Path) -> bool:
    """Return whether parts of the data set `above` lie in a folder."""
    try:
        parts = open_dataset(above).parts
    except InputError:
        # What lies above and cannot be used need not be this user's data set.
        return False
    return any(folder in path.parents for part in parts for path in part.files.values())


def _read(layout: Layout, root: Path) -> Dataset:
    parts = tuple(layout.read(root))
    if not parts:
        raise InputError(
            root,
            f"looks like the layout {layout.name} but holds no part that can be read; "
            f"expected: {layout.expects}",
        )
    return Dataset(root, layout.name, parts)


def enclosing_root(path: Path) -> Path | None:
    """Return the folder of the data set that `path` is, or lies in; None outside of any."""
    candidates = (path, *path.parents[:_DEEPEST])
    return next((folder for folder in candidates if _own_layout(folder) is not None), None)


def _own_layout(folder: Path) -> Layout | None:
    """Return the layout that recognises `folder`, other than the one that takes any."""
    try:
        return next(
            (entry for entry in _layouts() if not entry.fallback and entry.recognise(folder)), None
        )
    except (InputError, OSError):
        # A neighbour that may not be looked into is no data set of this user.
        return None
