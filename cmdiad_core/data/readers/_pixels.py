from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cmdiad_core.data.readers._reader import MAX_PIXELS, TIFF
from cmdiad_core.data.readers._tiff import read_values
from cmdiad_core.errors import InputError


@dataclass(frozen=True)
class Pixels:
    """Decoded pixels: `values` (H, W) or (H, W, 3), without alpha.

    `full_scale` is the largest value of an integer type, None for floats.
    """

    values: NDArray[Any]
    full_scale: int | None


#: Pillow warns of what it holds for bombs, smaller than what is read here.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def read_pixels(path: Path) -> Pixels:
    """Return the pixels of a PNG, JPEG, BMP or TIFF file at the depth they are stored in.

    An orientation noted in the file (EXIF) is not applied: the other modalities are registered
    to the pixels as the sensor delivered them.

    Raises
    ------
    InputError
        Too many pixels, a channel count or a number type that is not an image's.
    """
    if path.suffix.lower() in TIFF.suffixes:
        values, layout = read_values(path)
        bits = layout.bits
    else:
        values = _read_plain(path)
        bits = 8 * values.dtype.itemsize
    if values.ndim == 3 and values.shape[2] not in (1, 2, 3, 4):
        raise InputError(path, f"has {values.shape[2]} channels; an image has 1, or 3")
    if values.ndim == 3:
        values = values[..., 0] if values.shape[2] < 3 else values[..., :3]
    if values.dtype.kind == "f":
        return Pixels(values, None)
    if values.dtype.kind not in "bu" or bits > 16:
        raise InputError(path, f"holds {values.dtype} values; save it with 8 or 16 bits")
    return Pixels(values, 2**bits - 1)


def _read_plain(path: Path) -> NDArray[Any]:
    with _opened(path) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise InputError(path, f"claims {width} x {height} pixels, more than is read")
        if _is_deep_png(path):
            # Pillow would drop the lower eight bits of a 16-bit colour image.
            return np.asarray(imagecodecs.png_decode(path.read_bytes()))
        if image.mode == "1":
            return np.asarray(image.convert("L"))
        if image.mode not in ("L", "LA", "RGB", "RGBA"):
            return np.asarray(image.convert("RGB"))
        return np.asarray(image)


def _opened(path: Path) -> Image.Image:
    try:
        return Image.open(path, formats=("PNG", "JPEG", "BMP"))
    except Image.DecompressionBombError as error:
        raise InputError(
            path, f"claims more than {MAX_PIXELS} pixels, which are not read"
        ) from error


def _is_deep_png(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(25)
    return header.startswith(b"\x89PNG") and header[24] == 16
