"""Polygon files: the vertices only."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.readers._points import PointList, check_point_count
from cmdiad_core.errors import InputError

_MAX_HEADER_LINES = 1000
_MAX_LINE = 10_000

_TYPES = {
    name: code
    for code, names in {
        "i1": ("char", "int8"),
        "u1": ("uchar", "uint8"),
        "i2": ("short", "int16"),
        "u2": ("ushort", "uint16"),
        "i4": ("int", "int32"),
        "u4": ("uint", "uint32"),
        "f4": ("float", "float32"),
        "f8": ("double", "float64"),
    }.items()
    for name in names
}

_COLOURS = (
    ("red", "green", "blue"),
    ("r", "g", "b"),
    ("diffuse_red", "diffuse_green", "diffuse_blue"),
)

_ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}


@dataclass(frozen=True)
class PlyHeader:
    """The header of a PLY file, as far as its vertices go.

    Parameters
    ----------
    encoding : str
        ``"ascii"``, ``"binary_little_endian"`` or ``"binary_big_endian"``.
    count : int
        Number of vertices.
    properties : tuple of (str, str)
        Name and PLY type of each vertex property.
    """

    encoding: str
    count: int
    properties: tuple[tuple[str, str], ...]

    @property
    def colours(self) -> tuple[str, ...]:
        """Names of the properties that hold red, green and blue; empty without."""
        names = {name for name, _ in self.properties}
        return next((triple for triple in _COLOURS if names.issuperset(triple)), ())

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of one vertex in a binary file."""
        order = _ORDERS[self.encoding]
        return np.dtype([(name, order + _TYPES[kind]) for name, kind in self.properties])


def read_ply_header(path: Path) -> PlyHeader:
    """Return the header of `path`; `InputError` where it makes no sense."""
    with path.open("rb") as file:
        return _parse_header(path, file)


def read_ply(path: Path) -> PointList:
    """Return the vertices of a PLY file, ascii or binary.

    Raises
    ------
    InputError
        Header without sense, more vertices claimed than the file can hold, data cut short.
    """
    with path.open("rb") as file:
        header = _parse_header(path, file)
        left = path.stat().st_size - file.tell()
        # A line may end the file without a separator.
        ascii_bytes = 2 * len(header.properties) * header.count - 1
        needed = ascii_bytes if header.encoding == "ascii" else header.dtype.itemsize * header.count
        if left < needed:
            raise InputError(
                path, f"is cut short: {needed} bytes of points needed, {left} there; copy it again"
            )
        vertices = (
            _read_text(path, file, header)
            if header.encoding == "ascii"
            else np.frombuffer(file.read(needed), header.dtype)
        )
    xyz = np.stack([vertices[name] for name in "xyz"], axis=1)
    colours = None
    if header.colours:
        colours = _scaled(path, np.stack([vertices[name] for name in header.colours], axis=1))
    return PointList(xyz, colours, None)


def _parse_header(path: Path, file: IO[bytes]) -> PlyHeader:
    encoding, elements = "", []
    properties: list[tuple[str, str]] = []
    for _ in range(_MAX_HEADER_LINES):
        words = file.readline(_MAX_LINE).decode("ascii", "replace").split()
        match words:
            case ["format", name, *_]:
                encoding = name
            case ["element", name, count]:
                elements.append((name, count))
                properties = []
                if len(elements) == 1:
                    vertex = properties
            case ["property", *kind, name]:
                properties.append((name, " ".join(kind)))
            case ["end_header"]:
                break
    else:
        raise InputError(path, "has a PLY header without an end; export it again")
    if encoding not in _ORDERS or not elements:
        raise InputError(path, "has a damaged PLY header; export it again")
    if elements[0][0] != "vertex" or not all(kind in _TYPES for _, kind in vertex):
        raise InputError(path, "does not begin with plain vertices; export it as a point cloud")
    names = [name for name, _ in vertex]
    if len(set(names)) != len(names) or not set("xyz") <= set(names):
        raise InputError(path, "has no x, y and z of its vertices; export the coordinates too")
    if not elements[0][1].isdecimal():
        raise InputError(path, f"claims {elements[0][1]} vertices; export it again")
    header = PlyHeader(encoding, int(elements[0][1]), tuple(vertex))
    check_point_count(path, header.count)
    return header


def _read_text(path: Path, file: IO[bytes], header: PlyHeader) -> NDArray[Any]:
    table = np.loadtxt(
        io.TextIOWrapper(file, encoding="ascii"),
        dtype=header.dtype,
        comments=None,
        max_rows=header.count,
        ndmin=1,
    )
    if len(table) < header.count:
        raise InputError(
            path, f"is cut short: {len(table)} of {header.count} points; copy it again"
        )
    return table


def _scaled(path: Path, colours: NDArray[Any]) -> NDArray[np.float32]:
    if colours.dtype.kind == "f":
        if not ((colours >= 0) & (colours <= 1)).all():
            raise InputError(path, "has colours outside 0..1; export them as 8-bit values")
        return colours.astype(np.float32)
    return colours.astype(np.float32) / np.float32(np.iinfo(colours.dtype).max)
