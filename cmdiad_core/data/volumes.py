"""Computed tomography: stacks of slices in TIFF or NRRD files, to be looked at.

A volume is mapped from its file, never loaded whole: compressed ones are unpacked once into a
temporary file, which is gone when nobody looks at it any more.
"""

import bz2
import gzip
import math
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

#: Folders beside those of the modalities in which volumes lie.
FOLDERS = ("ct", "xct", "CT", "XCT")
NRRD = (".nrrd", ".nhdr")
TIFF = (".tif", ".tiff")
_GZIP, _BZIP2 = ("gzip", "gz"), ("bzip2", "bz2")
_CHUNK = 2**24
#: Types of the NRRD format (teem.sourceforge.net/nrrd/format.html) as numpy names them.
_TYPES = {
    **dict.fromkeys(("signed char", "int8", "int8_t"), "i1"),
    **dict.fromkeys(("uchar", "unsigned char", "uint8", "uint8_t"), "u1"),
    **dict.fromkeys(("short", "short int", "signed short", "int16", "int16_t"), "i2"),
    **dict.fromkeys(("ushort", "unsigned short", "uint16", "uint16_t"), "u2"),
    **dict.fromkeys(("int", "signed int", "int32", "int32_t"), "i4"),
    **dict.fromkeys(("uint", "unsigned int", "uint32", "uint32_t"), "u4"),
    "float": "f4",
    "double": "f8",
}
_MILLIMETRES = {"mm": 1.0, "um": 1e-3, "µm": 1e-3, "micron": 1e-3, "cm": 10.0, "m": 1e3}


@dataclass(frozen=True)
class Volume:
    """Voxels and how far apart they lie.

    Parameters
    ----------
    path : Path
        Where they were read from.
    values : array (D, H, W)
        Mapped from a file: a slice costs as much as is read of it.
    spacing : tuple of float or None
        Millimetres between slices, rows and columns; None where the file does not say.
    """

    path: Path
    values: NDArray[Any]
    spacing: tuple[float, float, float] | None


def volume_of(part: PartFiles) -> Path | None:
    """Return the volume that lies with a part: of its name, in a folder `FOLDERS` beside it."""
    for path in part.files.values():
        stems = {path.stem, path.stem.rpartition("_")[0], Path(part.id).name} - {""}
        folders = [place / name for place in path.parents[:2] for name in FOLDERS]
        for folder in filter(Path.is_dir, folders):
            for stem in sorted(stems, key=len, reverse=True):
                for suffix in (*NRRD, *TIFF):
                    if (found := folder / f"{stem}{suffix}").is_file():
                        return found
    return None


def is_volume(path: Path) -> bool:
    """Return whether a file is a volume as its name and its header tell."""
    suffix = path.suffix.lower()
    if suffix not in TIFF or not path.is_file():
        return suffix in NRRD
    import tifffile

    try:
        with tifffile.TiffFile(path) as file:
            return any(_is_stack(series) for series in file.series)
    except Exception:
        # Whoever reads it as an image says what is wrong.
        return False


def read_volume(path: Path) -> Volume:
    """Map a multi-page TIFF file or an NRRD file.

    Raises
    ------
    InputError
        For whatever is wrong with the file; nothing else is raised.
    """
    try:
        return _read_nrrd(path) if path.suffix.lower() in NRRD else _read_tiff(path)
    except InputError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.strerror:
            raise InputError(path, f"cannot be read: {error.strerror}") from error
        detail = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(path, f"is damaged or cut short ({detail}); export it again") from error


def _is_stack(series: Any) -> bool:
    # Three values in the last place are x, y, z or colours of one image.
    return len(series.shape) == 3 and len(series) > 1 and series.shape[2] not in (3, 4)


def _read_tiff(path: Path) -> Volume:
    import tifffile

    with tifffile.TiffFile(path) as file:
        if len(file.series) != 1:
            problem = "has pages of different sizes or types; save one stack of equal slices"
            raise InputError(path, problem)
        series = file.series[0]
        if not _is_stack(series):
            raise InputError(path, "is no stack of grey slices, one to a page")
        shape, kind = _checked(path, series.shape, series.dtype)
        pages = [page for page in series.pages if page is not None]
        ends = [
            offset + count
            for page in pages
            for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True)
        ]
        # Decoders would fill up with zeros.
        if max(ends) > file.filehandle.size:
            raise InputError(path, "is cut short: it ends before its pages do; copy it again")
        spacing = _tiff_spacing(file)
        if series.dataoffset is not None:
            stored = kind.newbyteorder(file.byteorder)
            return Volume(path, np.memmap(path, stored, "r", series.dataoffset, shape), spacing)
        values = _scratch(path, shape, kind)
        for number, page in enumerate(pages):
            values[number] = page.asarray()
        return Volume(path, values, spacing)


def _tiff_spacing(file: Any) -> tuple[float, float, float] | None:
    """Return what ImageJ notes; others do not say how far apart slices lie."""
    noted = file.imagej_metadata or {}
    unit = _MILLIMETRES.get(str(noted.get("unit", "")).replace("\\u00B5", "µ"))
    across, down = file.pages[0].resolution
    if unit is None or not (across > 0 and down > 0):
        return None
    return _positive([float(noted.get("spacing", 0)) * unit, unit / down, unit / across])


def _read_nrrd(path: Path) -> Volume:
    import nrrd

    with path.open("rb") as file:
        header = nrrd.read_header(file)
        sizes = [int(side) for side in header["sizes"]]
        shape, kind = _checked(path, sizes[::-1], _nrrd_type(path, header))
        spacing, encoding = _nrrd_spacing(header), header.get("encoding", "")
        source = _data_file(path, header)
        if source is None:
            return Volume(path, _nrrd_values(path, file, header, encoding, shape, kind), spacing)
    with source.open("rb") as data:
        return Volume(path, _nrrd_values(source, data, header, encoding, shape, kind), spacing)


def _nrrd_type(path: Path, header: dict[str, Any]) -> np.dtype[Any]:
    name = str(header.get("type", ""))
    if name not in _TYPES:
        raise InputError(path, f"holds values of type {name!r}, which are not shown")
    order = ">" if header.get("endian") == "big" else "<"
    return np.dtype(order + _TYPES[name])


def _nrrd_spacing(header: dict[str, Any]) -> tuple[float, float, float] | None:
    if "space directions" in header:
        sides = np.linalg.norm(np.asarray(header["space directions"], float), axis=1)
        # A named space is that of a scanner, whose unit is the millimetre.
        units = header.get("space units", ["mm"] * 3 if "space" in header else None)
    else:
        sides, units = np.asarray(header.get("spacings", ()), float), header.get("units")
    if units is None or len(units) != 3 or len(sides) != 3:
        return None
    factors = [_MILLIMETRES.get(str(unit), math.nan) for unit in units]
    return _positive((sides * factors)[::-1])


def _data_file(path: Path, header: dict[str, Any]) -> Path | None:
    name = header.get("data file", header.get("datafile"))
    if name is None:
        return None
    if Path(name).name != name or not path.with_name(name).is_file():
        raise InputError(path, f"names {name!r} as its data; put one data file beside it")
    return path.with_name(name)


def _nrrd_values(
    path: Path,
    file: IO[bytes],
    header: dict[str, Any],
    encoding: str,
    shape: tuple[int, ...],
    kind: np.dtype[Any],
) -> NDArray[Any]:
    for _ in range(int(header.get("line skip", header.get("lineskip", 0)))):
        file.readline()
    skip, size = int(header.get("byte skip", header.get("byteskip", 0))), path.stat().st_size
    needed = math.prod(shape) * kind.itemsize
    if encoding == "raw":
        start = size - needed if skip == -1 else file.tell() + skip
        if start < 0 or start + needed > size:
            raise InputError(path, "is cut short: it ends before its voxels do; copy it again")
        return np.memmap(path, kind, "r", start, shape)
    if encoding not in (*_GZIP, *_BZIP2) or skip:
        raise InputError(path, f"is encoded as {encoding!r}; save it raw or compressed by gzip")
    values = _scratch(path, shape, kind)
    opener: Any = gzip.open if encoding in _GZIP else bz2.open
    with opener(file, "rb") as packed:
        _unpack(path, packed, values.reshape(-1).view(np.uint8))
    return values


def _unpack(path: Path, packed: Any, room: NDArray[np.uint8]) -> None:
    """Fill `room` exactly: what unpacks to more, or less, is not what its header says."""
    filled = 0
    while filled < len(room):
        read = packed.readinto(room[filled : filled + _CHUNK])
        if not read:
            raise InputError(path, "is cut short: it ends before its voxels do; copy it again")
        filled += read
    if packed.read(1):
        raise InputError(path, "unpacks to more voxels than its header says; export it again")


def _checked(
    path: Path, shape: Iterable[int], kind: np.dtype[Any] | None
) -> tuple[tuple[int, ...], np.dtype[Any]]:
    sides = tuple(int(side) for side in shape)
    if len(sides) != 3 or min(sides) < 1:
        words = " x ".join(map(str, sides[::-1]))
        raise InputError(path, f"has {words} values; a volume has columns, rows and slices")
    if kind is None or kind.kind not in "uif":
        raise InputError(path, f"holds values of type {kind}, which are not shown")
    return sides, kind


def _scratch(path: Path, shape: tuple[int, ...], kind: np.dtype[Any]) -> NDArray[Any]:
    needed = math.prod(shape) * kind.itemsize
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if needed > free:
        raise InputError(
            path,
            f"unpacks to {needed / 1e9:.1f} GB, but {tempfile.gettempdir()} has only "
            f"{free / 1e9:.1f} GB free; make room or save it uncompressed",
        )
    with tempfile.TemporaryFile() as file:
        file.truncate(needed)
        return np.memmap(file, kind, "r+", 0, shape)


def _positive(sides: Iterable[float]) -> tuple[float, float, float] | None:
    depth, height, width = (float(side) for side in sides)
    known = all(math.isfinite(side) and side > 0 for side in (depth, height, width))
    return (depth, height, width) if known else None
