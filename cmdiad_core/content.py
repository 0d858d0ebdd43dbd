"""What a part is recognised by: the content of its files."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cmdiad_core.errors import InputError


class FileState(NamedTuple):
    """A file at one moment."""

    path: str
    size: int
    modified_ns: int


def file_state(path: Path) -> FileState:
    """Return the state of a file.

    Raises
    ------
    InputError
        It is not there or may not be looked at.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error
    return FileState(storable(os.path.abspath(path)), found.st_size, found.st_mtime_ns)  # noqa: PTH100


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error


def content_hash(digests: Mapping[str, str]) -> str:
    """Return the hash of a part from the digests of its files by modality."""
    lines = "".join(f"{modality} {digest}\n" for modality, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def storable(words: str) -> str:
    """Return text as every database takes it: file names may hold bytes that are no characters."""
    return words.encode("utf-8", "backslashreplace").decode().replace("\0", "")
