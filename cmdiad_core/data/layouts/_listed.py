"""Files that a list in a data set names."""

import os
from pathlib import Path

from cmdiad_core.errors import InputError


def listed_file(root: Path, named: str, source: Path) -> Path:
    """Return the file that the list `source` calls `named`, seen from `root`; it may be absent.

    Raises
    ------
    InputError
        The file would lie outside of `root`: lists come from strangers.
    """
    base = Path(os.path.normpath(root.absolute()))
    # Lists written on Windows separate folders by backslashes.
    path = Path(os.path.normpath(base / named.strip().replace("\\", "/")))
    if "\0" in named or base not in path.parents:
        raise InputError(source, f"names {named!r}, which does not lie below {root}")
    return root / path.relative_to(base)
