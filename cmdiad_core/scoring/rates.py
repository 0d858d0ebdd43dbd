"""How often parts are judged wrongly, and how sure that is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.inspection import OperatingPoint

#: With what confidence bounds are given.
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Rate:
    """How many of so many parts.

    Parameters
    ----------
    count, total : int
        Parts of the kind that is counted, and all that were looked at.
    """

    count: int
    total: int

    @property
    def share(self) -> float:
        """The share seen; 0 where there were no parts."""
        return self.count / self.total if self.total else 0.0

    @property
    def at_most(self) -> float:
        """The one-sided upper bound of the true share at `CONFIDENCE`.

        Exact for any number of parts (Clopper and Pearson, Biometrika 26, 1934).
        """
        if self.count >= self.total:
            return 1.0
        from scipy.special import betaincinv

        return float(betaincinv(self.count + 1, self.total - self.count, CONFIDENCE))


@dataclass(frozen=True)
class ErrorRates:
    """What an operating point does to parts whose truth is known.

    Parameters
    ----------
    false_rejects, escapes : Rate
        Good parts that are rejected, defective parts that are accepted.
    """

    false_rejects: Rate
    escapes: Rate

    @classmethod
    def at(
        cls,
        limits: OperatingPoint,
        good: NDArray[np.floating],
        defective: NDArray[np.floating],
    ) -> "ErrorRates":
        """Count the errors on the scores of good parts (n,) and of defective parts (m,)."""
        return cls(
            Rate(int((good >= limits.reject_from).sum()), len(good)),
            Rate(int((defective < limits.accept_below).sum()), len(defective)),
        )
