"""The colours of anomaly maps: absolute, one scale for all maps of a model."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.inspection import OperatingPoint

Colours = NDArray[np.uint8]
STEPS = 512


@cache
def cividis() -> Colours:
    """Return the colour map (512, 3): dark blue to yellow, readable with any colour vision."""
    import pyqtgraph

    table: Colours = pyqtgraph.colormap.get("cividis").getLookupTable(nPts=STEPS, alpha=False)
    return table


@dataclass(frozen=True)
class ColourScale:
    """Scores as colours.

    Parameters
    ----------
    low, high : float
        Scores of the first and the last colour; fixed per model.
    limits : OperatingPoint or None
        Nothing is drawn below its accept limit. None draws everything.
    """

    low: float
    high: float
    limits: OperatingPoint | None = None

    def position(self, score: float) -> float:
        """Return where on the scale a score lies, 0 to 1."""
        return min(max((score - self.low) / (self.high - self.low), 0.0), 1.0)

    def table(self) -> Colours:
        """Return red, green, blue, alpha of each step (512, 4)."""
        alpha = np.full((STEPS, 1), 255, np.uint8)
        if self.limits is not None:
            scores = np.linspace(self.low, self.high, STEPS)
            alpha[scores < self.limits.accept_below] = 0
        return np.hstack([cividis(), alpha])

    def colours(self, scores: NDArray[np.float32]) -> tuple[Colours, NDArray[np.bool_]]:
        """Return the colour of each score (..., 3) and whether it is drawn at all (...)."""
        share = (np.nan_to_num(scores, nan=self.low) - self.low) / (self.high - self.low)
        steps = np.clip(share * STEPS, 0, STEPS - 1).astype(np.intp)
        drawn = np.isfinite(scores)
        if self.limits is not None:
            drawn &= scores >= self.limits.accept_below
        return cividis()[steps], drawn
