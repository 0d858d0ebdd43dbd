"""What quality over time says, in words: in the window, on the terminal and on a page."""

from datetime import tzinfo

from cmdiad_core.inspection import Verdict
from cmdiad_core.quality import (
    Agreement,
    Drift,
    InspectedParts,
    InspectedWeeks,
    Inspector,
    PChart,
    Period,
    StudyResult,
    interval,
)
from cmdiad_core.quality.drift import FALSE_ALARMS, LEAST, LEAST_CALIBRATION
from cmdiad_core.quality.p_chart import BASELINE_WEEKS
from cmdiad_core.report._words import title
from cmdiad_core.scoring import Rate
from cmdiad_core.text import inside, number, text
from cmdiad_core.workflows.quality import MODEL, Quality

#: Keys of the headings of the tables.
AGREEMENT = [f"quality.agreement.{name}" for name in ("who", "parts", "same", "kappa", "range")]
INSPECTORS = [f"quality.inspector.{name}" for name in ("who", "misses", "false_alarms", "unsure")]
PERIODS = [
    f"quality.period.{name}" for name in ("time", "parts", "median", "distance", "p", "alarm")
]
INSPECTED = [
    f"quality.inspected.{name}"
    for name in ("week", "parts", "flagged", "known", "false_rejects", "accepted", "escapes")
]


def coverage(quality: Quality) -> str:
    """Say what the numbers rest on, and what they cannot see."""
    judged = quality.judged
    if not sum(judged.values()):
        return text("quality.none" if quality.model_id is None else "quality.none.model")
    counts = {str(verdict): judged[verdict] for verdict in Verdict}
    said = text("quality.judged", total=sum(judged.values()), **counts)
    key = "quality.only_flagged" if quality.only_flagged else "quality.partly"
    return f"{said} {text(key, accept=judged[Verdict.ACCEPT])}"


def weeks(chart: PChart, kind: str) -> str:
    """Say what a p-chart shows; `kind` is ``"false_rejects"``, ``"escapes"`` or ``"flagged"``."""
    if not chart.weeks:
        return text(f"quality.{kind}.none")
    total = chart.total
    said = [text(f"quality.{kind}.total", count=total.count, total=total.total)]
    if len(chart.weeks) < BASELINE_WEEKS:
        said.append(text("quality.weeks.few", weeks=len(chart.weeks), needed=BASELINE_WEEKS))
    if out := chart.out_of_control:
        named = ", ".join(
            text("quality.week.above" if one.is_above else "quality.week.below", week=one.name)
            for one in out
        )
        said.append(text("quality.weeks.out", weeks=named))
    else:
        said.append(text("quality.weeks.in"))
    return " ".join(said)


def modalities(drift: Drift) -> str:
    """Return the modalities that scores rest on, as a title."""
    names = [title(name) for name in drift.measured]
    return " + ".join(names) or text("quality.drift.unknown")


def alarm(drift: Drift, zone: tzinfo | None = None) -> str:
    """Say whether the scores drifted, and since when in a time zone; the machine's by default."""
    since = drift.alarm_since
    if since is None:
        return text("quality.drift.calm")
    higher = drift.median > drift.calibration_median
    return text(
        "quality.drift.now" if drift.alarms_now else "quality.drift.over",
        since=f"{since.astimezone(zone):%Y-%m-%d %H:%M}{f' {zone}' if zone else ''}",
        direction=text("quality.drift.higher" if higher else "quality.drift.lower"),
        median=number(drift.median),
        calibration=number(drift.calibration_median),
    )


def drift_basis(drift: Drift) -> str:
    """Say what an alarm rests on."""
    return text(
        "quality.drift.basis",
        parts=drift.parts,
        reviewed=drift.reviewed,
        calibration=drift.calibration_parts,
        percent=number(100 * FALSE_ALARMS, "g"),
    )


def no_drift(quality: Quality) -> str:
    """Say what is needed to see a drift; nothing where there is one for every combination."""
    if quality.model_id is None:
        return text("quality.drift.model")
    if quality.drifts and not quality.too_few:
        return ""
    counts = [
        f"{' + '.join(inside(title(name)) for name in names) or '–'}: {count}"
        for names, count in quality.too_few.items()
    ]
    there = ", ".join(counts) or "0"
    return text("quality.drift.few", needed=LEAST, calibration=LEAST_CALIBRATION, there=there)


def period_row(one: Period) -> tuple[str, ...]:
    """Return a row of the table of days or weeks."""
    said = text("quality.period.alarms") if one.alarms else ""
    numbers = number(one.median), number(one.statistic, ".2f"), number(one.p_value, ".2g")
    return one.name, str(one.parts), *numbers, said


def inspected(weeks: InspectedWeeks) -> str:
    """Say how many parts were inspected, and of how many the truth is known."""
    total = weeks.total
    if not total.inspected:
        return text("quality.inspected.none")
    return text(
        "quality.inspected.basis",
        inspected=total.inspected,
        flagged=total.flagged.count,
        share=number(total.flagged.share, ".1%"),
        flagged_known=total.flagged_known,
        accepted_known=total.accepted_known,
    )


def inspected_rows(weeks: InspectedWeeks) -> list[tuple[str, ...]]:
    """Return the table of inspected parts: all weeks, then the newest first."""
    if not weeks.weeks:
        return []
    all_ = _inspected_row(text("quality.inspected.all"), weeks.total)
    return [all_, *(_inspected_row(*one) for one in list(weeks.weeks.items())[::-1])]


def _inspected_row(name: str, one: InspectedParts) -> tuple[str, ...]:
    low, high = number(one.at_least.share, ".1%"), number(one.at_most.share, ".1%")
    flagged = {"count": one.flagged.count, "share": number(one.flagged.share, ".1%")}
    return (
        name,
        str(one.inspected),
        text("quality.inspected.rate", **flagged),
        str(one.flagged_known),
        text("quality.inspected.range", low=low, high=high) if low != high else low,
        str(one.accepted_known),
        _bounded(one.escaped) if one.accepted_known else "–",
    )


def agreement_row(one: Agreement) -> tuple[str, ...]:
    """Return a row of the table of agreements."""
    kappa = one.kappa
    second = text("quality.model") if one.second == MODEL else one.second
    key = "quality.with_self" if one.first == one.second else "quality.pair"
    cells = text(key, first=one.first, second=second), str(kappa.agreed.total)
    same = number(kappa.agreed.share, ".0%")
    if kappa.value is None or kappa.low is None or kappa.high is None:
        return *cells, same, "–", text("quality.kappa.undefined")
    return *cells, same, number(kappa.value), f"{number(kappa.low)} … {number(kappa.high)}"


def inspector_row(one: Inspector) -> tuple[str, ...]:
    """Return a row of the table of inspectors."""
    name = text("quality.model") if one.name == MODEL else one.name
    return name, _bounded(one.misses), _bounded(one.false_alarms), str(one.unsure.count)


def study(result: StudyResult) -> str:
    """Say what a study is, and who has answered."""
    made = result.study
    answered = ", ".join(
        text("quality.study.person", person=person, done=count, total=len(made.parts))
        for person, count in result.answered.items()
    )
    return text(
        "quality.study.about",
        person=made.person,
        date=f"{made.made_at.astimezone():%Y-%m-%d}",
        parts=len(made.parts) - len(made.repeats),
        repeats=len(made.repeats),
        answered=answered or text("quality.study.nobody"),
    )


def _bounded(rate: Rate) -> str:
    if not rate.total:
        return text("quality.rate.none")
    low, high = interval(rate)
    return text(
        "quality.rate",
        count=rate.count,
        total=rate.total,
        low=number(low, ".0%"),
        high=number(high, ".0%"),
    )
