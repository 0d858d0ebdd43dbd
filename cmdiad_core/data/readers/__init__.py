"""File readers: one file a format family, found by name. `read_file` is the only door."""

import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from cmdiad_core.data.readers._camera import find_camera
from cmdiad_core.data.readers._reader import Format, Reader
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import modality
from cmdiad_core.registry import submodules
from cmdiad_core.sample import Measurement

__all__ = [
    "Format",
    "Reader",
    "find_camera",
    "may_hold_several",
    "modalities_in",
    "read_file",
    "suffixes_of",
]


#: What decoders raise over damaged files: Pillow, numpy, imagecodecs (RuntimeError), tifffile.
_DAMAGED = (OSError, EOFError, SyntaxError, ValueError, RuntimeError, struct.error, zlib.error)


@cache
def _readers() -> tuple[Reader, ...]:
    return tuple(module.READER for module in submodules(__name__))


@cache
def suffixes_of(name: str) -> frozenset[str]:
    """Return the file suffixes, in lower case, that can hold the modality `name`."""
    kind = modality(name).kind
    return frozenset(s for reader in _readers() if kind in reader.kinds for s in reader.suffixes)


def may_hold_several(path: Path) -> bool:
    """Return whether files of this type may hold several modalities; nothing is opened."""
    return path.suffix.lower() in _several()


@cache
def _several() -> frozenset[str]:
    return frozenset(s for reader in _readers() if len(reader.kinds) > 1 for s in reader.suffixes)


def modalities_in(path: Path) -> tuple[str, ...]:
    """Return the modalities that the content of the file `path` shows; empty if unknown.

    Raises
    ------
    InputError
        The file cannot be opened or is not what its suffix says.
    """
    readers = [reader for reader in _readers() if path.suffix.lower() in reader.suffixes]
    if not readers:
        return ()
    _check_beginning(path)
    with _refusing(path):
        return next((names for reader in readers if (names := reader.holds(path))), ())


def read_file(path: Path, name: str, camera: Path | None = None) -> dict[str, Measurement]:
    """Read one file in which the modality `name` is expected.

    Parameters
    ----------
    path : Path
        The file. Its suffix names its format, its content has to agree.
    name : str
        Modality wanted, e.g. ``"cloud"``.
    camera : Path, optional
        Camera parameters; depth images need them.

    Returns
    -------
    dict of str to array
        At least `name`; a coloured point cloud gives ``"cloud"`` and ``"rgb"``. Images are
        float32 (H, W) or (H, W, 3), clouds float32 (H, W, 3) in metres, NaN where invalid.

    Raises
    ------
    InputError
        For whatever is wrong with the file.
    """
    wanted = modality(name)
    suffix = path.suffix.lower()
    fitting = [r for r in _readers() if wanted.kind in r.kinds and suffix in r.suffixes]
    if not fitting:
        known = ", ".join(sorted(suffixes_of(name)))
        raise InputError(path, f"is no file type that holds {wanted.title} data; use {known}")
    _check_beginning(path)
    with _refusing(path):
        reader = next((entry for entry in fitting if entry.accepts(path)), fitting[-1])
        found = reader.read(path, wanted, camera)
    if name not in found:
        raise InputError(path, f"holds {', '.join(found)} data but no {wanted.title}")
    return found


def _check_beginning(path: Path) -> None:
    """Refuse what is no file, empty, or begins like another format than its suffix says."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            # Opening a pipe would wait for whoever writes into it.
            kind = "directory" if stat.S_ISDIR(mode) else "pipe or device"
            raise InputError(path, f"is a {kind} where a file is expected; move it away")
        with path.open("rb") as file:
            beginning = file.read(16)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        if path.is_symlink() and not path.exists():
            reason = f"it is a link to {path.readlink()}, which is not there"
        raise InputError(path, f"cannot be opened: {reason}") from error
    if not beginning:
        raise InputError(path, "is empty; export or copy it again")
    formats = {entry.name: entry for reader in _readers() for entry in reader.formats}.values()
    actual = next((entry for entry in formats if beginning.startswith(entry.beginnings)), None)
    if actual is not None and path.suffix.lower() in actual.suffixes:
        return
    named = next(entry for entry in formats if path.suffix.lower() in entry.suffixes)
    if actual is None:
        if not named.beginnings:
            return
        raise InputError(path, f"is not a {named.name} file, or its beginning is damaged")
    raise InputError(
        path,
        f"is named like a {named.name} file but holds {actual.name} data; "
        f"rename it to end in {actual.suffixes[0]}",
    )


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn what a decoder raises into an `InputError`: one bad file must not stop a batch.

    Anything else is a fault of ours, and shows as one.
    """
    try:
        yield
    except InputError:
        raise
    except MemoryError as error:
        raise InputError(path, "does not fit into the memory of this computer") from error
    except _DAMAGED as error:
        detail = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(path, f"is damaged or cut short ({detail}); export it again") from error
