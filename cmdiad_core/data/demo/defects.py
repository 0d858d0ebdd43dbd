"""The defects: what each does to shape, surface and heat, and which modality can see it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import cos, sin

import numpy as np

from cmdiad_core.data.demo.camera import Floats
from cmdiad_core.data.demo.geometry import TAB_END, TABS, Scene
from cmdiad_core.data.demo.recipe import Flaw
from cmdiad_core.data.demo.texture import random_field, smoothstep

_NOTHING = np.zeros((1, 1), np.float32)
_ALL = np.ones((1, 1), np.float32)


@dataclass(frozen=True)
class Marks:
    """What a defect changes, on the fine grid or broadcastable to it.

    Parameters
    ----------
    mask : array
        Positive where the defect is.
    height : array
        Added to the height, in mm.
    tint : array, (3, H * n, W * n) or broadcastable
        Factor on the colour of diffuse light.
    gloss : array
        Factor on mirrored light.
    heat : array
        Added to the surface's temperature, in kelvin.
    emissivity : array
        Added to the surface's emissivity.
    dropout : array
        Positive where the depth camera is blinded.
    """

    mask: Floats = field(default_factory=lambda: _NOTHING)
    height: Floats = field(default_factory=lambda: _NOTHING)
    tint: Floats = field(default_factory=lambda: _ALL)
    gloss: Floats = field(default_factory=lambda: _ALL)
    heat: Floats = field(default_factory=lambda: _NOTHING)
    emissivity: Floats = field(default_factory=lambda: _NOTHING)
    dropout: Floats = field(default_factory=lambda: _NOTHING)


Maker = Callable[[Scene, float, np.random.Generator], Marks]


@dataclass(frozen=True)
class Defect:
    """A kind of defect.

    Parameters
    ----------
    seen_by : tuple of str
        Modalities whose measurement it changes.
    make : callable
        Turns scene, severity (0 to 1) and randomness into `Marks`.
    """

    seen_by: tuple[str, ...]
    make: Maker


def _local(
    scene: Scene, rng: np.random.Generator, reach_x: float = 14.0, reach_y: float = 11.5
) -> tuple[Floats, Floats]:
    """Return coordinates in mm of a turned frame somewhere on the pocket's top."""
    x = scene.x - np.float32(rng.uniform(-reach_x, reach_x) - 1.5)
    y = scene.y - np.float32(rng.uniform(-reach_y, reach_y))
    angle = rng.uniform(0, 2 * np.pi)
    return cos(angle) * x + sin(angle) * y, cos(angle) * y - sin(angle) * x


def _dent(scene: Scene, severity: float, rng: np.random.Generator) -> Marks:
    u, v = _local(scene, rng)
    radius = rng.uniform(1.3, 2.2) + 0.9 * severity
    uneven = 1 + 0.12 * random_field(rng, 3.0, 12.0)
    r2 = ((u / (radius * rng.uniform(1.0, 1.6))) ** 2 + (v / radius) ** 2) * uneven
    # What is pushed in bulges a little around the rim.
    shape = (1 - 0.55 * r2) * np.exp(-r2)
    return Marks(mask=1.6 - r2, height=-np.float32(0.22 + 0.55 * severity) * shape)


def _swelling(scene: Scene, severity: float, rng: np.random.Generator) -> Marks:
    u, v = _local(scene, rng, 6.0, 5.0)
    size = rng.uniform(6.0, 8.5)
    r2 = (u / (1.25 * size)) ** 2 + (v / size) ** 2
    shape = np.exp(-r2) * smoothstep(0.0, -5.0, scene.cup)
    return Marks(mask=shape - 0.35, height=np.float32(0.35 + 1.0 * severity) * shape)


def _wrinkle(scene: Scene, severity: float, rng: np.random.Generator) -> Marks:
    u, v = _local(scene, rng, 9.0, 8.0)
    length, bend = rng.uniform(7, 12), rng.uniform(-0.02, 0.02)
    v = v - bend * u**2 + 0.35 * random_field(rng, 3.0, 12.0)
    fade = smoothstep(1.0, 0.55, np.abs(u) / np.float32(length))
    fade = fade * smoothstep(-0.5, -2.5, scene.cup)
    width = rng.uniform(0.5, 0.75)
    ridge = np.exp(-((v / width) ** 2)) - 0.35 * np.exp(-(((v - 2.1 * width) / width) ** 2))
    second = rng.uniform(-0.5, 0.7) * np.exp(-(((v + rng.uniform(2.5, 4)) / width) ** 2))
    shape = fade * (ridge + second * smoothstep(0.8, 0.3, np.abs(u) / np.float32(length)))
    return Marks(mask=np.abs(shape) - 0.2, height=np.float32(0.13 + 0.27 * severity) * shape)


def _scratch(scene: Scene, severity: float, rng: np.random.Generator) -> Marks:
    u, v = _local(scene, rng, 12.0, 10.0)
    length, bend = rng.uniform(4, 7) + 5 * severity, rng.uniform(-0.015, 0.015)
    v = v - bend * u**2 + 0.08 * random_field(rng, 2.0, 10.0)
    pressure = np.clip(0.75 + 0.45 * random_field(rng, 0.8, 6.0), 0, 1)
    ends = smoothstep(1.0, 0.8, np.abs(u) / np.float32(length))
    width = 0.17 + 0.1 * severity
    groove = np.exp(-((v / width) ** 2)) * ends * pressure * scene.foil
    burr = np.exp(-(((v - 1.9 * width) / width) ** 2)) * ends * pressure * scene.foil
    strength = np.float32(0.8 + 0.9 * severity)
    tint = 1 + strength * groove - 0.45 * strength * burr
    gloss = 1 + 1.3 * strength * groove - 0.4 * strength * burr
    mask = np.where((np.abs(v) < 0.35) & (ends * scene.foil > 0.3), 1.0, 0.0)
    return Marks(mask=mask.astype(np.float32), tint=np.maximum(tint, 0.2), gloss=gloss)


def _electrolyte_stain(scene: Scene, severity: float, rng: np.random.Generator) -> Marks:
    u, v = _local(scene, rng, 17.0, 15.0)
    radius = rng.uniform(2.4, 3.6) + 1.6 * severity
    blob = np.hypot(u / 1.3, v) / radius + 0.16 * random_field(rng, 5.0, 20.0)
    wet = smoothstep(1.05, 0.9, blob) * scene.foil
    # As it dries the solute is carried to the edge.
    ring = np.exp(-(((blob - 0.95) / 0.07) ** 2)) * scene.foil
    salt = np.clip(random_field(rng, 0.4, 2.0) - 1.0, 0, 1) * wet
    amount = np.float32(0.45 + 0.6 * severity) * (0.45 * wet + 0.5 * ring)
    brown = np.array([0.32, 0.52, 0.85], np.float32)[:, None, None]
    tint = 1 - amount * brown + 0.5 * salt
    emissivity = -np.float32(0.035 + 0.05 * severity) * (wet + 0.5 * ring)
    return Marks(mask=wet - 0.4, tint=tint, gloss=1 - 0.75 * amount, emissivity=emissivity)


def _particle(scene: Scene, severity: float, rng: np.random.Generator) -> Marks:
    u, v = _local(scene, rng)
    size = rng.uniform(0.45, 0.65) + 0.35 * severity
    distance = np.hypot(u, v * np.float32(rng.uniform(0.8, 1.25)))
    core = np.exp(-((distance / size) ** 2))
    # The foil is a tent over the grain, with folds that run out from it.
    folds = 1 + 0.35 * np.cos(rng.integers(3, 6) * np.arctan2(v, u) + rng.uniform(0, 6))
    tent = np.exp(-distance / (1.5 * size)) * folds * smoothstep(0.0, -1.5, scene.cup)
    height = np.float32(0.2 + 0.4 * severity) * (0.6 * core + 0.4 * tent)
    heat = np.float32(0.35 + 0.9 * severity) * np.exp(-((distance / (size + 1.3)) ** 2))
    return Marks(mask=2.3 * size - distance, height=height, heat=heat)


def _pinhole(scene: Scene, severity: float, rng: np.random.Generator) -> Marks:
    u, v = _local(scene, rng, 17.0, 15.0)
    radius = 0.3 + 0.3 * severity
    distance = np.hypot(u, v)
    hole = smoothstep(radius + 0.12, radius - 0.12, distance)
    halo = np.exp(-((distance / (2.2 * radius)) ** 2))
    tint = 1 - 0.93 * hole - 0.2 * halo * (1 - hole)
    return Marks(
        mask=radius + 0.35 - distance,
        height=-np.float32(0.08) * halo - 0.5 * hole,
        tint=tint,
        gloss=1 - 0.97 * hole,
        dropout=radius + 0.3 - distance,
    )


def _bent_tab(scene: Scene, severity: float, rng: np.random.Generator) -> Marks:
    index = int(rng.integers(2))
    root = rng.uniform(27.8, 30.0)
    along = np.clip((scene.x - np.float32(root)) / np.float32(TAB_END - root), 0, None)
    across = (scene.y - np.float32(TABS[index])) / 4.0
    twist = 1 + np.float32(rng.uniform(-0.45, 0.45)) * across
    lift = np.float32(1.3 + 2.9 * severity) * along**1.6 * twist
    lift = lift * scene.tabs[index] * (1 - scene.film) * (1 - scene.foil)
    return Marks(mask=lift - 0.25, height=lift)


def _hot_spot(scene: Scene, severity: float, rng: np.random.Generator) -> Marks:
    u, v = _local(scene, rng)
    size = rng.uniform(2.2, 3.6)
    shape = np.exp(-((u / (1.2 * size)) ** 2) - (v / size) ** 2)
    shape = shape * smoothstep(1.0, -1.0, scene.cup)
    return Marks(mask=shape - 0.3, heat=np.float32(1.2 + 3.2 * severity) * shape)


#: Every kind of defect by the name of its folder.
DEFECTS: dict[str, Defect] = {
    "dent": Defect(("rgb", "cloud"), _dent),
    "swelling": Defect(("rgb", "cloud"), _swelling),
    "wrinkle": Defect(("rgb", "cloud"), _wrinkle),
    "scratch": Defect(("rgb",), _scratch),
    "electrolyte_stain": Defect(("rgb", "infrared"), _electrolyte_stain),
    "particle": Defect(("rgb", "cloud", "infrared"), _particle),
    "pinhole": Defect(("rgb", "cloud"), _pinhole),
    "bent_tab": Defect(("rgb", "cloud"), _bent_tab),
    "hot_spot": Defect(("infrared",), _hot_spot),
}


def mark(scene: Scene, flaw: Flaw | None) -> Marks:
    """Return what `flaw` does to the cell in `scene`; nothing where there is no flaw."""
    if flaw is None:
        return Marks()
    return DEFECTS[flaw.kind].make(scene, flaw.severity, np.random.default_rng(flaw.seed))
