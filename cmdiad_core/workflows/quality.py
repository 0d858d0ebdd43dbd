"""Quality over time: what the inspections, reviews and studies of a store say of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.inspection import Verdict
from cmdiad_core.quality import (
    Agreement,
    Drift,
    InspectedParts,
    InspectedWeeks,
    Inspector,
    Judged,
    PChart,
    StudyResult,
    drift,
    first_inspections,
    inspected_weeks,
    inspector,
    judged_parts,
    p_chart,
    pairs,
    said_by,
    study_result,
)
from cmdiad_core.quality.agreement import SAME, against
from cmdiad_core.quality.drift import LEAST, LEAST_CALIBRATION
from cmdiad_core.scoring.rates import Rate
from cmdiad_core.store.inspections import Inspected, Inspections
from cmdiad_core.store.operating_points import OperatingPoints
from cmdiad_core.store.studies import Studies

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector
    from cmdiad_core.edits import NearLineResult, Review
    from cmdiad_core.store import Store

#: The model's name in agreements.
MODEL = "model"


@dataclass(frozen=True)
class Calibrated:
    """What is known of a model's scores before it saw any part of the production.

    Parameters
    ----------
    id : str
        The model.
    scores : mapping of tuple of str to array
        Calibration scores by measured modalities.
    accept_below : float
        The limit that counts: what scores below it is accepted.
    learned : frozenset of str
        Content hashes of the parts it learned from or was calibrated on.
    """

    id: str
    scores: Mapping[tuple[str, ...], NDArray[np.floating]]
    accept_below: float
    learned: frozenset[str] = frozenset()

    @classmethod
    def of(cls, detector: Detector, store: Store) -> Calibrated:
        """Return that of a loaded model; parts are known as far as the store has read them."""
        seen = (*detector.training_parts, *detector.calibration_parts)
        scores = {tuple(sorted(names)): one for names, one in detector.calibration_scores.items()}
        own = detector.operating_point
        limits = OperatingPoints(store.database).of(detector.id, own) or own
        learned = frozenset(store.recognise(seen).values())
        return cls(detector.id, scores, limits.accept_below, learned)


@dataclass(frozen=True)
class Quality:
    """Quality over time.

    Parameters
    ----------
    model_id : str or None
        The one model whose words count; None where every model's do.
    judged : mapping of Verdict to int
        Parts that a person judged, by what the model had said.
    false_rejects, escapes : PChart
        Errors among the good and among the defective ones, by week.
    inspected : InspectedWeeks
        How many parts were inspected, whether or not a person judged them.
    drifts : tuple of Drift
        One for each combination of measured modalities with enough parts.
    too_few : mapping of tuple of str to int
        Accepted parts of the other combinations.
    between, with_model : tuple of Agreement
        Every two people who judged the same parts, and each with the model.
    inspectors : tuple of Inspector
        People, and the model last, against what near-line stations found later.
    studies : tuple of StudyResult
        The newest first.
    """

    model_id: str | None
    judged: Mapping[Verdict, int]
    false_rejects: PChart
    escapes: PChart
    inspected: InspectedWeeks
    drifts: tuple[Drift, ...] = ()
    too_few: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    between: tuple[Agreement, ...] = ()
    with_model: tuple[Agreement, ...] = ()
    inspectors: tuple[Inspector, ...] = ()
    studies: tuple[StudyResult, ...] = ()

    @property
    def only_flagged(self) -> bool:
        """Whether people judged parts, and none of them had been accepted by the model."""
        return bool(sum(self.judged.values())) and not self.judged[Verdict.ACCEPT]

    def to_json(self) -> str:
        """Return everything as JSON text."""
        content = {
            "schema": 2,
            "model": self.model_id,
            "judged": {str(one): count for one, count in self.judged.items()},
            "false_rejects": _chart(self.false_rejects),
            "escapes": _chart(self.escapes),
            "inspected": {
                "total": _inspected(self.inspected.total),
                "flagged": _chart(self.inspected.flagged),
                "weeks": {n: _inspected(one) for n, one in self.inspected.weeks.items()},
            },
            "drift": [_drift(one) for one in self.drifts],
            "agreement": {
                "between": [_agreement(one) for one in self.between],
                "with_model": [_agreement(one) for one in self.with_model],
            },
            "against_nearline": [_inspector(one) for one in self.inspectors],
            "studies": [_study(one) for one in self.studies],
        }
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)


def measure_quality(store: Store, model: Calibrated | None = None) -> Quality:
    """Compute quality over time from a store.

    Parameters
    ----------
    store : Store
        Its reviews and studies count.
    model : Calibrated or None
        Only what this model said counts, and the scores of accepted parts are compared with its
        calibration; None for what every model said, without drift.

    Raises
    ------
    InputError
        The store cannot be read.
    """
    reviews = store.verdicts()
    opinions = store.opinions(store.reviewed())
    truths = {p: one.defective for p, one in opinions.items() if one.defective is not None}
    judged = judged_parts(reviews, truths, None if model is None else model.id)
    if model is not None:
        judged = [one for one in judged if one.part not in model.learned]
        reviews = [one for one in reviews if one.model_id == model.id]
    people, words = said_by(reviews)
    with_model = (
        against(person, people[person], MODEL, {p: SAME[one] for p, one in seen.items()})
        for person, seen in sorted(words.items())
    )
    inspections = Inspections(store.database).all(None if model is None else model.id)
    if model is not None:
        inspections = [one for one in inspections if one.part not in model.learned]
    results = {p: one.nearline for p, one in opinions.items() if one.nearline is not None}
    drifts, too_few = _drifts(inspections, truths, model)
    said = Counter(one.verdict for one in judged)
    studies = Studies(store.database)
    return Quality(
        None if model is None else model.id,
        {verdict: said[verdict] for verdict in Verdict},
        _chart_of([one for one in judged if not one.defective]),
        _chart_of([one for one in judged if one.defective]),
        inspected_weeks(inspections, truths),
        drifts,
        too_few,
        pairs(people),
        tuple(one for one in with_model if one is not None),
        _against_stations(reviews, results),
        tuple(study_result(one, studies.answers(one), MODEL) for one in studies.all()),
    )


def _chart_of(judged: Sequence[Judged]) -> PChart:
    return p_chart([j.at for j in judged], [j.is_false_reject or j.is_escape for j in judged])


def _against_stations(
    reviews: Sequence[Review], results: Mapping[str, NearLineResult]
) -> tuple[Inspector, ...]:
    # Who has seen the result agrees with it.
    before = [one for one in reviews if one.part in results and one.id < results[one.part].id]
    truth = {p: one.defective for p, one in results.items() if one.defective is not None}
    people, _ = said_by(before)
    found = [inspector(person, said, truth) for person, said in sorted(people.items())]
    words = {one.part: SAME[one.model_verdict] for one in before[::-1] if one.model_verdict}
    return (*found, inspector(MODEL, words, truth)) if words else tuple(found)


def _drifts(
    inspections: Sequence[Inspected], truths: Mapping[str, bool], model: Calibrated | None
) -> tuple[tuple[Drift, ...], dict[tuple[str, ...], int]]:
    if model is None:
        return (), {}
    accepted: dict[tuple[str, ...], list[Inspected]] = {}
    for one in first_inspections(inspections, patterns=True):
        if one.score < model.accept_below and not truths.get(one.part, False):
            accepted.setdefault(one.measured, []).append(one)
    found, too_few = [], {}
    for measured, parts in sorted(accepted.items()):
        # Accepted parts are like those at calibration that would have been accepted.
        calibration = model.scores.get(measured, np.empty(0))
        calibration = calibration[calibration < model.accept_below]
        if len(parts) < LEAST or len(calibration) < LEAST_CALIBRATION:
            too_few[measured] = len(parts)
            continue
        found.append(
            drift(
                [one.score for one in parts],
                [one.made_at for one in parts],
                calibration,
                measured=measured,
                reviewed=[one.part in truths for one in parts],
            )
        )
    return tuple(found), too_few


def _rate(rate: Rate) -> dict[str, Any]:
    return {"count": rate.count, "total": rate.total, "share": rate.share}


def _chart(chart: PChart) -> dict[str, Any]:
    weeks = [
        {
            "week": week.name,
            **_rate(week.rate),
            "low": week.low,
            "high": week.high,
            "out_of_control": week.is_above or week.is_below,
        }
        for week in chart.weeks
    ]
    return {"total": _rate(chart.total), "baseline": _rate(chart.baseline), "weeks": weeks}


def _drift(one: Drift) -> dict[str, Any]:
    periods = [
        {
            "name": period.name,
            "parts": period.parts,
            "statistic": period.statistic,
            "p_value": period.p_value,
            "median": period.median,
            "alarms": period.alarms,
        }
        for period in one.periods
    ]
    since = one.alarm_since
    return {
        "measured": one.measured,
        "parts": one.parts,
        "reviewed": one.reviewed,
        "calibration_parts": one.calibration_parts,
        "calibration_median": one.calibration_median,
        "median": one.median,
        "alarm_since": None if since is None else since.isoformat(),
        "alarms_now": one.alarms_now,
        "periods": periods,
        "moving_average": one.average.tolist(),
        "limit": one.limit.tolist(),
    }


def _inspected(one: InspectedParts) -> dict[str, Any]:
    return {
        **asdict(one),
        "false_rejects_at_least": one.at_least.share,
        "false_rejects_at_most": one.at_most.share,
    }


def _agreement(one: Agreement) -> dict[str, Any]:
    kappa = one.kappa
    numbers = {"kappa": kappa.value, "low": kappa.low, "high": kappa.high}
    return {"first": one.first, "second": one.second, **numbers, "agreed": _rate(kappa.agreed)}


def _inspector(one: Inspector) -> dict[str, Any]:
    return {
        "name": one.name,
        "misses": _rate(one.misses),
        "false_alarms": _rate(one.false_alarms),
        "unsure": _rate(one.unsure),
    }


def _study(one: StudyResult) -> dict[str, Any]:
    study = one.study
    return {
        "name": study.name,
        "person": study.person,
        "made_at": study.made_at.isoformat(),
        "seed": study.seed,
        "model": study.model_id,
        "parts": len(study.parts) - len(study.repeats),
        "repeats": len(study.repeats),
        "answered": one.answered,
        "inspectors": [_inspector(each) for each in one.inspectors],
        "between": [_agreement(each) for each in one.between],
        "with_model": [_agreement(each) for each in one.with_model],
        "with_self": [_agreement(each) for each in one.with_self],
    }
