"""An anomaly map over the picture of its part, with its regions outlined and numbered."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from cmdiad_core.boundary import boundary, dashes
from cmdiad_core.inspection import Inspection, Map, Mask
from cmdiad_core.report._picture import Pixels
from cmdiad_core.report.colour_scale import ColourScale

#: Regions that are numbered in pictures and listed on pages; more would hide the part.
MOST_REGIONS = 9

#: Share of the map's colour; the rest is the part below.
OPACITY = 0.72

_LINE = (255, 255, 255)
_LINE_EDGE = (16, 20, 24)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return a typeface of this size in pixels that has more than ASCII."""
    import matplotlib

    return ImageFont.truetype(
        str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")), size
    )


def fitted(pixels: Pixels, longest: int) -> Image.Image:
    """Return a picture (H, W, 3) whose longest side has `longest` pixels."""
    image = Image.fromarray(pixels)
    return image.resize(_size(pixels.shape, longest), Image.Resampling.LANCZOS)


def draw_map(
    pixels: Pixels,
    shown: Map,
    inspection: Inspection,
    scale: ColourScale,
    longest: int,
    source: str = "fused",
) -> Image.Image:
    """Return a map over a picture; nothing is drawn where it is below the accept limit.

    Parameters
    ----------
    pixels : array (H, W, 3)
        The picture.
    shown : array (H, W)
        Scores, on the same grid.
    inspection : Inspection
        Gives the operating point, what was looked at, which is surrounded by dashes, and the
        regions, which are outlined on every map alike; where there is no fused map, on the map
        of their own modality.
    scale : ColourScale
        Colours of the scores.
    longest : int
        Longest side of the result in pixels.
    source : str
        Whose map it is: ``"fused"`` or the name of a modality.
    """
    limit = inspection.operating_point.accept_below
    image = np.asarray(fitted(pixels, longest)).astype(np.float32)
    scores = _resized(shown, image.shape[:2], min(scale.low, limit) - 1)
    drawn = scores >= limit
    mixed = (1 - OPACITY) * image[drawn] + OPACITY * scale.colours(scores[drawn])
    image[drawn] = mixed
    canvas = image.round().astype(np.uint8)
    if (foreground := inspection.foreground_of(source)) is not None:
        canvas = _surrounded(canvas, foreground, max(1, longest // 420))
    regions = _region_masks(inspection, source, canvas.shape[:2])
    thickness = max(1, longest // 350)
    for inside in regions.values():
        _outline(canvas, inside, thickness)
    result = Image.fromarray(canvas)
    for number, inside in regions.items():
        _number(result, number, inside, longest // 28)
    return result


def _region_masks(
    inspection: Inspection, source: str, shape: tuple[int, ...]
) -> dict[int, NDArray[np.bool_]]:
    """Return by number, from 1, where the first regions lie on a grid of this shape."""
    limit = inspection.operating_point.accept_below
    found_on = inspection.map_over(source)
    if found_on is None:
        return {}
    labels, _ = ndimage.label(found_on >= limit, np.ones((3, 3)))
    rows, columns = (
        (np.arange(new) * old // new) for new, old in zip(shape, labels.shape, strict=True)
    )
    enlarged = labels[np.ix_(rows, columns)]
    found = {}
    for number, region in enumerate(inspection.regions[:MOST_REGIONS], start=1):
        if inspection.map is None and region.modality != source:
            continue
        # A region found under another operating point may lie below the limit of this one.
        if label := labels[region.peak]:
            inside = enlarged == label
            # Going down, a small region may fall between the pixels.
            inside[tuple(np.multiply(region.peak, shape) // labels.shape)] = True
            found[number] = inside
    return found


def _surrounded(canvas: Pixels, foreground: Mask, thickness: int) -> Pixels:
    """Return a picture with a thin dashed line around the patches that were looked at."""
    image = Image.fromarray(canvas)
    draw = ImageDraw.Draw(image)
    sides = boundary(foreground)
    height, width = foreground.shape
    ends = sides * ((image.width - 1) / width, (image.height - 1) / height)
    for (begin, end), light in zip(ends, dashes(sides), strict=True):
        draw.line((*begin, *end), _LINE if light else _LINE_EDGE, thickness)
    return np.array(image)


def _outline(canvas: Pixels, inside: NDArray[np.bool_], thickness: int) -> None:
    """Draw a line that is seen on any ground around a region, outside of it."""
    line = ndimage.binary_dilation(inside, iterations=thickness)
    edge = ndimage.binary_dilation(line, iterations=thickness)
    canvas[edge & ~line] = _LINE_EDGE
    canvas[line & ~inside] = _LINE


def _number(image: Image.Image, number: int, inside: NDArray[np.bool_], size: int) -> None:
    rows, columns = np.nonzero(inside)
    half = 0.8 * size
    # At the upper right of the region itself: the corner of its box may lie far away from it.
    corner = (columns - rows).argmax()
    x = min(max(columns[corner] + half, half), image.width - 1 - half)
    y = min(max(rows[corner] - half, half), image.height - 1 - half)
    draw = ImageDraw.Draw(image)
    draw.ellipse((x - half, y - half, x + half, y + half), _LINE_EDGE, _LINE, max(1, size // 10))
    draw.text((x, y), str(number), _LINE, font=font(size), anchor="mm")


def _size(shape: tuple[int, ...], longest: int) -> tuple[int, int]:
    factor = longest / max(shape[:2])
    return max(1, round(shape[1] * factor)), max(1, round(shape[0] * factor))


def _resized(scores: Map, shape: tuple[int, ...], nothing: float) -> Map:
    """Return scores on a grid of another size, `nothing` where there were none.

    Going down, the largest score counts: a small defect must not be averaged away.
    """
    filled = np.where(np.isfinite(scores), scores, np.float32(nothing)).astype(np.float32)
    shrink = max(1, -(-max(scores.shape) // max(shape)))
    between = Image.Resampling.BILINEAR
    if shrink > 1:
        filled, between = ndimage.maximum_filter(filled, shrink), Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(filled).resize((shape[1], shape[0]), between))
