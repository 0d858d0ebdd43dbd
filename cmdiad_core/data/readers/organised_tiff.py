"""Organised point clouds as TIFF: x, y, z in metres for every pixel."""

from pathlib import Path

from cmdiad_core.data.readers._points import mark_invalid
from cmdiad_core.data.readers._reader import TIFF, Reader
from cmdiad_core.data.readers._tiff import read_layout, read_values
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, Modality
from cmdiad_core.sample import Measurement


def read_organised_tiff(
    path: Path, wanted: Modality, camera: Path | None
) -> dict[str, Measurement]:
    """Return the cloud, float32 (H, W, 3) in metres, NaN at invalid points.

    Raises
    ------
    InputError
        Not three floats per pixel, or no surface in it.
    """
    layout = read_layout(path)
    channels = layout.shape[2] if len(layout.shape) == 3 else 1
    if channels != 3:
        raise InputError(path, f"has {channels} channels; a point cloud has 3: x, y and z")
    if layout.dtype.kind != "f":
        raise InputError(
            path,
            f"holds {layout.dtype} values, as colour images do; "
            "a point cloud holds floating-point metres",
        )
    return {wanted.name: mark_invalid(path, read_values(path)[0])}


READER = Reader(
    formats=(TIFF,),
    kinds=frozenset({Kind.CLOUD}),
    accepts=lambda path: len(read_layout(path).shape) == 3,
    holds=lambda path: ("cloud",) if read_layout(path).holds_points else (),
    read=read_organised_tiff,
)
