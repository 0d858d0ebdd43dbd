"""Depth images with camera parameters: 16-bit PNG, or TIFF with one channel."""

from pathlib import Path

import numpy as np

from cmdiad_core.data.readers._camera import CAMERA_FILES, read_camera
from cmdiad_core.data.readers._pixels import read_pixels
from cmdiad_core.data.readers._points import mark_invalid
from cmdiad_core.data.readers._reader import PNG, TIFF, Reader
from cmdiad_core.data.readers._tiff import read_layout
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, Modality
from cmdiad_core.sample import Measurement

#: Metres per unit of an integer depth image whose camera file names none: depth cameras count
#: millimetres. Floating-point depth is taken as metres.
INTEGER_SCALE = 0.001


def read_depth(path: Path, wanted: Modality, camera: Path | None) -> dict[str, Measurement]:
    """Return the cloud seen in a depth image, float32 (H, W, 3) in metres, camera frame.

    Depth is measured along the optical axis; 0 metres are invalid and become NaN.

    Raises
    ------
    InputError
        Not a depth image, no camera file or one for another image size, no surface in it.
    """
    if camera is None:
        raise InputError(
            path,
            "is a depth image, which needs the parameters of its camera (fx, fy, cx, cy, or those "
            f"of MVTec 3D-AD); none of {', '.join(CAMERA_FILES)} is in the folder of the data set",
        )
    pixels = read_pixels(path)
    values = pixels.values
    if values.ndim != 2:
        raise InputError(path, "is a colour image; a depth image has one channel")
    if pixels.full_scale is not None and pixels.full_scale <= 255:
        raise InputError(path, "has 8 bits, too few for depth; save it with 16")
    parameters = read_camera(camera)
    if parameters.size is not None and parameters.size != values.shape:
        raise InputError(
            path,
            f"has {values.shape[1]} x {values.shape[0]} pixels, but its camera in {camera} "
            f"takes {parameters.size[1]} x {parameters.size[0]}",
        )
    default = 1.0 if pixels.full_scale is None else INTEGER_SCALE
    scale = default if parameters.depth_scale is None else parameters.depth_scale
    depth = values.astype(np.float64) * scale + parameters.depth_offset
    depth[depth <= 0] = np.nan
    return {wanted.name: mark_invalid(path, parameters.rays(*values.shape) * depth[..., None])}


def _accepts(path: Path) -> bool:
    return path.suffix.lower() in PNG.suffixes or len(read_layout(path).shape) == 2


READER = Reader(
    formats=(PNG, TIFF),
    kinds=frozenset({Kind.CLOUD}),
    accepts=_accepts,
    # A depth image looks like a grey image: only its folder or its name can tell.
    holds=lambda path: (),
    read=read_depth,
)
