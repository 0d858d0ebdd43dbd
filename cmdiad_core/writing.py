"""Files that are there completely or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from cmdiad_core.errors import InputError

#: How files of SQLite begin.
_DATABASE = b"SQLite format 3\0"


def write_file(path: Path, content: bytes) -> None:
    """Write a file beside `path`, then move it into place; folders are made as needed.

    Raises
    ------
    InputError
        The folder cannot be written or the disk is full. What was at `path` before stays.
    """
    with new_file(path) as file:
        file.write(content)


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file beside `path`, which is moved there when all is written; as `write_file`.

    What is neither file nor folder, such as a pipe, is written to. A link stays one: what it leads
    to is replaced. Databases never are: a store is not to be lost to a wrong name.
    """
    made: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        if path.exists() and _is_database(path):
            raise InputError(path, "is a database, such as a store; name another file")
        place = Path(os.path.realpath(path))
        handle, name = tempfile.mkstemp(prefix=".cmdiad-", dir=place.parent)
        made = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
        # Temporary files are private to their maker; results are for everyone the folder is for.
        made.chmod(0o666 & ~_umask())
        made.replace(place)
    except OSError as error:
        raise InputError(path, f"cannot be written ({error.strerror or error})") from error
    finally:
        if made is not None:
            made.unlink(missing_ok=True)


def write_settled(path: Path, content: bytes) -> None:
    """Write a file that is whole on the disk, also after a power cut, when this returns."""
    with path.open("wb") as file:
        file.write(content)
        settle(file)


def settle(file: IO[bytes]) -> None:
    """Have what was written to a file on the disk: moved into place before, it could be empty."""
    file.flush()
    os.fsync(file.fileno())


def settle_names(folder: Path) -> None:
    """Have the names in a folder on the disk, as far as the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def require_folder(folder: Path) -> None:
    """Make a folder where there is none; asked before work that takes minutes.

    Raises
    ------
    InputError
        No file can be written in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(folder, f"cannot be written ({error.strerror or error})") from error


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current
