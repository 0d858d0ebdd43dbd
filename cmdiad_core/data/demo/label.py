"""The print on the pouch: type, ratings, serial number, bar code and data matrix."""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from cmdiad_core.data.demo.camera import Floats
from cmdiad_core.data.demo.geometry import Scene
from cmdiad_core.data.demo.recipe import Part

_DOTS = 10  # of the print per mm
_SIZE = (32.0, 26.0)  # mm
_CORNER = (-16.4, -12.8)


def printed(part: Part, scene: Scene) -> Floats:
    """Return how much ink lies on the foil, 0 to 1, on the fine grid."""
    columns = (scene.x - np.float32(_CORNER[0] + part.ink_shift[0])) * _DOTS
    rows = (scene.y - np.float32(_CORNER[1] + part.ink_shift[1])) * _DOTS
    ink = ndimage.map_coordinates(_artwork(part.serial), [rows, columns], order=1, prefilter=False)
    rng = np.random.default_rng([part.seed, 2])
    # An ink jet on foil: nozzles differ, and some ink does not stick.
    nozzles = 1 + 0.07 * rng.standard_normal(256).astype(np.float32)
    sticking = nozzles[(rows / 2).astype(np.int32) % 256]
    result: Floats = ink * np.float32(part.ink) * sticking * scene.foil
    return result


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _artwork(serial: int) -> Floats:
    page = Image.new("L", (int(_SIZE[0] * _DOTS), int(_SIZE[1] * _DOTS)), 0)
    draw = ImageDraw.Draw(page)
    large, middle, small = (_font(size) for size in (38, 25, 20))
    draw.text((0, 0), "LP-5041 NMC", 255, font=large)
    draw.text((0, 46), "3.80 V   850 mAh   3.23 Wh", 255, font=middle)
    draw.text((0, 78), "Li-ion pouch cell", 255, font=small)
    draw.text((0, 102), "do not crush, pierce or heat", 255, font=small)
    draw.text((0, 232), f"SN 26B{serial:05d}", 255, font=middle)
    _bar_code(draw, 0, 160, 66)
    _data_matrix(draw, serial, 208, 150, 6)
    draw.text((276, 4), "+", 255, font=large)
    draw.rectangle((279, 242, 292, 245), 255)
    ink = np.asarray(page, np.float32) / 255
    return ndimage.gaussian_filter(ink, 0.8)


def _bar_code(draw: ImageDraw.ImageDraw, left: int, top: int, height: int) -> None:
    rng = np.random.default_rng(5041)
    while left < 175:
        bar, gap = (int(width) for width in rng.integers(1, 4, 2))
        draw.rectangle((left, top, left + 5 * bar - 1, top + height), 255)
        left += 5 * (bar + gap)


def _data_matrix(draw: ImageDraw.ImageDraw, serial: int, left: int, top: int, cell: int) -> None:
    # Maker and article stay, the serial number and the check words change.
    modules = np.random.default_rng(5041).integers(0, 2, (14, 14))
    modules[9:, 4:] = np.random.default_rng(serial).integers(0, 2, (5, 10))
    modules[:, 0], modules[-1, :] = 1, 1
    modules[0, 1:] = np.arange(13) % 2
    modules[:-1, -1] = np.arange(13) % 2
    for row, column in np.argwhere(modules):
        x, y = left + int(column) * cell, top + int(row) * cell
        draw.rectangle((x, y, x + cell - 1, y + cell - 1), 255)
