"""What anomaly scores good parts get, by availability pattern."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class ScoreCalibration:
    """Scores of good parts outside the bank, for one availability pattern.

    Parameters
    ----------
    raw : array (n,)
        Largest fused deviation of each good part.
    rate : float
        The false-reject rate whose limit is to be the score 1.
    """

    raw: Scores
    rate: float

    @property
    def median(self) -> float:
        """Raw value that becomes the score 0."""
        return float(np.median(self.raw))

    @property
    def limit(self) -> float:
        """Raw value that becomes the score 1: the conformal limit at `rate`.

        With n good parts no rate below 1 / (n + 1) can be promised; the largest good score is
        the limit then.
        """
        rank = int(np.ceil((len(self.raw) + 1) * (1 - self.rate)))
        return float(np.sort(self.raw)[min(rank, len(self.raw)) - 1])

    def score(self, raw: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return raw deviations on the common scale: 0 median good part, 1 rejection limit."""
        span = max(self.limit - self.median, 0.05 * abs(self.median), 1e-6)
        return np.asarray((raw - self.median) / span, np.float32)

    @property
    def scores(self) -> NDArray[np.float32]:
        """The good parts' own scores, (n,)."""
        return self.score(self.raw)

    def p_value(self, score: float) -> float:
        """Return the conformal p-value of a score: (1 + good parts at least as high) / (n + 1)."""
        return float((1 + np.sum(self.scores >= np.float32(score))) / (len(self.raw) + 1))
