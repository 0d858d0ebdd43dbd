"""Triangle meshes as laser scanners write them: STL, seen from above."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.readers._points import mark_invalid
from cmdiad_core.data.readers._reader import Format, Reader
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, Modality
from cmdiad_core.sample import Measurement

STL = Format("STL", (".stl",), ())

#: Pixels along the longer side of what is seen; encoders use fewer.
SIDE = 512

#: Most triangles read from one file: with the search tree over them, some 1.4 GB.
MAX_TRIANGLES = 5_000_000

_HEADER = 84
_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("spare", "<u2")])

Corners = NDArray[np.float32]


def read_stl(path: Path, wanted: Modality, camera: Path | None) -> dict[str, Measurement]:
    """Return the upper side of a mesh as a cloud, float32 (H, W, 3), in the unit of the file.

    A mesh has no camera: it is looked at from above, against its z axis and in parallel, on a
    square grid whose longer side has `SIDE` pixels. Points are where the lines of sight meet the
    surface. As in other clouds, z points away from the viewer and y down: x, -y, -z of the file.

    Raises
    ------
    InputError
        Damaged file, more triangles claimed than it holds or than are read, no surface.
    """
    corners = _read_corners(path)
    corners = corners[np.isfinite(corners).all(axis=(1, 2))]
    if not len(corners):
        raise InputError(path, "holds no triangle; export the mesh again")
    return {wanted.name: mark_invalid(path, _seen_from_above(path, corners))}


def _read_corners(path: Path) -> Corners:
    """Return the corners (N, 3, 3) of every triangle."""
    size = path.stat().st_size
    with path.open("rb") as file:
        beginning = file.read(_HEADER)
        count = int.from_bytes(beginning[80:], "little")
        # Binary files may begin with the word "solid" too; only their size tells.
        if len(beginning) < _HEADER or size != _HEADER + count * _TRIANGLE.itemsize:
            if beginning.lstrip().lower().startswith(b"solid"):
                return _read_text(path, file)
            raise InputError(
                path,
                f"is no STL file or cut short ({count} triangles announced in {size} bytes); "
                "copy it again",
            )
        _check_count(path, count)
        return np.fromfile(file, _TRIANGLE, count)["corners"].astype(np.float32)


def _read_text(path: Path, file: IO[bytes]) -> Corners:
    file.seek(-min(_HEADER, path.stat().st_size), os.SEEK_END)
    if b"endsolid" not in file.read().lower():
        raise InputError(path, "is cut short: it does not end in endsolid; copy it again")
    file.seek(0)
    lines = itertools.islice(_vertices(file), 3 * MAX_TRIANGLES + 1)
    first = next(lines, None)
    if first is None:
        raise InputError(path, "holds no triangle; export the mesh again")
    vertices = np.loadtxt(itertools.chain([first], lines), np.float32, comments=None, ndmin=2)
    _check_count(path, -(-len(vertices) // 3))
    if vertices.shape[1] != 3 or len(vertices) % 3:
        raise InputError(path, "has a triangle without three corners; export the mesh again")
    return vertices.reshape(-1, 3, 3)


def _vertices(file: IO[bytes]) -> Iterator[str]:
    while line := file.readline(1000):
        words = line.split()
        if words and words[0].lower() == b"vertex":
            yield b" ".join(words[1:]).decode("ascii", "replace")


def _check_count(path: Path, count: int) -> None:
    if count > MAX_TRIANGLES:
        raise InputError(
            path, f"has {count} triangles, more than the {MAX_TRIANGLES} that are read; simplify it"
        )


def _seen_from_above(path: Path, corners: Corners) -> NDArray[np.float64]:
    import open3d.core as o3c
    from open3d.t.geometry import RaycastingScene

    points = corners.reshape(-1, 3).astype(np.float64) * (1, -1, -1)
    lowest = points.min(axis=0)
    extent = points.max(axis=0) - lowest
    longest = float(extent.max())
    if not extent[:2].all():
        raise InputError(path, "shows no surface from above (against its z axis); turn the mesh")
    # In units of the mesh itself, so that neither its size nor its place costs precision.
    scene = RaycastingScene()
    scene.add_triangles(
        o3c.Tensor(((points - lowest) / longest).astype(np.float32)),
        o3c.Tensor(np.arange(len(points), dtype=np.uint32).reshape(-1, 3)),
    )
    cell = float(extent[:2].max()) / SIDE
    width, height = (max(1, round(side / cell)) for side in extent[:2])
    x = (np.arange(width) + 0.5) * extent[0] / width
    y = (np.arange(height) + 0.5) * extent[1] / height
    rays = np.zeros((height, width, 6), np.float32)
    rays[..., 0], rays[..., 1] = np.meshgrid(x / longest, y / longest)
    rays[..., 2], rays[..., 5] = -1, 1
    depth = scene.cast_rays(o3c.Tensor(rays))["t_hit"].numpy().astype(np.float64) - 1
    cloud: NDArray[np.float64] = np.stack([*np.meshgrid(x, y), depth * longest], axis=-1) + lowest
    cloud[~np.isfinite(depth)] = np.nan
    return cloud


READER = Reader(
    formats=(STL,),
    kinds=frozenset({Kind.CLOUD}),
    accepts=lambda path: True,
    holds=lambda path: ("cloud",),
    read=read_stl,
)
