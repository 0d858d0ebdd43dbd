"""The three cameras: lenses, noise, digits and the places where they see nothing."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cmdiad_core.data.demo.camera import CAMERA, Floats, to_pixels
from cmdiad_core.data.demo.defects import Marks
from cmdiad_core.data.demo.geometry import Scene
from cmdiad_core.data.demo.recipe import Part
from cmdiad_core.data.demo.shading import slopes

DEPTH_NOISE = 0.014  #: mm on a level surface at the fixture's distance
DEPTH_STEP = 0.008  #: mm between two depths the camera can tell apart
THERMAL_NOISE = 0.06  #: K of one thermogram
THERMAL_SPAN = (15.0, 45.0)  #: degrees Celsius at the lowest and the highest 16-bit value
_STEEPEST = 1.2  # slope beyond which no stripe of the projector is decoded


def colour(part: Part, light: Floats, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return the photograph, (H, W, 3), of linear light (3, H * n, W * n)."""
    image = np.moveaxis(ndimage.gaussian_filter(to_pixels(light), (0, 0.45, 0.45)), 0, -1)
    columns, rows = CAMERA.rays()
    falloff = (1 + columns[None, :] ** 2 + rows[:, None] ** 2) ** -6
    image *= falloff[..., None] * np.array(part.balance, np.float32)
    # Shot noise grows with the light; the missing two thirds of the colours are interpolated.
    grain = rng.standard_normal(image.shape, dtype=np.float32)
    grain = 0.55 * grain + 0.75 * ndimage.uniform_filter(grain, (2, 2, 0))
    image += grain * np.sqrt(0.0035**2 + 0.00016 * np.maximum(image, 0))
    return _digits(image)


def _digits(image: Floats) -> NDArray[np.uint8]:
    clipped = np.clip(image, 0, 1)
    bent = np.where(clipped < 0.0031308, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055)
    return (bent * 255 + 0.5).astype(np.uint8)


def depth_noise(depth: Floats, slope: Floats) -> Floats:
    """Return the standard deviation in mm of a depth in mm on a surface of that slope."""
    near = (depth / np.float32(1000 * CAMERA.distance)) ** 2
    noise: Floats = DEPTH_NOISE * near * (1 + 2.2 * slope**2)
    return noise


def points(scene: Scene, height: Floats, marks: Marks, rng: np.random.Generator) -> Floats:
    """Return the organised point cloud, (H, W, 3) in metres, (0, 0, 0) where there is none."""
    p, q = (to_pixels(slope) for slope in slopes(ndimage.gaussian_filter(height, 1.0)))
    steep = np.hypot(p, q)
    depth = 1000 * CAMERA.distance - ndimage.gaussian_filter(to_pixels(height), 0.5)
    white = rng.standard_normal(depth.shape, dtype=np.float32)
    # Neighbours share the stripes they were decoded from, hence part of their error.
    shared = ndimage.gaussian_filter(white, 0.8) * np.float32(2.84)
    noise = 0.6 * rng.standard_normal(depth.shape, dtype=np.float32) + 0.8 * shared
    depth = depth + noise * depth_noise(depth, steep)
    depth = np.round(depth / DEPTH_STEP) * DEPTH_STEP

    blind = steep > _STEEPEST + 0.15 * shared
    # The projector stands beside the camera: bare metal and tight bends mirror it.
    bare = to_pixels(np.maximum(*scene.tabs) * (1 - scene.foil) * (1 - scene.film))
    glare = np.exp(-(((p - 0.16) / 0.05) ** 2) - ((q + 0.02) / 0.07) ** 2) * (0.75 + bare)
    blind |= glare + 0.08 * shared > 0.92
    blind |= to_pixels(scene.holes) > 0.4
    blind |= to_pixels(np.broadcast_to(marks.dropout, height.shape)) > 0
    columns, rows = CAMERA.rays()
    depth = np.where(blind, 0, depth / 1000).astype(np.float32)
    return np.stack([depth * columns[None, :], depth * rows[:, None], depth], axis=-1)


def thermogram(temperature: Floats, rng: np.random.Generator) -> NDArray[np.uint16]:
    """Return the infrared image, (H, W) over `THERMAL_SPAN`, of temperatures in Celsius."""
    seen = ndimage.gaussian_filter(temperature, 1.25)
    columns = 0.4 * THERMAL_NOISE * rng.standard_normal((1, seen.shape[1]), dtype=np.float32)
    grain = THERMAL_NOISE * rng.standard_normal(seen.shape, dtype=np.float32)
    low, high = THERMAL_SPAN
    # The camera sees its own cold detector in the middle of the lens.
    rays_x, rays_y = CAMERA.rays()
    seen = seen + 14 * (rays_x[None, :] ** 2 + rays_y[:, None] ** 2)
    share = (seen + columns + grain - low) / (high - low)
    image: NDArray[np.uint16] = (np.clip(share, 0, 1) * 65535 + 0.5).astype(np.uint16)
    return image
