"""Random fields: everything in the demo that no ruler has drawn."""

from functools import cache

import numpy as np
from scipy import fft

from cmdiad_core.data.demo.camera import CAMERA, OVERSAMPLING, Floats

SHAPE = (CAMERA.height * OVERSAMPLING, CAMERA.width * OVERSAMPLING)


@cache
def _spectrum(shortest: float, longest: float, stretch: float) -> Floats:
    """Return a band-pass over the wavelengths between two limits in mm, (H, W / 2 + 1)."""
    vertical = fft.fftfreq(SHAPE[0], CAMERA.step)[:, None]
    horizontal = fft.rfftfreq(SHAPE[1], CAMERA.step)[None, :] * stretch
    frequency = np.hypot(vertical, horizontal)
    band = np.exp(-((frequency * shortest) ** 2)) * -np.expm1(-((frequency * longest) ** 2))
    # Longer waves are higher: what nature does to crumpled, cast and rolled surfaces.
    band /= np.maximum(frequency, 1 / longest)
    weight = np.full(band.shape, 2.0)
    weight[:, 0] = 1.0
    power = np.sum(weight * band**2) / (SHAPE[0] * SHAPE[1])
    spectrum: Floats = (band / np.sqrt(power)).astype(np.float32)
    return spectrum


def random_field(
    rng: np.random.Generator, shortest: float, longest: float, stretch: float = 1.0
) -> Floats:
    """Draw a smooth random field on the fine grid.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    shortest, longest : float
        Wavelengths in mm between which the field has its energy.
    stretch : float
        How much longer the waves are along x than along y.

    Returns
    -------
    array
        float32 (H * n, W * n) with mean 0 and standard deviation near 1.
    """
    # Long waves need few random numbers: the rest of their spectrum is empty.
    coarse = 4 if shortest >= 3 else 1
    rows, columns = SHAPE[0] // coarse, SHAPE[1] // coarse
    white = fft.rfft2(rng.standard_normal((rows, columns), dtype=np.float32)) * coarse
    band = _spectrum(shortest, longest, stretch)
    spectrum = np.zeros(band.shape, np.complex64)
    for part in (np.s_[: rows // 2], np.s_[-(rows // 2) :]):
        spectrum[part, : white.shape[1]] = white[part] * band[part, : white.shape[1]]
    field: Floats = fft.irfft2(spectrum, s=SHAPE)
    return field


def smoothstep(low: float, high: float, values: Floats) -> Floats:
    """Rise softly from 0 at `low` to 1 at `high`; falls where `low` is above `high`."""
    t: Floats = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    return t * t * (3 - 2 * t)


def rounded_box(x: Floats, y: Floats, half_x: float, half_y: float, radius: float) -> Floats:
    """Return the signed distance in mm to a rounded rectangle around 0, negative inside."""
    qx = np.abs(x) - np.float32(half_x - radius)
    qy = np.abs(y) - np.float32(half_y - radius)
    outside = np.hypot(np.maximum(qx, 0), np.maximum(qy, 0))
    distance: Floats = outside + np.minimum(np.maximum(qx, qy), 0) - np.float32(radius)
    return distance
