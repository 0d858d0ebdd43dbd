"""Which accepted parts to measure near-line, with the slow sensors, within a budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.inspection import Inspection, Verdict
from cmdiad_core.progress import Progress, silent

Vector = NDArray[np.float32]
Numbers = NDArray[np.float64]

#: Percentile of the map that says how unusual a part is: a defect that is faint but wide lifts it
#: more than the highest place, which every part has somewhere.
_WIDE = 99


class Reason(StrEnum):
    """Why a part should be measured near-line."""

    UNUSUAL = "unusual"
    NEAR_LIMIT = "near the limit"
    DISAGREEING = "disagreeing"


#: How much each reason counts; found on demo seeds 101 and 102.
_WEIGHTS = {Reason.UNUSUAL: 2.0, Reason.NEAR_LIMIT: 1.0, Reason.DISAGREEING: 0.5}
#: What a part loses that looks the same as one picked before, on the scale of the urgency.
_SAME = 0.2
#: Distance in feature space within which strangest places look alike; normal patches lie about
#: 1.4 apart.
_ALIKE = 0.5


@dataclass(frozen=True)
class Doubt:
    """What speaks against the verdict on a part; small, so that it can be kept of a whole lot.

    Parameters
    ----------
    part : str
        Its id.
    verdict : Verdict
        In-line.
    strength : mapping of Reason to float
        How strong each reason is, on the scale of the anomaly score; only comparable among parts.
    look : mapping of str to array (channels,)
        Features of the strangest place, by measured modality.
    p_value : float
        Of the inspection.
    predicted : mapping of str to float
        Scores of the predicted modalities alone.
    without_predictions : float
        Score of the measured ones.
    """

    part: str
    verdict: Verdict
    strength: Mapping[Reason, float]
    look: Mapping[str, Vector]
    p_value: float
    predicted: Mapping[str, float]
    without_predictions: float

    @property
    def score(self) -> float:
        """The anomaly score."""
        return self.strength[Reason.NEAR_LIMIT]


@dataclass(frozen=True)
class Choice:
    """A part to be measured near-line.

    Parameters
    ----------
    part : str
        Its id.
    urgency : float
        0 to 1: weighted mean of `shares`.
    shares : mapping of Reason to float
        Share of the accepted parts that give this reason less than this one does.
    like : str
        A part chosen before whose strangest place looks alike; empty where there is none.
    """

    part: str
    urgency: float
    shares: Mapping[Reason, float]
    like: str = ""


def doubt(inspection: Inspection) -> Doubt:
    """Return what an inspection gives reason to doubt.

    Unusual is the value that one place in a hundred exceeds; near the limit the score; disagreeing
    how far the score of any predicted modality alone lies from that of the measured ones.
    """
    results = inspection.modalities
    maps = [inspection.map] if inspection.map is not None else []
    maps = maps or [one.map for one in results.values() if one.map is not None]
    without = inspection.score_without_predictions
    alone = {name: results[name].score for name in inspection.predicting}
    predicted = {name: score for name, score in alone.items() if score is not None}
    apart = [abs(score - without) for score in predicted.values()]
    return Doubt(
        inspection.sample_id,
        inspection.verdict,
        {
            Reason.UNUSUAL: max(float(np.percentile(one, _WIDE)) for one in maps),
            Reason.NEAR_LIMIT: inspection.score,
            Reason.DISAGREEING: max(apart, default=0.0),
        },
        _look(inspection),
        inspection.p_value,
        predicted,
        without,
    )


def choose(doubts: Sequence[Doubt], budget: int, progress: Progress = silent) -> list[Choice]:
    """Return the accepted parts to measure near-line, the most urgent first.

    Parts that are undecided or rejected are stopped already. Of parts whose strangest places look
    alike the first counts in full and the others less: ten times the same defect teaches little
    (maximal marginal relevance, Carbonell and Goldstein, SIGIR 1998).

    Parameters
    ----------
    doubts : sequence of Doubt
        Of the parts of a lot.
    budget : int
        How many can be measured.
    progress : Progress
        Told of the stage ``"choose"``, part by part; may raise `Cancelled`.
    """
    passed = [one for one in doubts if one.verdict is Verdict.ACCEPT]
    shares = {r: _shares([one.strength[r] for one in passed]) for r in Reason}
    weights = [_WEIGHTS[reason] for reason in shares]
    urgency = np.average(list(shares.values()), axis=0, weights=weights)
    looks = _looks(passed)
    alike, like = np.zeros(len(passed)), np.full(len(passed), -1)
    chosen: list[Choice] = []
    left = np.ones(len(passed), bool)
    total = min(budget, len(passed))
    for number in range(total):
        progress("choose", number, total)
        pick = int(np.argmax(np.where(left, urgency - _SAME * alike, -np.inf)))
        left[pick] = False
        own = {reason: float(values[pick]) for reason, values in shares.items()}
        before = passed[like[pick]].part if alike[pick] > np.exp(-1) else ""
        chosen.append(Choice(passed[pick].part, float(urgency[pick]), own, before))
        similar = np.zeros(len(passed))
        for members, values in looks:
            if pick in members:
                own_look = values[members == pick]
                squared = np.square(values - own_look).sum(1) / len(passed[pick].look)
                similar[members] = np.exp(-squared / _ALIKE**2)
        like = np.where(similar > alike, pick, like)
        alike = np.maximum(alike, similar)
    return chosen


def _look(inspection: Inspection) -> dict[str, Vector]:
    """Return by measured modality the features where the map over it is highest."""
    look = {}
    for name in inspection.using:
        features = inspection.modalities[name].measured_features
        over = inspection.map_over(name)
        if features is None or over is None:
            continue
        peak = np.unravel_index(int(np.argmax(over)), over.shape)
        row, column = (
            int((place + 0.5) * new / old)
            for place, new, old in zip(peak, features.shape, over.shape, strict=False)
        )
        look[name] = np.asarray(np.nan_to_num(features[row, column]), np.float32)
    return look


def _shares(values: Sequence[float]) -> Numbers:
    """Return of each value which share of all lies below it; ties count half."""
    ordered, own = np.sort(values), np.asarray(values, np.float64)
    below, upto = (np.searchsorted(ordered, own, side) for side in ("left", "right"))
    return np.asarray((below + upto) / (2 * max(len(own), 1)), np.float64)


def _looks(doubts: Sequence[Doubt]) -> list[tuple[NDArray[np.int64], Vector]]:
    """Return numbers and looks (n, channels) of parts that were measured with the same sensors."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, one in enumerate(doubts):
        groups.setdefault(tuple(sorted(one.look)), []).append(number)
    found = []
    for names, members in groups.items():
        if not names:
            continue
        rows = [np.concatenate([doubts[number].look[name] for name in names]) for number in members]
        found.append((np.array(members), np.stack(rows)))
    return found
