"""The paper's decision layer: a linear one-class support vector machine."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class OneClassSVM:
    """A weighted sum of the scores of several sources (CMDIAD, decision layer; as in M3DM).

    Parameters
    ----------
    coefficients : array (sources,)
        Weight of each source.
    offset : float
        What the sum is compared with; it does not change any ranking.
    """

    coefficients: Scores
    offset: float

    @classmethod
    def fit(cls, scores: Scores) -> "OneClassSVM":
        """Learn the weights from scores (n, sources) of normal parts or of their pixels.

        Stochastic gradient descent with nu 0.5, 1000 iterations and seed 42.
        """
        from sklearn.linear_model import SGDOneClassSVM

        fitted = SGDOneClassSVM(nu=0.5, max_iter=1000, random_state=42).fit(scores)
        return cls(np.asarray(fitted.coef_, np.float64), float(fitted.offset_[0]))

    def __call__(self, scores: NDArray[np.floating]) -> Scores:
        """Return anomaly scores (...) of scores (..., sources), larger is more anomalous."""
        return np.asarray(scores @ self.coefficients, np.float64)
