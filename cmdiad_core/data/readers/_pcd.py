"""Point Cloud Data files: open3d reads them too, but loses their grid and packed colours."""

import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.readers._points import PointList, check_point_count
from cmdiad_core.errors import InputError

_MAX_HEADER_LINES = 200
_MAX_LINE = 10_000

# Each three-byte back reference of LZF gives 264 bytes at most.
_LZF_MOST = 264 / 3

_COLOURS = ("rgb", "rgba")


@dataclass(frozen=True)
class PcdHeader:
    """The header of a PCD file; a field takes `size` x `count` bytes of each point."""

    fields: tuple[str, ...]
    sizes: tuple[int, ...]
    types: tuple[str, ...]
    counts: tuple[int, ...]
    width: int
    height: int
    points: int
    data: str

    @property
    def coloured(self) -> bool:
        """Whether points carry a packed colour."""
        return any(name in self.fields for name in _COLOURS)

    @property
    def point_bytes(self) -> int:
        """Bytes of one point."""
        return sum(size * count for size, count in zip(self.sizes, self.counts, strict=True))

    def place(self, name: str) -> tuple[np.dtype[Any], int, int]:
        """Return a field's type, its offset in a point in bytes, and its column in a text row."""
        index = self.fields.index(name)
        kind = {"F": "f", "U": "u", "I": "i"}[self.types[index]]
        before = zip(self.sizes[:index], self.counts[:index], strict=True)
        offset = sum(size * count for size, count in before)
        return np.dtype(f"<{kind}{self.sizes[index]}"), offset, sum(self.counts[:index])


def read_pcd_header(path: Path) -> PcdHeader:
    """Return the header of `path`; `InputError` where it makes no sense."""
    with path.open("rb") as file:
        return _parse_header(path, file)


def read_pcd(path: Path) -> PointList:
    """Return the points of a PCD file: ascii, binary or binary_compressed.

    Raises
    ------
    InputError
        Header without sense, more points claimed than the file can hold, data cut short.
    """
    with path.open("rb") as file:
        header = _parse_header(path, file)
        left = path.stat().st_size - file.tell()
        read = {"ascii": _read_text, "binary": _read_rows, "binary_compressed": _read_columns}
        columns = read[header.data](path, file, left, header)
    xyz = np.stack([columns[name] for name in "xyz"], axis=1)
    colours = next((_unpack(columns[name]) for name in _COLOURS if name in columns), None)
    # A height of 1 says that the points are in no order (so does PCL).
    grid = (header.height, header.width) if header.height > 1 and header.width > 1 else None
    return PointList(xyz, colours, grid)


def _parse_header(path: Path, file: IO[bytes]) -> PcdHeader:
    entries: dict[str, list[str]] = {}
    for _ in range(_MAX_HEADER_LINES):
        words = file.readline(_MAX_LINE).decode("ascii", "replace").split()
        if words and not words[0].startswith("#"):
            entries[words[0].upper()] = words[1:]
        if "DATA" in entries:
            break
    try:
        fields = tuple(entries["FIELDS"])
        header = PcdHeader(
            fields=fields,
            sizes=tuple(map(int, entries["SIZE"])),
            types=tuple(entries["TYPE"]),
            counts=tuple(map(int, entries.get("COUNT", ["1"] * len(fields)))),
            width=int(entries["WIDTH"][0]),
            height=int(entries["HEIGHT"][0]),
            points=int(entries.get("POINTS", [str(_area(entries))])[0]),
            data=entries["DATA"][0].lower(),
        )
    except (KeyError, IndexError, ValueError) as error:
        raise InputError(path, f"has a damaged PCD header (at {error}); export it again") from error
    _check_header(path, header)
    return header


def _area(entries: dict[str, list[str]]) -> int:
    return int(entries["WIDTH"][0]) * int(entries["HEIGHT"][0])


def _check_header(path: Path, header: PcdHeader) -> None:
    described = {len(header.fields), len(header.sizes), len(header.types), len(header.counts)}
    if (
        len(described) != 1
        or not set(header.types) <= {"F", "I", "U"}
        or not set(header.sizes) <= {1, 2, 4, 8}
        or any(count < 1 for count in header.counts)
        or header.data not in ("ascii", "binary", "binary_compressed")
    ):
        raise InputError(path, "has a PCD header that contradicts itself; export it again")
    if not set("xyz") <= set(header.fields):
        raise InputError(path, "has no x, y and z fields; export the coordinates too")
    for name in _COLOURS:
        if name in header.fields and header.place(name)[0].itemsize != 4:
            raise InputError(path, f"has a {name} field that is not four bytes wide")
    check_point_count(path, header.points)
    if min(header.width, header.height) < 1 or header.width * header.height != header.points:
        raise InputError(
            path,
            f"claims {header.width} x {header.height} but {header.points} points; export it again",
        )


def _wanted(header: PcdHeader) -> list[str]:
    return [name for name in header.fields if name in (*"xyz", *_COLOURS)]


def _read_text(
    path: Path, file: IO[bytes], left: int, header: PcdHeader
) -> dict[str, NDArray[Any]]:
    values = sum(header.counts)
    # Every value takes a digit and a separator.
    _check_left(path, left + 1, 2 * values * header.points)
    names = _wanted(header)
    places = [header.place(name) for name in names]
    table = np.loadtxt(
        io.TextIOWrapper(file, encoding="ascii"),
        comments=None,
        usecols=[column for _, _, column in places],
        max_rows=header.points,
        ndmin=2,
    )
    if len(table) < header.points:
        raise InputError(
            path, f"is cut short: {len(table)} of {header.points} points; copy it again"
        )
    with np.errstate(over="ignore"):
        return {
            name: table[:, i].astype(place[0])
            for i, (name, place) in enumerate(zip(names, places, strict=True))
        }


def _read_rows(
    path: Path, file: IO[bytes], left: int, header: PcdHeader
) -> dict[str, NDArray[Any]]:
    _check_left(path, left, header.point_bytes * header.points)
    data = file.read(header.point_bytes * header.points)
    columns = {}
    for name in _wanted(header):
        dtype, offset, _ = header.place(name)
        columns[name] = np.ndarray(
            header.points, dtype, data, offset=offset, strides=(header.point_bytes,)
        )
    return columns


def _read_columns(
    path: Path, file: IO[bytes], left: int, header: PcdHeader
) -> dict[str, NDArray[Any]]:
    _check_left(path, left, 8)
    packed, unpacked = struct.unpack("<II", file.read(8))
    _check_left(path, left - 8, packed)
    if unpacked != header.point_bytes * header.points or unpacked > packed * _LZF_MOST:
        raise InputError(path, "has compressed data of another size than its header; copy it again")
    data = imagecodecs.lzf_decode(file.read(packed), out=unpacked)
    if len(data) != unpacked:
        raise InputError(path, "has damaged compressed data; copy it again")
    columns = {}
    for name in _wanted(header):
        dtype, offset, _ = header.place(name)
        # Compressed files keep each field of all points together.
        columns[name] = np.frombuffer(data, dtype, header.points, offset * header.points)
    return columns


def _check_left(path: Path, left: int, needed: int) -> None:
    if left < needed:
        raise InputError(
            path, f"is cut short: {needed} bytes of points announced, {left} there; copy it again"
        )


def _unpack(packed: NDArray[Any]) -> NDArray[np.float32]:
    # The four bytes are alpha, red, green, blue, also where the field calls itself a float.
    bits = np.ascontiguousarray(packed).view(np.uint32)
    channels = [(bits >> shift & 255).astype(np.float32) for shift in (16, 8, 0)]
    return np.stack(channels, axis=1) / np.float32(255)
