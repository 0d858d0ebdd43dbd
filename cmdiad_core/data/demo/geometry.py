"""The shape of a pouch cell on its fixture: a height field and what lies where."""

from dataclasses import dataclass
from functools import cache
from math import cos, sin

import numpy as np

from cmdiad_core.data.demo.camera import CAMERA, Floats
from cmdiad_core.data.demo.recipe import Part
from cmdiad_core.data.demo.texture import random_field, rounded_box, smoothstep

FOIL = (25.0, 22.0)  #: half size of the foil in mm
CUP = (20.0, 17.8)  #: half size of the formed pocket in mm
CUP_X = -1.5  #: the pocket sits off centre: the seal at the tabs is the wider one
TABS = (-9.0, 9.0)  #: y of the aluminium and of the nickel-plated copper tab in mm
TAB_END = 38.0
_TAB_HALF, _FILM_HALF, _FILM_END = 4.0, 5.6, 27.4
_WALL = 4.6
_EDGE = 0.12  # half of the blur that stands in for the pixels' area, mm


@dataclass(frozen=True)
class Scene:
    """A cell on the fixture, on the fine grid (H * n, W * n), lengths in mm.

    Parameters
    ----------
    x, y : array
        Coordinates along and across the cell, 0 in its middle, tabs at positive x.
    height : array
        Height over the fixture's plane.
    foil, film, tabs : array and pair of arrays
        Share of each grid cell that the pouch, the tab film and each tab cover when seen alone;
        the pouch lies over the film, the film over the tabs.
    cup : array
        Signed distance to the pocket's outline, negative inside.
    holes : array
        1 in the fixture's vacuum holes and screw sockets.
    """

    x: Floats
    y: Floats
    height: Floats
    foil: Floats
    film: Floats
    tabs: tuple[Floats, Floats]
    cup: Floats
    holes: Floats

    @property
    def part(self) -> Floats:
        """Share of each grid cell that the cell covers, from 0 to 1."""
        covered: Floats = np.maximum.reduce([self.foil, self.film, *self.tabs])
        return covered


@cache
def fixture() -> tuple[Floats, Floats, Floats]:
    """Return height in mm, holes and screws of the vacuum plate; the same in every image."""
    x, y = CAMERA.scene_grid()
    rng = np.random.default_rng(771)
    height = 0.012 * random_field(rng, 0.3, 1.2) + 0.008 * random_field(rng, 0.3, 6.0, 14.0)
    # Placed so that no hole shows at an edge of the cell, whose position varies.
    pitch = 10.0
    to_hole = np.hypot((x + 1.0) % pitch - pitch / 2, (y + 5.0) % pitch - pitch / 2)
    holes = smoothstep(0.95, 0.7, to_hole)
    chamfer = smoothstep(1.35, 0.8, to_hole)
    height -= 0.35 * chamfer + 4.0 * holes
    screws = np.zeros_like(height)
    for sx in (-1, 1):
        for sy in (-1, 1):
            px, py = x - 0.3 - sx * 34.6, y + 0.2 - sy * 29.6
            distance = np.hypot(px, py)
            head = smoothstep(3.2, 2.9, distance)
            angle = np.arctan2(py, px) + 0.4 * sx + 0.9 * sy
            hexagon = distance * np.cos((angle % (np.pi / 3)) - np.pi / 6)
            socket = smoothstep(1.45, 1.3, hexagon)
            height = height * (1 - head) + head * (1.1 - 0.25 * smoothstep(2.3, 3.1, distance))
            height -= 1.6 * socket
            holes = np.maximum(holes * (1 - head), socket)
            screws = np.maximum(screws, head)
    return height, holes, screws


def build_scene(part: Part) -> Scene:
    """Shape the cell `part` without its flaw."""
    rng = np.random.default_rng([part.seed, 1])
    u, v = CAMERA.scene_grid()
    du, dv = u - np.float32(part.shift[0]), v - np.float32(part.shift[1])
    x = cos(part.angle) * du + sin(part.angle) * dv
    y = cos(part.angle) * dv - sin(part.angle) * du

    # The foil is cut by a blade that is not perfect.
    cut = 0.05 * random_field(rng, 2.0, 14.0)
    outline = rounded_box(x, y, *FOIL, 1.2)
    foil = smoothstep(_EDGE, -_EDGE, outline + cut)
    cup = rounded_box(x - np.float32(CUP_X), y, *CUP, 4.2)
    seal = smoothstep(0.9, 1.3, cup) * smoothstep(-0.4, -0.7, outline)
    tabs = _tab(x, y, 0), _tab(x, y, 1)
    film_box = [rounded_box(x - 24.0, y - tab, _FILM_END - 24.0, _FILM_HALF, 0.5) for tab in TABS]
    film = smoothstep(_EDGE, -_EDGE, np.minimum(*film_box))

    plate, holes, _ = fixture()
    height = plate
    uneven = 0.012 * random_field(rng, 1.5, 9.0)
    for index, cover in enumerate(tabs):
        along = np.clip((x - FOIL[0]) / (TAB_END - FOIL[0]), 0, 1)
        lift = np.float32(part.tab_lift[index])
        top = 0.85 + lift * along**2 + uneven
        height = height * (1 - cover) + top * cover
    height = height * (1 - film) + film * 1.02
    pouch = _pouch(part, rng, x, y, cup, seal)
    height = height * (1 - foil) + pouch * foil
    on_part = np.maximum.reduce([foil, film, *tabs])
    height += on_part * (np.float32(part.tilt[0]) * x + np.float32(part.tilt[1]) * y)
    return Scene(x, y, height, foil, film, tabs, cup, holes * (1 - on_part))


def _tab(x: Floats, y: Floats, index: int) -> Floats:
    middle, half = (TAB_END + 22.0) / 2, (TAB_END - 22.0) / 2
    box = rounded_box(x - np.float32(middle), y - np.float32(TABS[index]), half, _TAB_HALF, 0.4)
    return smoothstep(_EDGE, -_EDGE, box)


def _pouch(
    part: Part, rng: np.random.Generator, x: Floats, y: Floats, cup: Floats, seal: Floats
) -> Floats:
    """Return the height of the foil's outside, as if it went on beyond its outline."""
    cx = x - np.float32(CUP_X)
    # The rim hangs free: it waves, and rises over the tabs it is sealed around.
    rim = 0.75 + part.warp * random_field(rng, 9.0, 40.0) * smoothstep(-1.0, 5.0, cup)
    for tab in TABS:
        over = smoothstep(5.2, 3.6, np.abs(y - np.float32(tab)))
        rim = rim + 0.16 * over * smoothstep(21.0, 23.5, x)
    emboss = np.sin(4.6 * (x + y)) * np.sin(4.6 * (x - y))
    rim = rim + seal * (0.026 * emboss - 0.05)

    wall = smoothstep(0.3, -_WALL, cup + 0.09 * random_field(rng, 4.0, 16.0))
    dome = np.clip(1 - (cx / CUP[0]) ** 2, 0, 1) * np.clip(1 - (y / CUP[1]) ** 2, 0, 1)
    body = part.thickness * wall + part.pillow * np.sqrt(dome) * wall
    inside = smoothstep(-3.0, -5.4, cup)
    # The electrode stack and the tapes that hold it show through the evacuated foil.
    shoulder = np.exp(-(((cup + 5.2) / 0.6) ** 2))
    body += 0.05 * shoulder * (1 + 0.4 * random_field(rng, 3.0, 20.0))
    for side, at in ((-1, rng.normal(-7.5, 0.6)), (1, rng.normal(6.0, 0.6))):
        tape = rounded_box(cx - np.float32(at), y - np.float32(side * 14.0), 3.2, 4.6, 0.4)
        body += 0.045 * smoothstep(0.25, -0.25, tape) * inside
    body += inside * 0.042 * random_field(rng, 6.0, 26.0)
    body += _creases(part, rng, cx, y, cup)
    # Satin foil: rolled along x, crumpled a little wherever it is not stretched.
    grain = 0.0022 * random_field(rng, 0.35, 1.6, 2.5)
    crumple = 0.005 * random_field(rng, 0.8, 4.0)
    pouch: Floats = rim + body + grain + crumple * (0.5 + smoothstep(-6.0, -1.0, cup))
    return pouch


def _creases(part: Part, rng: np.random.Generator, cx: Floats, y: Floats, cup: Floats) -> Floats:
    """Return the gathers at the pocket's corners and a few soft pleats, in mm."""
    px, py = np.abs(cx) - np.float32(CUP[0] - 4.2), np.abs(y) - np.float32(CUP[1] - 4.2)
    corner = smoothstep(0.0, 2.5, px) * smoothstep(0.0, 2.5, py)
    phase = 2.5 * random_field(rng, 4.0, 14.0)
    gathers = np.sin(11 * np.arctan2(py, px) + phase) * np.exp(-(((cup + 0.6) / 2.0) ** 2))
    total: Floats = 0.07 * corner * gathers
    for _ in range(int(rng.poisson(2.0))):
        angle, offset = rng.normal(0.0, 0.5), rng.uniform(-16, 16)
        across = cos(angle) * y - sin(angle) * cx - offset + 0.3 * phase
        along = cos(angle) * cx + sin(angle) * y - rng.uniform(-15, 15)
        ridge = np.exp(-((across / 0.6) ** 2) - (along / rng.uniform(3, 7)) ** 2)
        total = total + np.float32(rng.uniform(0.004, 0.03)) * ridge * smoothstep(0.0, -3.0, cup)
    return total
