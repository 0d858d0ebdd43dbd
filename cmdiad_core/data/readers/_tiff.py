import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from cmdiad_core.data.readers._reader import MAX_PIXELS
from cmdiad_core.errors import InputError

# What tifffile logs about a damaged file, the InputError says; unless someone listens, drop it.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

#: Colour models that are not converted.
_FOREIGN_COLOURS = (tifffile.PHOTOMETRIC.SEPARATED, tifffile.PHOTOMETRIC.CIELAB)

_JPEG = (tifffile.COMPRESSION.JPEG, tifffile.COMPRESSION.OJPEG)

#: What a second channel may be that says nothing of the part.
_TRANSPARENCY = {tifffile.EXTRASAMPLE.ASSOCALPHA, tifffile.EXTRASAMPLE.UNASSALPHA}


@dataclass(frozen=True)
class TiffLayout:
    """What the header of a TIFF file says, before any pixel is read.

    Parameters
    ----------
    shape : tuple of int
        (H, W) or (H, W, channels).
    dtype : numpy.dtype
        Type of the values.
    bits : int
        Bits used of an integer, e.g. 12 in a 16-bit type.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    bits: int

    @property
    def holds_points(self) -> bool:
        """Whether these are three floats per pixel, as no colour image has them."""
        return self.dtype.kind == "f" and len(self.shape) == 3 and self.shape[2] == 3


def read_layout(path: Path) -> TiffLayout:
    """Return what the header of `path` says; `InputError` if it is not one image."""
    with _first_image(path) as (_, layout):
        return layout


def read_values(path: Path) -> tuple[NDArray[Any], TiffLayout]:
    """Return the values of `path`, (H, W) or (H, W, channels), palette expanded.

    Raises
    ------
    InputError
        Several images, too many pixels, cut short, or a colour model other than grey, RGB,
        palette.
    """
    with _first_image(path) as (series, layout):
        page = series.keyframe
        with _decoding():
            values = series.asarray()
        values = values.reshape(_stored_shape(series))
        if values.ndim == 3 and page.axes == "SYX":
            values = np.moveaxis(values, 0, 2)
        if page.photometric == tifffile.PHOTOMETRIC.PALETTE and page.colormap is not None:
            # Colour maps are 16 bits wide whatever the width of the index.
            # Two colours come as booleans, which would choose colours instead of numbering them.
            numbers = values.astype(np.uint8) if values.dtype.kind == "b" else values
            with _decoding():
                colours = np.moveaxis(page.colormap[:, numbers], 0, 2)
            return colours, TiffLayout(colours.shape, colours.dtype, 16)
        if page.photometric == tifffile.PHOTOMETRIC.MINISWHITE and values.dtype.kind in "bu":
            values = values ^ values.dtype.type(2**layout.bits - 1)
        return values, layout


@contextmanager
def _first_image(path: Path) -> Iterator[tuple[tifffile.TiffPageSeries, TiffLayout]]:
    with _decoding():
        file = tifffile.TiffFile(path)
    with file:
        with _decoding():
            # Here, too, what a tag holds may be of any type.
            found = _described(path, file)
        yield found


def _described(path: Path, file: tifffile.TiffFile) -> tuple[tifffile.TiffPageSeries, TiffLayout]:
    if not file.series:
        raise InputError(path, "holds no image; export it again")
    series = file.series[0]
    page = series.keyframe
    stored = _stored_shape(series)
    # Float xyz written without a colour model becomes one page per image row.
    rows_as_pages = len(stored) == 3 and stored[2] == 3
    if series.dtype is None or len(stored) not in (2, 3) or (len(series) > 1 and not rows_as_pages):
        raise InputError(path, "is not one image; save one image per TIFF file")
    # What JPEG holds as YCbCr is decoded to RGB.
    is_foreign = page.photometric == tifffile.PHOTOMETRIC.YCBCR and page.compression not in _JPEG
    if is_foreign or page.photometric in _FOREIGN_COLOURS:
        raise InputError(path, "is neither grey nor RGB (CMYK, Lab or YCbCr); export it as RGB")
    shape = (*stored[1:], stored[0]) if page.axes == "SYX" else stored
    if shape[2:] == (2,) and not set(page.extrasamples) & _TRANSPARENCY:
        raise InputError(path, "has 2 channels; an image has 1, or 3, a point cloud has 3")
    if math.prod(shape[:2]) > MAX_PIXELS or math.prod(shape) > 4 * MAX_PIXELS:
        sizes = " x ".join(map(str, shape))
        raise InputError(path, f"claims {sizes} values, more than is read; check the file")
    _check_complete(path, series, file.filehandle.size)
    return series, TiffLayout(shape, series.dtype, page.bitspersample)


@contextmanager
def _decoding() -> Iterator[None]:
    """Turn what tifffile stumbles over into one error: it computes with whatever a file says."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError(str(error)) from error


def _stored_shape(series: tifffile.TiffPageSeries) -> tuple[int, ...]:
    # A series squeezes axes of length one away, a page keeps them: an image may be one pixel high.
    return series.keyframe.shape if len(series) == 1 else series.shape


def _check_complete(path: Path, series: tifffile.TiffPageSeries, size: int) -> None:
    """Refuse a file that ends before its pixels do; decoders would fill up with zeros."""
    ends = [
        offset + count
        for page in series.pages
        if page is not None
        for offset, count in zip(page.dataoffsets, page.databytecounts, strict=False)
    ]
    if series.dataoffset is not None:
        ends.append(series.dataoffset + series.nbytes)
    if not ends or max(ends) > size:
        raise InputError(path, "is cut short: it ends before its pixels do; copy it again")
