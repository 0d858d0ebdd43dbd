"""Colour and grey images: PNG, JPEG, BMP, TIFF with 8 or 16 bits, float TIFF for grey."""

from pathlib import Path

import numpy as np

from cmdiad_core.data.readers._pixels import Pixels, read_pixels
from cmdiad_core.data.readers._reader import PNG, TIFF, Format, Reader
from cmdiad_core.data.readers._tiff import read_layout
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, Modality
from cmdiad_core.sample import Measurement

JPEG = Format("JPEG", (".jpg", ".jpeg"), (b"\xff\xd8\xff",))
BMP = Format("BMP", (".bmp",), (b"BM",))


def read_image(path: Path, wanted: Modality, camera: Path | None) -> dict[str, Measurement]:
    """Return the image as float32 (H, W) or (H, W, 3), as many channels as `wanted` has.

    Integers are divided by the full scale of their type; floats are kept as they are.

    Raises
    ------
    InputError
        No image, or one that cannot be `wanted`: floats for a colour image, colours for a grey
        one, values that are not numbers.
    """
    pixels = read_pixels(path)
    values = _colours(path, pixels) if wanted.channels == 3 else _greys(path, pixels)
    return {wanted.name: values}


def _colours(path: Path, pixels: Pixels) -> Measurement:
    if pixels.full_scale is None:
        raise InputError(
            path, "holds floating-point values, as point clouds do; save colours with 8 or 16 bits"
        )
    values = _scaled(pixels)
    return values if values.ndim == 3 else np.repeat(values[..., None], 3, axis=2)


def _greys(path: Path, pixels: Pixels) -> Measurement:
    values = pixels.values
    if values.ndim == 3:
        if (values != values[..., :1]).any():
            raise InputError(
                path, "shows false colours, whose values cannot be recovered; export it in grey"
            )
        pixels = Pixels(values[..., 0], pixels.full_scale)
    greys = _scaled(pixels)
    unknown = int(np.count_nonzero(~np.isfinite(greys)))
    if unknown:
        raise InputError(path, f"has {unknown} pixels that are not a number; export it without")
    return greys


def _scaled(pixels: Pixels) -> Measurement:
    with np.errstate(over="ignore"):
        values = pixels.values.astype(np.float32)
    if pixels.full_scale is not None:
        values /= np.float32(pixels.full_scale)
    return values


def _holds(path: Path) -> tuple[str, ...]:
    if path.suffix.lower() in TIFF.suffixes and read_layout(path).holds_points:
        return ()
    return ("rgb",)


READER = Reader(
    formats=(PNG, JPEG, BMP, TIFF),
    kinds=frozenset({Kind.IMAGE}),
    accepts=lambda path: True,
    holds=_holds,
    read=read_image,
)
