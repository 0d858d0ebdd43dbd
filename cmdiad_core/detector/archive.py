"""A model as one file: an uncompressed zip with a digest of everything that is in it."""

import hashlib
import shutil
import stat
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from cmdiad_core import __version__
from cmdiad_core.detector.detector import Detector
from cmdiad_core.errors import InputError
from cmdiad_core.models import ARRAYS, CARD, MODEL_FILES, require_outside_models
from cmdiad_core.writing import new_file, settle, settle_names

SUFFIX = ".cmdiad"
#: The last comparison of the model, as numbers and as a page.
COMPARISON, PAGE = "comparison.json", "comparison.html"
_MANIFEST = "manifest.json"
_NEEDED = {CARD, ARRAYS}
_SCHEMA = 1
_CHUNK = 2**20
#: How a zip does.
_BEGINS = b"PK"
#: Bytes; a manifest has six entries at most.
_LARGEST_MANIFEST = 2**16


class Manifest(BaseModel):
    """What an exported model says of itself.

    Parameters
    ----------
    name : str
        Of the model.
    software : str
        Version that wrote it.
    members : dict of str to str
        SHA-256 of every other file.
    """

    model_config = ConfigDict(extra="forbid")
    cmdiad_model: int = _SCHEMA
    software: str = __version__
    name: str
    members: dict[str, str]


def pack(folder: Path, path: Path, beside: Mapping[str, bytes]) -> None:
    """Write a model as one file, which appears when all is written.

    Parameters
    ----------
    folder : Path
        The model.
    path : Path
        The file.
    beside : mapping of str to bytes
        Content of `COMPARISON` and `PAGE`, where there was a comparison.

    Raises
    ------
    InputError
        A file of the model cannot be read, or `path` cannot be written.
    """
    members = {}
    require_outside_models(path)
    if path.is_file() and not _begins_like_one(path):
        raise InputError(path, "exists and is no exported model; name another file")
    with new_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        for name in MODEL_FILES:
            if (folder / name).is_file():
                with _readable(folder / name) as source:
                    members[name] = _put(archive, name, _chunks(source))
        for name, content in beside.items():
            members[name] = _put(archive, name, [content])
        manifest = Manifest(name=folder.absolute().name, members=members)
        _put(archive, _MANIFEST, [manifest.model_dump_json(indent=2).encode()])
        archive.close()
        settle(file)


def manifest_of(path: Path) -> Manifest:
    """Read what an exported model says of itself; its files are not looked at.

    Raises
    ------
    InputError
        It is no exported model, or not a whole one.
    """
    with _opened(path) as archive:
        return _checked(archive, path)


def unpack(path: Path, folder: Path, device: str = "auto") -> bytes:
    """Turn one file into a model folder, which appears when it is whole and was loaded once.

    Parameters
    ----------
    path : Path
        What `pack` wrote, or somebody else: nothing in it is trusted.
    folder : Path
        A new folder.
    device : str
        Torch device or ``"auto"``, to try the model on.

    Returns
    -------
    bytes
        Content of `COMPARISON`; empty where there was no comparison. The page is left out: what
        somebody else wrote is not to be opened in a browser.

    Raises
    ------
    InputError
        It is no exported model, not a whole one, not what its manifest says, or the model cannot
        be used here. Nothing is left at `folder`.
    """
    if folder.exists() or folder.is_symlink():
        raise InputError(folder, "exists; an import needs a new folder")
    with _opened(path) as archive:
        manifest = _checked(archive, path)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            room = shutil.disk_usage(folder.parent).free
            if (size := sum(info.file_size for info in archive.infolist())) > room:
                raise InputError(
                    folder, f"needs {size / 1e6:.0f} MB, but {room / 1e6:.0f} MB are free there"
                )
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".cmdiad-") as place:
                fresh = Path(place) / folder.name
                fresh.mkdir()
                comparison = _extract(archive, manifest, fresh, path)
                _try(fresh, device, path)
                settle_names(fresh)
                fresh.replace(folder)
                settle_names(folder.parent)
        except OSError as error:
            raise InputError(folder, f"cannot be written ({error.strerror or error})") from error
    return comparison


def _begins_like_one(path: Path) -> bool:
    with _readable(path) as file:
        return file.read(len(_BEGINS)) == _BEGINS


def _put(archive: zipfile.ZipFile, name: str, content: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    with archive.open(info, "w", force_zip64=True) as target:
        for chunk in content:
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


@contextmanager
def _readable(path: Path) -> Iterator[IO[bytes]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error
    with file:
        yield file


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Give an archive; whatever is wrong with its structure ends in one sentence."""
    with _readable(path) as file:
        begins = file.read(4)
        try:
            with zipfile.ZipFile(file) as archive:
                yield archive
        except (
            *(zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError),
            *(ValueError, OverflowError, struct.error),
        ) as error:
            if begins.startswith(_BEGINS):
                problem = "is damaged or was not copied whole; copy or export it again"
            else:
                problem = "is no exported model"
            raise InputError(path, problem) from error


def _checked(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """Return the manifest after everything was looked at that needs no reading of the members."""
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if _MANIFEST not in names:
        raise InputError(path, f"is no exported model: {_MANIFEST} is missing")
    for info in infos:
        name = info.filename
        if name not in {_MANIFEST, *MODEL_FILES, COMPARISON, PAGE}:
            raise InputError(path, f"is refused: {name!r} does not belong into a model")
        if names.count(name) > 1:
            raise InputError(path, f"is refused: it holds {name} more than once")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or info.is_dir():
            raise InputError(path, f"is refused: {name} is a link, not a file")
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise InputError(path, f"is refused: {name} is compressed, which no export does")
    # What is stored as it is cannot be larger than the file, unless two members share bytes.
    if sum(info.file_size for info in infos) > path.stat().st_size:
        raise InputError(path, "is refused: it says that more is in it than there can be")
    if archive.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
        raise InputError(path, f"is refused: {_MANIFEST} is too large")
    manifest = _manifest(archive.read(_MANIFEST), path)
    for name in sorted(set(manifest.members) ^ (set(names) - {_MANIFEST}) | _NEEDED - set(names)):
        where = "missing" if name not in names else "not named in its manifest"
        raise InputError(path, f"is refused: {name} is {where}")
    return manifest


def _manifest(content: bytes, path: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        raise InputError(path, f"is refused: {_MANIFEST} is not valid") from error
    if manifest.cmdiad_model > _SCHEMA:
        raise InputError(path, "was exported by a newer version; update cmdiad to use it")
    return manifest


def _extract(archive: zipfile.ZipFile, manifest: Manifest, folder: Path, path: Path) -> bytes:
    for name, expected in manifest.members.items():
        digest = hashlib.sha256()
        with archive.open(name) as source, (folder / name).open("wb") as target:
            for chunk in _chunks(source):
                digest.update(chunk)
                target.write(chunk)
            settle(target)
        if digest.hexdigest() != expected:
            raise InputError(path, f"is refused: {name} is not what its manifest says")
    comparison = folder / COMPARISON
    content = comparison.read_bytes() if comparison.exists() else b""
    for name in (COMPARISON, PAGE):
        (folder / name).unlink(missing_ok=True)
    return content


def _try(folder: Path, device: str, path: Path) -> None:
    try:
        Detector.load(folder, device)
    except InputError as error:
        raise InputError(path, f"holds a model that cannot be used: it {error.problem}") from error
