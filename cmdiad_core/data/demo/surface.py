"""What the scene is made of: colour, gloss and emissivity of foil, ink, tabs, film and plate."""

from dataclasses import astuple, dataclass
from functools import cache
from math import cos, sin

import numpy as np

from cmdiad_core.data.demo.camera import Floats
from cmdiad_core.data.demo.defects import Marks
from cmdiad_core.data.demo.geometry import Scene, fixture
from cmdiad_core.data.demo.label import printed
from cmdiad_core.data.demo.recipe import Part
from cmdiad_core.data.demo.texture import random_field, smoothstep


@dataclass(frozen=True)
class _Material:
    diffuse: tuple[float, float, float]
    mirror: tuple[float, float, float]
    roughness: tuple[float, float]  # of the slope along x and along y
    emissivity: float


_PLATE = _Material((0.036, 0.038, 0.042), (0.045, 0.045, 0.048), (0.20, 0.30), 0.93)
_SCREW = _Material((0.06, 0.06, 0.062), (0.16, 0.16, 0.165), (0.10, 0.10), 0.45)
_ALUMINIUM = _Material((0.17, 0.173, 0.176), (0.40, 0.405, 0.41), (0.07, 0.20), 0.22)
_NICKEL = _Material((0.135, 0.115, 0.088), (0.36, 0.305, 0.235), (0.07, 0.19), 0.18)
_FILM = _Material((0.30, 0.285, 0.235), (0.05, 0.05, 0.05), (0.14, 0.14), 0.92)
_FOIL = _Material((0.155, 0.159, 0.163), (0.34, 0.343, 0.348), (0.065, 0.09), 0.84)
_INK = _Material((0.012, 0.012, 0.014), (0.035, 0.035, 0.036), (0.20, 0.20), 0.90)


@dataclass(frozen=True)
class Surface:
    """Optical properties on the fine grid.

    Parameters
    ----------
    diffuse, mirror : array, (3, H * n, W * n)
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
    layers = [(_ALUMINIUM, scene.tabs[0]), (_NICKEL, scene.tabs[1])]
    layers += [(_FILM, scene.film), (_FOIL, scene.foil), (_INK, printed(part, scene))]
    values = _plate().copy()
    for material, share in layers:
        rows, columns = (np.flatnonzero(share.any(axis=axis)) for axis in (1, 0))
        window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        below = values[:, *window]
        below += share[window] * (_column(material) - below)

    rng = np.random.default_rng([part.seed, 3])
    scuffs = part.wear * _scuffs(rng, scene)
    dust = part.wear * np.clip(random_field(rng, 0.25, 0.8) - 3.4, 0, 1)
    # Handling leaves the satin finish cloudy; brushing shows on the bare tabs.
    cloudy = 1 + 0.05 * random_field(rng, 2.0, 25.0)
    bare = np.maximum(*scene.tabs) * (1 - scene.foil)
    brushed = 1 + 0.10 * bare * random_field(rng, 0.3, 3.0, 20.0)
    return Surface(
        np.clip(values[0:3] * (marks.tint * (1 + 0.5 * scuffs)) + 0.25 * dust, 0, 1),
        values[3:6] * (marks.gloss * cloudy * brushed * (1 + 0.6 * scuffs)),
        (values[6], values[7]),
        np.clip(values[8] + marks.emissivity * scene.part, 0.05, 1),
    )


@cache
def _plate() -> Floats:
    """Return the nine properties of the empty fixture, (9, H * n, W * n), worn by use."""
    rng = np.random.default_rng(772)
    rubbed = 1 + 0.07 * random_field(rng, 3.0, 50.0) + 0.05 * random_field(rng, 0.3, 3.0, 10.0)
    lines = np.clip(random_field(rng, 0.2, 1.2, 25.0) - 2.9, 0, 1)
    pits = np.clip(random_field(rng, 0.3, 1.0) - 3.2, 0, 1)
    _, holes, screws = fixture()
    values = _column(_PLATE) + screws * (_column(_SCREW) - _column(_PLATE))
    values[:6] *= np.clip(rubbed + 0.8 * lines - 0.5 * pits, 0.3, 2) * (1 - 0.97 * holes)
    return values


def _column(material: _Material) -> Floats:
    values = np.hstack(astuple(material)).astype(np.float32)
    return values[:, None, None]


def _scuffs(rng: np.random.Generator, scene: Scene) -> Floats:
    """Return faint hairlines from handling, 1 at their strongest."""
    total = np.zeros_like(scene.height)
    for _ in range(4):
        angle, offset, at = rng.normal(0.0, 0.6), rng.uniform(-20, 20), rng.uniform(-20, 20)
        across = (cos(angle) * scene.y - sin(angle) * scene.x - offset) / 0.1
        along = (cos(angle) * scene.x + sin(angle) * scene.y - at) / rng.uniform(1.0, 4.0)
        total += rng.uniform(0.1, 0.45) * np.exp(-(across**2) - along**2)
    return total * scene.foil * smoothstep(2.0, 0.0, scene.cup)
