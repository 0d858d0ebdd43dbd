"""Where the files lie that are shipped with the code: icons, styles, texts, templates."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Return the path of the resource `name`, e.g. ``"icons/reject.svg"``.

    A wheel carries the resources inside the package, a checkout beside it.

    Raises
    ------
    FileNotFoundError
        When there is no such resource.
    """
    for root in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        if (path := root / name).exists():
            return path
    raise FileNotFoundError(f"no resource called {name}")
