"""Point clouds in metres: PCD and PLY, on a pixel grid or not, with colours or not."""

from pathlib import Path

from cmdiad_core.data.readers._grid import rasterise
from cmdiad_core.data.readers._pcd import read_pcd, read_pcd_header
from cmdiad_core.data.readers._ply import read_ply, read_ply_header
from cmdiad_core.data.readers._points import mark_invalid
from cmdiad_core.data.readers._reader import Format, Reader
from cmdiad_core.modalities import Kind, Modality
from cmdiad_core.sample import Measurement

PCD = Format("PCD", (".pcd",), (b"# .PCD", b"#.PCD", b"VERSION", b"FIELDS"))
PLY = Format("PLY", (".ply",), (b"ply\n", b"ply\r"))


def read_point_cloud(path: Path, wanted: Modality, camera: Path | None) -> dict[str, Measurement]:
    """Return ``"cloud"`` and, where the points are coloured, ``"rgb"``, on one grid.

    An organised file keeps its grid; the points of any other are seen along z, the nearest in
    each cell (see `rasterise`).

    Raises
    ------
    InputError
        Damaged file, no surface in it.
    """
    points = read_pcd(path) if path.suffix.lower() in PCD.suffixes else read_ply(path)
    xyz = mark_invalid(path, points.xyz)
    if points.grid is None:
        cloud, image = rasterise(xyz, points.colours)
    else:
        shape = (*points.grid, 3)
        cloud = xyz.reshape(shape)
        image = None if points.colours is None else points.colours.reshape(shape)
    return {"cloud": cloud} if image is None else {"cloud": cloud, "rgb": image}


def _holds(path: Path) -> tuple[str, ...]:
    if path.suffix.lower() in PCD.suffixes:
        coloured = read_pcd_header(path).coloured
    else:
        coloured = bool(read_ply_header(path).colours)
    return ("cloud", "rgb") if coloured else ("cloud",)


READER = Reader(
    formats=(PCD, PLY),
    kinds=frozenset({Kind.CLOUD, Kind.IMAGE}),
    accepts=lambda path: True,
    holds=_holds,
    read=read_point_cloud,
)
