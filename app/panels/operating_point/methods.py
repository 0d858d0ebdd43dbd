"""The ways in which limits can be chosen, and what each says of its choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.panels.operating_point.model import Group, Scores
from app.text import number, text
from cmdiad_core.inspection import OperatingPoint

if TYPE_CHECKING:
    from cmdiad_core.scoring import Guarantee

Chosen = tuple[OperatingPoint, str]


@dataclass(frozen=True)
class Parameter:
    """A number the user sets.

    Parameters
    ----------
    key : str
        Of its name in the text catalogue.
    value, most : float
        At first, and at most; the least is 0.
    unit : str
        Shown behind it.
    """

    key: str
    value: float
    most: float
    unit: str = ""


@dataclass(frozen=True)
class Method:
    """A way to choose limits.

    Parameters
    ----------
    key : str
        Of its name in the text catalogue.
    needs_defective : bool
        Whether parts known to be defective must be in the queue.
    parameters : sequence of Parameter
        What the user sets.
    choose : callable
        Takes scores by group, the limits of now and the values of the parameters.
    """

    key: str
    needs_defective: bool
    parameters: Sequence[Parameter]
    choose: Callable[[Mapping[Group, Scores], OperatingPoint, Sequence[float]], Chosen]

    def obstacle(self, scores: Mapping[Group, Scores]) -> str:
        """Say why it cannot be used; nothing if it can."""
        if not len(good(scores)):
            return text("choose.no_good")
        if self.needs_defective and not len(scores[Group.DEFECTIVE]):
            return text("choose.no_defective")
        return ""


def good(scores: Mapping[Group, Scores]) -> Scores:
    """Return the scores of all parts known to be good."""
    return np.concatenate([scores[Group.CALIBRATION], scores[Group.GOOD]])


def _by_false_rejects(
    scores: Mapping[Group, Scores], limits: OperatingPoint, values: Sequence[float]
) -> Chosen:
    from cmdiad_core.scoring import limit_false_rejects

    known = scores[Group.CALIBRATION] if len(scores[Group.CALIBRATION]) else scores[Group.GOOD]
    chosen, guarantee = limit_false_rejects(known, values[0] / 100, limits)
    return chosen, _promise("false_rejects", guarantee)


def _by_escapes(
    scores: Mapping[Group, Scores], limits: OperatingPoint, values: Sequence[float]
) -> Chosen:
    from cmdiad_core.scoring import limit_escapes

    chosen, guarantee = limit_escapes(scores[Group.DEFECTIVE], values[0] / 100, limits)
    return chosen, _promise("escapes", guarantee)


def _by_costs(scores: Mapping[Group, Scores], _: OperatingPoint, values: Sequence[float]) -> Chosen:
    from cmdiad_core.scoring import Costs, limit_costs

    false_reject, escape, review, percent = values
    costs = Costs(false_reject, escape, review, percent / 100)
    known, defective = good(scores), scores[Group.DEFECTIVE]
    chosen = limit_costs(known, defective, costs)
    words = text(
        "choose.costs.said",
        cost=number(1000 * costs.expected(chosen, known, defective), ".4g"),
        good=len(known),
        defective=len(defective),
    )
    return chosen, words


def _by_roc(scores: Mapping[Group, Scores], _: OperatingPoint, __: Sequence[float]) -> Chosen:
    from cmdiad_core.scoring import ErrorRates, limit_by_youden

    known, defective = good(scores), scores[Group.DEFECTIVE]
    chosen = limit_by_youden(known, defective)
    rates = ErrorRates.at(chosen, known, defective)
    words = text(
        "choose.roc.said",
        sensitivity=number(1 - rates.escapes.share, ".1%"),
        specificity=number(1 - rates.false_rejects.share, ".1%"),
        good=len(known),
        defective=len(defective),
    )
    return chosen, words


def _promise(method: str, guarantee: Guarantee) -> str:
    kept = "said" if guarantee.holds else "too_few"
    rates = {
        "asked": number(guarantee.asked, ".2%"),
        "promised": number(guarantee.promised, ".2%"),
        "smallest": number(guarantee.smallest, ".2%"),
    }
    return text(f"choose.{method}.{kept}", parts=guarantee.parts, **rates)


METHODS = (
    Method("false_rejects", False, [Parameter("rate", 5.0, 99.0, " %")], _by_false_rejects),
    Method("escapes", True, [Parameter("rate", 5.0, 99.0, " %")], _by_escapes),
    Method(
        "costs",
        True,
        [
            Parameter("false_reject", 10.0, 1e6),
            Parameter("escape", 500.0, 1e6),
            Parameter("review", 2.0, 1e6),
            Parameter("defective_share", 1.0, 100.0, " %"),
        ],
        _by_costs,
    ),
    Method("roc", True, [], _by_roc),
)
