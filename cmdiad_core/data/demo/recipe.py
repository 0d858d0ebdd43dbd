"""What differs from one pouch cell to the next, drawn once before anything is rendered."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Flaw:
    """One defect of one part.

    Parameters
    ----------
    kind : str
        A name in `DEFECTS`.
    severity : float
        0 is hard to find, 1 is obvious.
    seed : int
        Decides place and shape.
    """

    kind: str
    severity: float
    seed: int


@dataclass(frozen=True)
class Part:
    """One cell as it lies on the fixture when it is recorded.

    Parameters
    ----------
    seed : int
        Decides its fine structure: foil texture, scuffs, dust, creases.
    shift : (float, float)
        Position of the cell's centre in mm.
    angle : float
        Rotation in the plane of the fixture in radians.
    tilt : (float, float)
        Slope of the cell against the fixture along x and y.
    thickness, pillow, warp : float
        Height of the body, of its soft middle and of the rim's waviness in mm.
    tab_lift : (float, float)
        Height of the tips of the two tabs over their roots in mm.
    serial : int
        Printed number.
    ink, ink_shift : float, (float, float)
        Strength of the print (1 = full) and its misplacement in mm.
    wear : float
        Amount of scuffs and dust, 1 = usual.
    exposure, balance, light_shift : float, (float, float, float), (float, float)
        Brightness, gains of red, green and blue, displacement of the lamps in mm.
    ambient, heating : float
        Temperature of the room in degrees Celsius, of the cell's core above it in kelvin.
    flaw : Flaw or None
        The defect, if it has one.
    """

    seed: int
    shift: tuple[float, float]
    angle: float
    tilt: tuple[float, float]
    thickness: float
    pillow: float
    warp: float
    tab_lift: tuple[float, float]
    serial: int
    ink: float
    ink_shift: tuple[float, float]
    wear: float
    exposure: float
    balance: tuple[float, float, float]
    light_shift: tuple[float, float]
    ambient: float
    heating: float
    flaw: Flaw | None = None


def draw_part(rng: np.random.Generator, flaw: Flaw | None = None) -> Part:
    """Draw a cell out of the normal production.

    Parameters
    ----------
    rng : Generator
        Source of randomness; the same number of draws with and without a flaw.
    flaw : Flaw or None
        The defect it is to have.
    """

    def normal(mean: float, deviation: float) -> float:
        return float(mean + deviation * np.clip(rng.standard_normal(), -2.5, 2.5))

    return Part(
        seed=int(rng.integers(2**31)),
        shift=(normal(-6.2, 0.5), normal(0.0, 0.6)),
        angle=normal(0.0, 0.016),
        tilt=(normal(0.0, 0.002), normal(0.0, 0.002)),
        thickness=normal(3.3, 0.07),
        pillow=normal(0.42, 0.07),
        warp=normal(0.16, 0.04),
        tab_lift=(normal(0.25, 0.1), normal(0.25, 0.1)),
        serial=int(rng.integers(10_000, 99_999)),
        ink=normal(0.86, 0.05),
        ink_shift=(normal(0.0, 0.2), normal(0.0, 0.2)),
        wear=float(rng.gamma(4.0, 0.25)),
        exposure=normal(1.0, 0.02),
        balance=(normal(1.0, 0.012), 1.0, normal(1.0, 0.015)),
        light_shift=(normal(0.0, 4.0), normal(0.0, 4.0)),
        ambient=normal(22.5, 0.5),
        heating=normal(11.0, 0.7),
        flaw=flaw,
    )
