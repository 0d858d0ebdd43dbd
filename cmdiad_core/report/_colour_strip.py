"""The colour bar of a page: drawn by the browser, so that it is sharp at any size."""

from dataclasses import dataclass

from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.report._colours import Scale, cividis

_STOPS = 16


@dataclass(frozen=True)
class ColourStrip:
    """Where things lie on a horizontal colour bar.

    Parameters
    ----------
    scale : (float, float)
        Scores at its ends.
    limits : OperatingPoint
        Marked on it; nothing is drawn below the accept limit.
    """

    scale: Scale
    limits: OperatingPoint

    def percent(self, score: float) -> str:
        """Return how far from the left end a score lies, 0 to 100; beyond the ends, the end."""
        low, high = self.scale
        share = (score - low) / (high - low) if score == score else 0.0
        return f"{100 * min(max(share, 0.0), 1.0):.2f}"

    @property
    def gradient(self) -> str:
        """The colours, as the stops of a gradient in CSS."""
        stops = cividis()[:: 255 // (_STOPS - 1)]
        return ", ".join("#" + bytes(colour).hex() for colour in stops)
