"""What the scene is made of: colour, gloss and emissivity of foil, ink, tabs, film and plate."""

from dataclasses import dataclass

import numpy as np

from cmdiad_core.data.demo.camera import Floats
from cmdiad_core.data.demo.defects import Marks
from cmdiad_core.data.demo.geometry import Scene
from cmdiad_core.data.demo.label import printed
from cmdiad_core.data.demo.recipe import Part
from cmdiad_core.data.demo.texture import random_field, smoothstep


@dataclass(frozen=True)
class _Material:
    diffuse: tuple[float, float, float]
    mirror: tuple[float, float, float]
    roughness: tuple[float, float]  # of the slope along x and along y
    emissivity: float


_PLATE = _Material((0.035, 0.037, 0.041), (0.045, 0.045, 0.048), (0.22, 0.30), 0.93)
_ALUMINIUM = _Material((0.26, 0.265, 0.27), (0.60, 0.605, 0.61), (0.10, 0.22), 0.22)
_COPPER = _Material((0.23, 0.145, 0.09), (0.70, 0.47, 0.33), (0.09, 0.20), 0.18)
_FILM = _Material((0.42, 0.40, 0.33), (0.06, 0.06, 0.06), (0.16, 0.16), 0.92)
_FOIL = _Material((0.20, 0.205, 0.21), (0.50, 0.505, 0.515), (0.17, 0.22), 0.84)
_INK = _Material((0.015, 0.015, 0.018), (0.05, 0.05, 0.052), (0.25, 0.25), 0.90)


@dataclass(frozen=True)
class Surface:
    """Optical properties on the fine grid.

    Parameters
    ----------
    diffuse, mirror : array, (H * n, W * n, 3)
        Share of light that is scattered, and that is reflected in the direction of the gloss.
    roughness : pair of arrays
        Standard deviation of the invisible slopes along x and y.
    emissivity : array
        In the thermal infrared, 0 to 1.
    """

    diffuse: Floats
    mirror: Floats
    roughness: tuple[Floats, Floats]
    emissivity: Floats


def cover(part: Part, scene: Scene, marks: Marks) -> Surface:
    """Give the cell `part` its materials, its print, its wear and the marks of its flaw."""
    layers = [(_ALUMINIUM, scene.tabs[0]), (_COPPER, scene.tabs[1])]
    layers += [(_FILM, scene.film), (_FOIL, scene.foil), (_INK, printed(part, scene))]
    values = np.broadcast_to(_row(_PLATE), (*scene.height.shape, 9)).copy()
    for material, share in layers:
        values += share[..., None] * (_row(material) - values)

    rng = np.random.default_rng([part.seed, 3])
    values[..., :6] *= (1 - 0.97 * scene.holes)[..., None]
    scuffs = part.wear * _scuffs(rng, scene)
    dust = part.wear * np.clip(random_field(rng, 0.25, 0.8) - 3.4, 0, 1)[..., None]
    # Handling leaves the satin finish cloudy; brushing shows on the bare tabs.
    cloudy = 1 + 0.035 * random_field(rng, 3.0, 25.0)
    bare = np.maximum(*scene.tabs) * (1 - scene.foil)
    brushed = 1 + 0.10 * bare * random_field(rng, 0.3, 3.0, 20.0)
    diffuse = values[..., 0:3] * marks.tint * (1 + 0.5 * scuffs) + 0.25 * dust
    mirror = values[..., 3:6] * (marks.gloss * cloudy * brushed)[..., None] * (1 + 0.6 * scuffs)
    return Surface(
        np.clip(diffuse, 0, 1),
        np.clip(mirror, 0, None),
        (values[..., 6], values[..., 7]),
        np.clip(values[..., 8] + marks.emissivity * scene.part, 0.05, 1),
    )


def _row(material: _Material) -> Floats:
    values = (*material.diffuse, *material.mirror, *material.roughness, material.emissivity)
    return np.array(values, np.float32)


def _scuffs(rng: np.random.Generator, scene: Scene) -> Floats:
    """Return faint hairlines from handling, (H * n, W * n, 1), 1 at their strongest."""
    total = np.zeros_like(scene.height)
    for _ in range(6):
        angle, offset = rng.normal(0.0, 0.6), rng.uniform(-20, 20)
        across = np.cos(angle) * scene.y - np.sin(angle) * scene.x - np.float32(offset)
        along = np.cos(angle) * scene.x + np.sin(angle) * scene.y - np.float32(rng.uniform(-20, 20))
        line = np.exp(-((across / 0.1) ** 2) - (along / np.float32(rng.uniform(1.0, 4.0))) ** 2)
        total += np.float32(rng.uniform(0.1, 0.45)) * line
    return (total * scene.foil * smoothstep(2.0, 0.0, scene.cup))[..., None]
