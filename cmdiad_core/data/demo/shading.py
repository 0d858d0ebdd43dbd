"""Light: what the colour camera's lens receives from the shaped and covered cell."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from cmdiad_core.data.demo.camera import CAMERA, Floats
from cmdiad_core.data.demo.recipe import Part
from cmdiad_core.data.demo.surface import Surface


@dataclass(frozen=True)
class _Lamp:
    position: tuple[float, float, float]  # mm over the middle of the fixture
    size: tuple[float, float]  # standard deviation as the slopes that mirror it
    diffuse: float
    mirror: float
    colour: tuple[float, float, float]


_LAMPS = (
    _Lamp((-60.0, -250.0, 200.0), (0.40, 0.20), 1.15, 5.0, (1.0, 0.985, 0.945)),
    _Lamp((60.0, 210.0, 260.0), (0.25, 0.10), 0.16, 0.45, (0.93, 0.985, 1.0)),
    _Lamp((-230.0, 20.0, 210.0), (0.15, 0.30), 0.50, 1.7, (1.0, 0.97, 0.92)),
    _Lamp((70.0, -75.0, 330.0), (0.09, 0.07), 0.30, 1.1, (0.98, 1.0, 1.0)),
)
_ROOM = 0.17  # light that comes from everywhere


def slopes(height: Floats) -> tuple[Floats, Floats]:
    """Return the derivatives of a height in mm along x and y of the fine grid."""
    double = np.float32(2 * CAMERA.step)
    along_x, along_y = np.zeros_like(height), np.zeros_like(height)
    along_x[:, 1:-1] = (height[:, 2:] - height[:, :-2]) / double
    along_y[1:-1] = (height[2:] - height[:-2]) / double
    return along_x, along_y


def shade(part: Part, height: Floats, surface: Surface) -> Floats:
    """Return linear light, (3, H * n, W * n), about 0.3 on the foil.

    Parameters
    ----------
    part : Part
        Where its lamps stand and how bright they are.
    height : array, (H * n, W * n)
        Shape in mm, defect included.
    surface : Surface
        What it is covered with.
    """
    x, y = CAMERA.scene_grid()
    p, q = slopes(height)
    upright = 1 / np.sqrt(1 + p**2 + q**2)
    open_sky = _openness(height)
    scattered = np.full((3, *height.shape), _ROOM, np.float32) * open_sky
    mirrored = np.full((3, *height.shape), 0.06, np.float32) * (open_sky * upright**3)
    for index, lamp in enumerate(_LAMPS):
        lx = (lamp.position[0] + np.float32(part.light_shift[0]) - x) / lamp.position[2]
        ly = (lamp.position[1] + np.float32(part.light_shift[1]) - y) / lamp.position[2]
        facing = np.maximum(1 - p * lx - q * ly, 0) * upright / (1 + lx**2 + ly**2)
        lit = _lit(height, lamp) if index == 0 else open_sky
        colour = np.array(lamp.colour, np.float32)[:, None, None]
        scattered += (lamp.diffuse * facing * lit) * colour
        # A facet mirrors the lamp when its slope is half way between lamp and camera.
        want_x = -0.5 * (lx - x / np.float32(1000 * CAMERA.distance))
        want_y = -0.5 * (ly - y / np.float32(1000 * CAMERA.distance))
        wide_x = surface.roughness[0] ** 2 + np.float32(lamp.size[0] ** 2)
        wide_y = surface.roughness[1] ** 2 + np.float32(lamp.size[1] ** 2)
        # Polished and rolled metal scatters further than a Gaussian would have it.
        lobe = 1 / (1 + 0.28 * ((p - want_x) ** 2 / wide_x + (q - want_y) ** 2 / wide_y)) ** 2
        peak = lamp.mirror * 0.03 / np.sqrt(wide_x * wide_y)
        mirrored += (lobe * peak * lit) * colour
    light: Floats = part.exposure * (surface.diffuse * scattered + surface.mirror * mirrored)
    return light


def _openness(height: Floats) -> Floats:
    """Return the share of the sky each point sees: less beside walls and in creases."""
    total = np.zeros_like(height)
    for sigma, weight in ((4, 0.35), (14, 0.28)):
        around = ndimage.gaussian_filter(height, sigma, truncate=2.5)
        total += weight * np.maximum(around - height, 0) / np.float32(sigma * CAMERA.step)
    sky: Floats = 1 / (1 + 3 * total)
    return sky


def _lit(height: Floats, lamp: _Lamp) -> Floats:
    """Return the share of the long lamp that is not hidden by what stands before it."""
    rise = np.float32(lamp.position[2] / abs(lamp.position[1]) * CAMERA.step)
    hidden = np.zeros_like(height)
    for steps in (2, 4, 7, 11, 16, 22):
        before = height[:-steps] - height[steps:] - rise * steps
        np.maximum(hidden[steps:], before, out=hidden[steps:])
    # The lamp is wide: shadows fade within a few tenths of their height.
    lit: Floats = 1 - 0.8 * np.clip(hidden / 0.5, 0, 1)
    return lit
