"""Warmth: the temperature the thermal camera believes to see after a charge pulse."""

import numpy as np
from scipy import ndimage

from cmdiad_core.data.demo.camera import CAMERA, OVERSAMPLING, Floats, to_pixels
from cmdiad_core.data.demo.defects import Marks
from cmdiad_core.data.demo.geometry import FOIL, TAB_END, Scene
from cmdiad_core.data.demo.recipe import Part
from cmdiad_core.data.demo.surface import Surface
from cmdiad_core.data.demo.texture import random_field, smoothstep


def apparent_temperature(part: Part, scene: Scene, surface: Surface, marks: Marks) -> Floats:
    """Return the temperature of a black body that would look alike, (H, W), in degrees Celsius."""
    rng = np.random.default_rng([part.seed, 4])
    cup, x = to_pixels(scene.cup), to_pixels(scene.x)
    foil, film = to_pixels(scene.foil), to_pixels(scene.film)
    tabs = to_pixels(np.maximum(*scene.tabs))
    pixel = OVERSAMPLING * CAMERA.step

    # The core is evenly warm, more so towards the tabs where the current gathers; the rim is a
    # fin that cools within a few millimetres.
    lumps = to_pixels(random_field(rng, 9.0, 40.0))
    gather = 0.10 * smoothstep(-12.0, 19.0, x)
    core = (0.92 + gather + 0.018 * lumps) * part.thickness / 3.3
    body = core * np.exp(-np.maximum(cup + 1.2, 0) / 3.2)
    body = ndimage.gaussian_filter(body, 1.1 / pixel)
    along = np.clip((x - FOIL[0]) / (TAB_END - FOIL[0]), 0, 1)
    conductor = 0.66 - 0.22 * along
    # The plate under the cell takes up some of it and spreads it.
    halo = 0.20 * ndimage.gaussian_filter(np.maximum(foil, 0.5 * tabs), 3.2 / pixel, truncate=3)

    share = halo * (1 - tabs) + conductor * tabs
    share = share * (1 - film) + film * 0.55
    share = share * (1 - foil) + foil * body
    temperature = part.ambient + part.heating * share + to_pixels(marks.heat * scene.part)
    # Shiny metal shows the room instead of itself.
    emissivity = to_pixels(surface.emissivity)
    reflected = part.ambient - 0.8 + 0.25 * to_pixels(random_field(rng, 20.0, 90.0))
    seen: Floats = emissivity * temperature + (1 - emissivity) * reflected
    return seen
