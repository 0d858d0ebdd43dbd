"""How far people agree with each other, with the model and with the truth."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from cmdiad_core.edits import PersonVerdict
from cmdiad_core.inspection import Verdict
from cmdiad_core.scoring.rates import CONFIDENCE, Rate

Part = TypeVar("Part", bound=Hashable)

#: What a person's unsure is to the model.
SAME = {
    Verdict.ACCEPT: PersonVerdict.ACCEPT,
    Verdict.UNDECIDED: PersonVerdict.UNSURE,
    Verdict.REJECT: PersonVerdict.REJECT,
}


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa of two sequences of verdicts.

    Parameters
    ----------
    value : float or None
        1 for complete agreement, 0 for that of chance; None where all verdicts are the same, so
        that chance explains everything.
    low, high : float or None
        Its interval at `cmdiad_core.scoring.rates.CONFIDENCE`.
    agreed : Rate
        Parts with the same verdict among all parts.
    """

    value: float | None
    low: float | None
    high: float | None
    agreed: Rate


@dataclass(frozen=True)
class Agreement:
    """Two who judged the same parts.

    Parameters
    ----------
    first, second : str
        Who.
    kappa : Kappa
        How far they agree.
    """

    first: str
    second: str
    kappa: Kappa


@dataclass(frozen=True)
class Inspector:
    """One person, or the model, against the truth.

    Parameters
    ----------
    name : str
        Who.
    misses : Rate
        Accepted parts among the defective ones.
    false_alarms : Rate
        Rejected parts among the good ones.
    unsure : Rate
        Unsure verdicts among all.
    """

    name: str
    misses: Rate
    false_alarms: Rate
    unsure: Rate


def kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> Kappa:
    """Return how far two agree, beyond chance.

    (p - e) / (1 - e), where p is the share of parts with the same verdict and e the one that two
    with these habits would reach by chance (Cohen, Educ. Psychol. Meas. 20, 1960). The interval
    is the exact one of p put in its place, e held: it does not shrink to a point where a few
    parts happened to agree completely.

    Parameters
    ----------
    first, second : sequence (n,)
        Their verdicts on the same parts, at least one.
    """
    total = len(first)
    agreed = Rate(sum(a == b for a, b in zip(first, second, strict=True)), total)
    habits, others = Counter(first), Counter(second)
    chance = sum(habits[one] * others[one] for one in habits) / total**2
    if chance == 1:
        return Kappa(None, None, None, agreed)
    low, high = interval(agreed)
    value, low, high = ((one - chance) / (1 - chance) for one in (agreed.share, low, high))
    return Kappa(value, low, high, agreed)


def interval(rate: Rate) -> tuple[float, float]:
    """Return the two-sided interval of a share (Clopper and Pearson, Biometrika 26, 1934)."""
    from scipy.special import betaincinv

    count, rest, tail = rate.count, rate.total - rate.count, (1 - CONFIDENCE) / 2
    low = float(betaincinv(count, rest + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, rest, 1 - tail)) if rest else 1.0
    return low, high


def pairs(verdicts: Mapping[str, Mapping[Part, PersonVerdict]]) -> tuple[Agreement, ...]:
    """Return how far every two agree on the parts that both judged, by name.

    Parameters
    ----------
    verdicts : mapping of str to mapping
        Verdict by part, by person.
    """
    found = []
    for first, second in combinations(sorted(verdicts), 2):
        if (one := against(first, verdicts[first], second, verdicts[second])) is not None:
            found.append(one)
    return tuple(found)


def against(
    name: str,
    verdicts: Mapping[Part, PersonVerdict],
    other: str,
    others: Mapping[Part, PersonVerdict],
) -> Agreement | None:
    """Return how far two agree on the parts that both judged; None where there are none."""
    both = [part for part in verdicts if part in others]
    if not both:
        return None
    return Agreement(
        name, other, kappa([verdicts[one] for one in both], [others[one] for one in both])
    )


def inspector(
    name: str,
    verdicts: Mapping[Part, PersonVerdict],
    defective: Mapping[Part, bool],
) -> Inspector:
    """Return the rates of errors of one who judged parts.

    Parameters
    ----------
    name : str
        Who.
    verdicts : mapping
        Their verdicts by part.
    defective : mapping
        The truth by part, as far as it is known.
    """
    bad = [v for part, v in verdicts.items() if defective.get(part) is True]
    good = [v for part, v in verdicts.items() if defective.get(part) is False]
    unsure = list(verdicts.values()).count(PersonVerdict.UNSURE)
    return Inspector(
        name,
        Rate(bad.count(PersonVerdict.ACCEPT), len(bad)),
        Rate(good.count(PersonVerdict.REJECT), len(good)),
        Rate(unsure, len(verdicts)),
    )
