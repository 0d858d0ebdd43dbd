"""How long things in a picture are: in millimetres where the part has a metric cloud."""

import math
from dataclasses import dataclass

import numpy as np

from cmdiad_core.modalities import Kind, modalities
from cmdiad_core.report._words import millimetres
from cmdiad_core.sample import Sample
from cmdiad_core.text import localised, text

#: Largest share of the picture that a scale bar covers.
_MOST = 0.3


@dataclass(frozen=True)
class Length:
    """The width of a picture.

    Parameters
    ----------
    pixels : int
        Columns of its grid.
    millimetres : float or None
        The same on the part; None where nothing metric was measured on this grid.
    """

    pixels: int
    millimetres: float | None

    @property
    def words(self) -> str:
        """The width as a caption says it."""
        if self.millimetres is None:
            return text("report.width.px", width=self.pixels)
        return text("report.width.mm", width=millimetres(self.millimetres))

    def bar(self) -> tuple[float, str]:
        """Return the share of the width that a scale bar covers, and its label."""
        whole = self.pixels if self.millimetres is None else self.millimetres
        power = 10.0 ** math.floor(math.log10(_MOST * whole))
        steps = [step * power for step in (1, 2, 5)]
        round_length = max((step for step in steps if step <= _MOST * whole), default=power)
        if self.millimetres is None:
            # No bar is shorter than a pixel.
            round_length = max(round_length, 1.0)
            return round_length / whole, text("report.size.px", area=f"{round_length:g}")
        return round_length / whole, localised(f"{round_length:g} mm")


def width_of(sample: Sample, name: str) -> Length:
    """Return how wide the picture of the modality `name` is.

    A camera sees what is farther away smaller: the length is that at the median point.
    """
    pixels = int(sample.measured[name].shape[1])
    clouds = [n for n in sample.measured if modalities()[n].kind is Kind.CLOUD]
    on_grid = [n for n in clouds if sample.registered or n == name]
    if not sample.metric or not on_grid:
        return Length(pixels, None)
    cloud = sample.measured[on_grid[0]]
    steps = np.hypot(*np.moveaxis(np.diff(cloud[..., :2], axis=1), -1, 0))
    known = steps[np.isfinite(steps)]
    step = float(np.median(known)) if known.size else 0.0
    return Length(pixels, 1000 * step * pixels if step > 0 else None)
