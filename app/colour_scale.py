"""The colours of anomaly maps: absolute, one scale for all maps of a model."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.inspection import OperatingPoint

Colours = NDArray[np.uint8]
STEPS = 512
#: Colour maps that may be chosen: even in brightness first; jet, which is not, last.
COLOUR_MAPS = ("cividis", "viridis", "magma", "inferno", "gray", "jet")
#: Blue over white to ochre, for any colour vision (Kovesi, Good colour maps, 2015).
DIVERGING = "CET-CBD1"
_OF_MATPLOTLIB = ("gray", "jet")


@cache
def colour_map(name: str) -> Colours:
    """Return the colours (512, 3) of one of `COLOUR_MAPS` or of `DIVERGING`, lowest score first."""
    import pyqtgraph

    source = "matplotlib" if name in _OF_MATPLOTLIB else None
    found = pyqtgraph.colormap.get(name, source=source)
    table: Colours = found.getLookupTable(nPts=STEPS, alpha=False)
    return table


@cache
def _solid(name: str) -> NDArray[np.uint32]:
    opaque = np.full((STEPS, 1), 255, np.uint8)
    return np.ascontiguousarray(np.hstack([colour_map(name), opaque])).view(np.uint32)[:, 0]


@dataclass(frozen=True)
class ColourScale:
    """Scores as colours.

    Parameters
    ----------
    low, high : float
        Scores of the first and the last colour; fixed per model.
    limits : OperatingPoint or None
        Nothing is drawn below its accept limit. None draws everything.
    name : str
        The colour map.
    """

    low: float
    high: float
    limits: OperatingPoint | None = None
    name: str = COLOUR_MAPS[0]

    def position(self, score: float) -> float:
        """Return where on the scale a score lies, 0 to 1."""
        return min(max((score - self.low) / (self.high - self.low), 0.0), 1.0)

    def table(self) -> Colours:
        """Return red, green, blue, alpha of each step (512, 4)."""
        scores = np.linspace(self.low, self.high, STEPS)
        alpha = np.where(self.draws(scores), np.uint8(255), np.uint8(0))
        return np.hstack([colour_map(self.name), alpha[:, None]])

    def colours(self, scores: NDArray[np.floating]) -> Colours:
        """Return the colour of each score (..., 3), whether it is drawn or not."""
        share = (np.nan_to_num(scores, nan=self.low) - self.low) / (self.high - self.low)
        steps = np.clip(share * STEPS, 0, STEPS - 1).astype(np.intp)
        return np.asarray(colour_map(self.name)[steps])

    def drawn(self, scores: NDArray[np.float32]) -> Colours:
        """Return red, green, blue, alpha of each score (..., 4); all 0 where it is not drawn."""
        share = np.subtract(scores, self.low, dtype=np.float32)
        share /= np.float32(self.high - self.low)
        share *= np.float32(STEPS)
        # These, unlike clip, make a number of NaN.
        np.fmax(share, np.float32(0), out=share)
        np.fmin(share, np.float32(STEPS - 1), out=share)
        # A colour as one number is found and cleared four times as fast as byte by byte.
        pixels = _solid(self.name)[share.astype(np.uint16)]
        pixels *= self.draws(scores)
        return pixels.view(np.uint8).reshape(*scores.shape, 4)

    def draws(self, scores: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Return whether each score is drawn at all."""
        if self.limits is None:
            return np.asarray(np.isfinite(scores))
        # NaN is below every limit.
        return np.asarray(scores >= np.asarray(self.limits.accept_below, scores.dtype))

    def colours_as(self, other: "ColourScale | None") -> bool:
        """Return whether every score has the same colour as on another scale."""
        return other is not None and (self.low, self.high, self.name) == (
            other.low,
            other.high,
            other.name,
        )
