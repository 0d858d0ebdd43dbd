"""Scores as colours: one fixed scale for all parts of a model."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.uint8]


class ColourScale(NamedTuple):
    """Which colour a score has.

    Parameters
    ----------
    low, high : float
        Anomaly scores of the first and the last colour.
    colour_map : str
        Its name in Matplotlib; by default dark blue to yellow, readable with any colour vision.
    """

    low: float
    high: float
    colour_map: str = "cividis"

    @property
    def table(self) -> Colours:
        """The colours (256, 3) in even steps of the score."""
        return _table(self.colour_map)

    def colours(self, scores: NDArray[np.floating]) -> Colours:
        """Return the colour (..., 3) of each score; beyond an end of the scale, that of the end."""
        if not self.low < self.high:
            raise ValueError(f"a colour scale runs from low to high, got {self}")
        share = (np.nan_to_num(scores, nan=self.low) - self.low) / (self.high - self.low)
        steps = np.clip(np.round(share * 255), 0, 255).astype(np.intp)
        chosen: Colours = self.table[steps]
        return chosen


@cache
def _table(name: str) -> Colours:
    from matplotlib import colormaps

    table: Colours = colormaps[name](np.arange(256), bytes=True)[:, :3]
    return table
