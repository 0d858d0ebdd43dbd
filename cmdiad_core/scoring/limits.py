"""Choosing the operating point: four ways from known scores to limits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.scoring.rates import Rate

Scores = NDArray[np.floating]

#: 30 times 0.1 must be 3.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Guarantee:
    """What a choice of limits promises of parts to come.

    Parameters
    ----------
    asked : float
        The largest rate of errors that was asked for.
    promised : float
        The rate that holds.
    smallest : float
        The smallest rate that this many parts can promise.
    parts : int
        How many parts it rests on.
    """

    asked: float
    promised: float
    smallest: float
    parts: int

    @property
    def holds(self) -> bool:
        """Whether there are enough parts for what was asked."""
        return self.promised <= self.asked + _ROUNDING


@dataclass(frozen=True)
class Costs:
    """What errors and reviews cost, all in one currency, and how often parts are defective.

    Parameters
    ----------
    false_reject, escape, review : float
        Of one good part that is rejected, one defective part that is accepted, one undecided
        part that somebody looks at.
    defective_share : float
        Share of defective parts in the production, 0 to 1: among the parts whose truth is known
        there are usually far more.
    """

    false_reject: float
    escape: float
    review: float
    defective_share: float

    def expected(self, limits: OperatingPoint, good: Scores, defective: Scores) -> float:
        """Return the mean cost of a part at these limits.

        Parameters
        ----------
        limits : OperatingPoint
            The limits.
        good, defective : array (n,), (m,)
            Scores of parts whose truth is known, at least one of each.
        """
        rejected = np.mean(good >= limits.reject_from)
        accepted = np.mean(good < limits.accept_below)
        escaped = np.mean(defective < limits.accept_below)
        caught = np.mean(defective >= limits.reject_from)
        good_part = self.false_reject * rejected + self.review * (1 - rejected - accepted)
        bad_part = self.escape * escaped + self.review * (1 - escaped - caught)
        return float((1 - self.defective_share) * good_part + self.defective_share * bad_part)


def limit_false_rejects(
    good: Scores, rate: float, limits: OperatingPoint
) -> tuple[OperatingPoint, Guarantee]:
    """Move the reject limit to where at most `rate` of good parts are rejected.

    Conformal: if parts to come are like those in `good`, the rate holds whatever the scores'
    distribution. No rate below 1 / (n + 1) can be promised; the limit is then above all scores.

    Parameters
    ----------
    good : array (n,)
        Scores of good parts the model did not learn from.
    rate : float
        Between 0 and 1.
    limits : OperatingPoint
        The limits of now; the accept limit stays, unless the reject limit falls below it.
    """
    rank = max(int(np.floor((len(good) + 1) * rate + _ROUNDING)), 1)
    rank = min(rank, len(good))
    # Just above the score: a part to come with the same score is as good as that one was.
    reject_from = float(np.nextafter(float(np.sort(good)[-rank]), np.inf))
    smallest = 1 / (len(good) + 1)
    chosen = OperatingPoint(min(limits.accept_below, reject_from), reject_from)
    return chosen, Guarantee(rate, rank * smallest, smallest, len(good))


def limit_escapes(
    defective: Scores, rate: float, limits: OperatingPoint
) -> tuple[OperatingPoint, Guarantee]:
    """Move the accept limit as high as it goes while at most `rate` of defective parts pass.

    The limit is a score among `defective`. That with j - 1 lower ones has a share of defects
    below it whose distribution is Beta(j, m - j + 1) (Wilks, Ann. Math. Stat. 12, 1941): its
    upper bound is that of Clopper and Pearson for j - 1 escapes and holds although the limit was
    chosen on the same parts. Too few parts for `rate` put the limit at the lowest score.

    Parameters
    ----------
    defective : array (m,)
        Scores of defective parts.
    rate : float
        Between 0 and 1; holds at `rates.CONFIDENCE`.
    limits : OperatingPoint
        The limits of now; the reject limit stays, unless the accept limit rises above it.
    """
    total = len(defective)
    bounds = np.array([Rate(escapes, total).at_most for escapes in range(total)])
    escapes = max(int(np.searchsorted(bounds, rate + _ROUNDING, side="right")) - 1, 0)
    accept_below = float(np.sort(defective)[escapes])
    chosen = OperatingPoint(accept_below, max(limits.reject_from, accept_below))
    return chosen, Guarantee(rate, float(bounds[escapes]), float(bounds[0]), total)


def limit_known_defects(
    defective: Scores, stopped: Scores, rate: float, limits: OperatingPoint
) -> tuple[OperatingPoint, Guarantee]:
    """Move the accept limit to what confirmed defects say.

    With enough of them it is that of `limit_escapes`; with fewer the limit of now stays. Either
    way it does not rise above a defect that was stopped before, and never falls below 0, the
    score of the median good part: a defect that looks like most good parts is not caught by a
    limit.

    Parameters
    ----------
    defective : array (m,)
        Scores of all confirmed defects, at least one.
    stopped : array (k,)
        Of those among them that the model before did not accept.
    rate : float
        The largest rate of escapes that is asked for.
    limits : OperatingPoint
        The limits of now.
    """
    chosen, guarantee = limit_escapes(defective, rate, limits)
    if not guarantee.holds:
        chosen = limits
    accept = min([chosen.accept_below, *stopped.tolist()])
    accept = max(accept, min(limits.accept_below, 0.0))
    return OperatingPoint(accept, max(limits.reject_from, accept)), guarantee


def limit_costs(good: Scores, defective: Scores, costs: Costs) -> OperatingPoint:
    """Return the limits at which a part costs least on average.

    Parameters
    ----------
    good, defective : array (n,), (m,)
        Scores of parts whose truth is known, at least one of each.
    costs : Costs
        What errors cost; none of it below 0.
    """
    between = _between(good, defective)
    good_below, bad_below = (_shares_below(scores, between) for scores in (good, defective))
    share = costs.defective_share
    # A limit only changes what lies on one side of it, so that the cost is a sum of two terms.
    accepting = share * (costs.escape - costs.review) * bad_below
    accepting -= (1 - share) * costs.review * good_below
    rejecting = (1 - share) * (costs.false_reject - costs.review) * (1 - good_below)
    rejecting -= share * costs.review * (1 - bad_below)
    # The best accept limit for each reject limit, which it may not exceed.
    lowest = np.minimum.accumulate(accepting)
    reject = int(np.argmin(lowest + rejecting))
    accept = int(np.argmin(accepting[: reject + 1]))
    return OperatingPoint(float(between[accept]), float(between[reject]))


def limit_by_youden(good: Scores, defective: Scores) -> OperatingPoint:
    """Return one limit for both: the point of the ROC curve farthest above its diagonal.

    It maximises sensitivity plus specificity (Youden, Cancer 3, 1950); nothing is undecided.

    Parameters
    ----------
    good, defective : array (n,), (m,)
        Scores of parts whose truth is known, at least one of each.
    """
    between = _between(good, defective)
    index = _shares_below(good, between) - _shares_below(defective, between)
    limit = float(between[int(np.argmax(index))])
    return OperatingPoint(limit, limit)


def _between(good: Scores, defective: Scores) -> NDArray[np.float64]:
    """Return every limit that differs in effect: below, midway between and above the scores."""
    scores = np.unique(np.concatenate([good, defective]).astype(np.float64))
    middles = (scores[:-1] + scores[1:]) / 2
    return np.concatenate([scores[:1], middles, [np.nextafter(scores[-1], np.inf)]])


def _shares_below(scores: Scores, limits: NDArray[np.float64]) -> NDArray[np.float64]:
    below = np.searchsorted(np.sort(scores.astype(np.float64)), limits, side="left")
    return np.asarray(below / len(scores), np.float64)
