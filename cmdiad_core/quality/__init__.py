"""How well model and people do over time: control charts, drift of scores, agreement."""

from cmdiad_core.quality.agreement import (
    Agreement,
    Inspector,
    Kappa,
    inspector,
    interval,
    kappa,
    pairs,
)
from cmdiad_core.quality.drift import Drift, Period, drift
from cmdiad_core.quality.inspected import (
    InspectedParts,
    InspectedWeeks,
    first_inspections,
    inspected_weeks,
)
from cmdiad_core.quality.judged import Judged, judged_parts, said_by
from cmdiad_core.quality.p_chart import PChart, Week, p_chart
from cmdiad_core.quality.study_result import StudyResult, study_result

__all__ = [
    "Agreement",
    "Drift",
    "InspectedParts",
    "InspectedWeeks",
    "Inspector",
    "Judged",
    "Kappa",
    "PChart",
    "Period",
    "StudyResult",
    "Week",
    "drift",
    "first_inspections",
    "inspected_weeks",
    "inspector",
    "interval",
    "judged_parts",
    "kappa",
    "p_chart",
    "pairs",
    "said_by",
    "study_result",
]
