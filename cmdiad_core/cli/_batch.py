import os
from pathlib import Path

import typer

from cmdiad_core.cli._group import BAD_INPUT, complain
from cmdiad_core.errors import InputError
from cmdiad_core.models import require_outside_models
from cmdiad_core.writing import require_folder, write_file

#: That random generators take.
LARGEST_SEED = 2**32 - 1
#: Bytes in which a file that is no text shows it.
_BEGINNING = 8192


class Leftovers:
    """What of a batch could not be used: said at once, and in the exit status at the end."""

    def __init__(self) -> None:
        self._any = False

    def __call__(self, error: InputError) -> None:
        """Say what is wrong with one part."""
        self._any = True
        complain(error)

    def settle(self) -> None:
        """End with the status of bad input if there was any."""
        if self._any:
            raise typer.Exit(BAD_INPUT)


def require_writable(*files: Path | None) -> None:
    """Ask before the work begins whether its results, texts, can be written; None is not asked for.

    Raises
    ------
    InputError
        A folder in the place of a file, or one in which no file can be made; a file that is no
        earlier result but a measurement, a store, part of a model or the table of a data set.
    """
    for file in files:
        if file is None:
            continue
        if file.is_dir():
            raise InputError(file, "is a folder; name a file in it")
        require_outside_models(file)
        if file.is_file():
            _require_text(file)
        elif file.exists():
            continue  # a pipe or a device, which is written to where it is
        try:
            require_folder(Path(os.path.realpath(file)).parent)
        except InputError as error:
            raise InputError(file, error.problem) from error


def _require_text(file: Path) -> None:
    from cmdiad_core.data.layouts import enclosing_root
    from cmdiad_core.data.readers import suffixes_of
    from cmdiad_core.modalities import modalities

    measured = frozenset().union(*map(suffixes_of, modalities()))
    with file.open("rb") as opened:
        if b"\0" in opened.read(_BEGINNING) or file.suffix.lower() in measured:
            raise InputError(file, "exists and is no text, which a result is; name another file")
    # Tables of data sets are texts, too, and have many names.
    if (root := enclosing_root(file.absolute())) is not None:
        raise InputError(file, f"exists in the data set {root}; name a file elsewhere")


def write_json(path: Path, text: str) -> None:
    """Write a JSON file beside `path` and move it there."""
    write_file(path, f"{text}\n".encode("utf-8", "surrogateescape"))


def names(text: str) -> list[str]:
    """Return the names in a list like ``rgb,cloud``."""
    found = [name.strip() for name in text.split(",")]
    if not all(found):
        raise typer.BadParameter(f"{text!r} is no list of names such as rgb,cloud")
    return found
