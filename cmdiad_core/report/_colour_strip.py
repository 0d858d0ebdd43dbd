"""The colour bar of a report: drawn by whoever shows it, so that it is sharp at any size."""

from dataclasses import dataclass

from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.report.colour_scale import ColourScale

_STOPS = 16


@dataclass(frozen=True)
class ColourStrip:
    """Where things lie on a horizontal colour bar.

    Parameters
    ----------
    scale : ColourScale
        Scores at its ends.
    limits : OperatingPoint
        Marked on it; nothing is drawn below the accept limit.
    """

    scale: ColourScale
    limits: OperatingPoint

    def share(self, score: float) -> float:
        """Return how far from the left end a score lies, 0 to 1; beyond the ends, the end."""
        low, high = self.scale.low, self.scale.high
        share = (score - low) / (high - low) if score == score else 0.0
        return min(max(share, 0.0), 1.0)

    def percent(self, score: float) -> str:
        """Return the same as CSS has it, 0 to 100."""
        return f"{100 * self.share(score):.2f}"

    @property
    def stops(self) -> list[str]:
        """Colours in equal steps from the left end to the right one, ``"#rrggbb"``."""
        return ["#" + bytes(colour).hex() for colour in self.scale.table[:: 255 // (_STOPS - 1)]]

    @property
    def gradient(self) -> str:
        """The colours, as the stops of a gradient in CSS."""
        return ", ".join(self.stops)
