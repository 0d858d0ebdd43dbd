"""Measurements as files that the readers give back the same."""

import io

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray

from cmdiad_core.modalities import Kind, modality
from cmdiad_core.sample import Measurement


def suffix_for(name: str) -> str:
    """Return the suffix of the files that `encoded` makes of the modality `name`."""
    return ".png" if _is_colour(name) else ".tiff"


def encoded(name: str, values: Measurement) -> bytes:
    """Return the content of a file that holds the modality `name`.

    Colours become PNG, with 8 bits where those hold them all and else 16; grey images become
    TIFF with the values themselves, clouds TIFF with (0, 0, 0) where nothing was measured.
    """
    if not _is_colour(name):
        return _tiff(np.nan_to_num(values, nan=0.0))
    fine = np.round(values * 65535)
    # 257 is 65535 / 255: what came from 8 bits is a multiple of it.
    held = not (fine % 257).any()
    pixels = (fine / 257).astype(np.uint8) if held else fine.astype(np.uint16)
    return bytes(imagecodecs.png_encode(pixels))


def encoded_mask(mask: NDArray[np.bool_]) -> bytes:
    """Return a PNG, white where `mask` is true."""
    return bytes(imagecodecs.png_encode(mask.astype(np.uint8) * np.uint8(255)))


def _is_colour(name: str) -> bool:
    entry = modality(name)
    return entry.kind is Kind.IMAGE and entry.channels == 3


def _tiff(values: Measurement) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(
        stream,
        values,
        photometric="minisblack",
        planarconfig="contig" if values.ndim == 3 else None,
        compression="zlib",
        compressionargs={"level": 2},
        metadata=None,
    )
    return stream.getvalue()
