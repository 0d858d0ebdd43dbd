"""Quality over time as tables with sentences, on the terminal and as a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cmdiad_core.inspection import Verdict
from cmdiad_core.quality import (
    Agreement,
    Drift,
    InspectedParts,
    InspectedWeeks,
    Inspector,
    PChart,
    StudyResult,
    interval,
)
from cmdiad_core.quality.drift import FALSE_ALARMS, LEAST, LEAST_CALIBRATION, MOST
from cmdiad_core.quality.p_chart import BASELINE_WEEKS, OUTSIDE
from cmdiad_core.report.page import render
from cmdiad_core.report.quality_charts import drift_picture, p_chart_picture
from cmdiad_core.scoring.rates import Rate
from cmdiad_core.workflows.quality import Quality
from cmdiad_core.writing import write_file

Row = tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A heading, what is to be said, and a table.

    Parameters
    ----------
    title : str
        The heading.
    sentences : tuple of str
        Above the table.
    heads : tuple of str
        Of the columns.
    rows : tuple of tuple of str
        None where there is too little data for a table.
    chart, legend : str
        A picture for the page, and what its marks mean; the table says the same in numbers.
    """

    title: str
    sentences: tuple[str, ...]
    heads: Row = ()
    rows: tuple[Row, ...] = ()
    chart: str = ""
    legend: str = ""


def sections(quality: Quality) -> list[Section]:
    """Return what is to be told, in order."""
    return [
        _coverage(quality),
        _weeks("False rejects by week", "good", quality.false_rejects),
        _weeks("Escapes by week", "defective", quality.escapes),
        _inspected(quality.inspected),
        *_drift(quality),
        _agreement(quality),
        *(_study(one) for one in quality.studies),
    ]


def write_quality(quality: Quality, path: Path) -> None:
    """Write one self-contained page.

    Raises
    ------
    InputError
        The file cannot be written. What was at `path` before stays as it was.
    """
    page = render("quality.html", str, quality=quality, sections=sections(quality))
    write_file(path, page.encode("utf-8", "replace"))


def _coverage(quality: Quality) -> Section:
    judged = quality.judged
    total = sum(judged.values())
    if not total:
        what = "the model's verdict" if quality.model_id is None else "a verdict of this model"
        return Section(
            "Judged parts",
            (
                f"No part has both a person's verdict and {what}. Inspect parts in the workbench "
                "and accept or reject them: each one counts.",
            ),
        )
    accepted = judged[Verdict.ACCEPT]
    if quality.only_flagged:
        seen = (
            "People judged flagged parts only. An escape cannot be seen that way: let people look "
            "at some of the accepted parts too, drawn by chance."
        )
    else:
        seen = (
            f"Escapes are seen only as far as people looked at accepted parts: at {accepted} of "
            "the parts here. Where they look at flagged parts more often than at accepted ones, "
            "the share of escapes comes out too low and that of false rejects too high."
        )
    rows = tuple((f"Model: {verdict}", str(judged[verdict])) for verdict in Verdict)
    return Section("Judged parts", (seen,), ("", "Parts"), rows)


def _weeks(title: str, kind: str, chart: PChart) -> Section:
    if not chart.weeks:
        return Section(title, (f"There is no part that a person found {kind}.",))
    sentences = [
        f"{chart.total.count} of {chart.total.total} {kind} parts; centre line "
        f"{_percent(chart.baseline.share)} from the first "
        f"{min(BASELINE_WEEKS, len(chart.weeks))} weeks. A week of a process that has not changed "
        f"lies outside of its limits in {OUTSIDE:.2%} of cases.",
    ]
    if len(chart.weeks) < BASELINE_WEEKS:
        sentences.append(
            f"{BASELINE_WEEKS} weeks with {kind} parts are needed to know what is usual; there "
            f"{'is 1' if len(chart.weeks) == 1 else f'are {len(chart.weeks)}'}. Until then the "
            "limits are wide."
        )
    sentences.append(_controlled(chart, "Out of control"))
    rows = tuple(
        (
            week.name,
            str(week.rate.total),
            str(week.rate.count),
            _percent(week.rate.share),
            f"{_percent(week.low)} to {_percent(week.high)}",
            "above" if week.is_above else "below" if week.is_below else "",
        )
        for week in chart.weeks
    )
    return Section(
        title,
        tuple(sentences),
        ("Week", f"{kind.capitalize()} parts", "Errors", "Share", "Limits", "Out of control"),
        rows,
        p_chart_picture(chart),
        _P_LEGEND,
    )


_P_LEGEND = (
    "Points: share by week. Dashed: centre line. Band: control limits. Triangles: out of control."
)


def _controlled(chart: PChart, words: str) -> str:
    out = chart.out_of_control
    named = [f"{week.name} ({'above' if week.is_above else 'below'})" for week in out]
    return f"{words}: {', '.join(named)}." if out else "Every week is within its limits."


def _inspected(found: InspectedWeeks) -> Section:
    title, total = "Inspected parts by week", found.total
    if not total.inspected:
        return Section(
            title,
            (
                "No inspection was kept yet. The workbench keeps each one, and so does cmdiad "
                "inspect with --store.",
            ),
        )
    sentences = (
        f"{total.inspected} parts were inspected, {total.flagged.count} of them flagged, that is "
        f"rejected or undecided ({_percent(total.flagged.share)}). The truth is known of "
        f"{total.flagged_known} flagged parts and of {total.accepted_known} accepted ones.",
        "False rejects per inspected part lie between those that are known and those there would "
        "be if every rejected part of which the truth is not known were good. Escapes are seen "
        "only among the accepted parts of which it is known; their share holds for all accepted "
        "parts only if those were drawn by chance.",
        _controlled(found.flagged, "Flagged parts, out of control")
        + " More of them are more defects, or a drift that pushes good parts over the limit.",
    )
    rows = (*(_week(*one) for one in found.weeks.items()), _week("all", total))
    heads = (
        "Week",
        "Inspected",
        "Flagged",
        "Flagged, truth known",
        "False rejects per inspected part",
        "Accepted, truth known",
        "Escapes among these",
    )
    chart = p_chart_picture(found.flagged)
    return Section(title, sentences, heads, rows, chart, f"Flagged parts. {_P_LEGEND}")


def _week(name: str, one: InspectedParts) -> Row:
    low, high = _percent(one.at_least.share), _percent(one.at_most.share)
    return (
        name,
        str(one.inspected),
        f"{one.flagged.count} ({_percent(one.flagged.share)})",
        str(one.flagged_known),
        low if low == high else f"{low} to {high}",
        str(one.accepted_known),
        _bounded(one.escaped) if one.accepted_known else "–",
    )


def _drift(quality: Quality) -> Iterable[Section]:
    title = "Drift of the scores of accepted parts"
    if quality.model_id is None:
        words = "The scores are compared with a model's calibration; name it with --model."
        yield Section(title, (words,))
        return
    for one in quality.drifts:
        yield _one_drift(one)
    if not quality.drifts or quality.too_few:
        counts = [f"{' + '.join(names)}: {n}" for names, n in quality.too_few.items()]
        yield Section(
            f"{title}: too little data",
            (
                f"{LEAST} parts that this model inspected and accepted, all with the same "
                f"modalities, are needed, and {LEAST_CALIBRATION} calibration scores that it "
                f"would accept; there are: {', '.join(counts) or 'none'}.",
            ),
        )


def _one_drift(one: Drift) -> Section:
    names = " + ".join(one.measured) or "unknown modalities"
    since = one.alarm_since
    if since is None:
        words = "No alarm: the scores are like those at calibration."
    else:
        direction = "higher" if one.median > one.calibration_median else "lower"
        words = (
            f"ALARM since {since:%Y-%m-%d %H:%M} UTC, "
            f"{'still there' if one.alarms_now else 'over by now'}: the scores are not those of "
            f"the calibration; the newest are {direction} (median {one.median:z.2f}, at "
            f"calibration {one.calibration_median:z.2f})."
        )
    sentences = (
        words,
        f"{one.parts} parts the model accepted, {one.reviewed} of them judged by people, against "
        f"the {one.calibration_parts} calibration scores that it would accept; without drift the "
        f"charts alarm in at most {FALSE_ALARMS:.0%} of cases.",
    )
    rows = tuple(
        (
            each.name,
            str(each.parts),
            f"{each.median:z.2f}",
            f"{each.statistic:.2f}",
            f"{each.p_value:.2g}",
            "alarm" if each.alarms else "",
        )
        for each in one.periods
    )
    heads = ("Day or week", "Parts", "Median score", "Distance (K-S)", "p-value", "")
    title = f"Drift of the scores of accepted parts: {names}"
    legend = (
        "Line: moving average of the scores, as ranks among the calibration scores, part by part, "
        f"of the newest {MOST:,}. Band: how far it goes without drift. Triangles: beyond. Bars "
        "below: days or weeks that alarm."
    )
    return Section(title, sentences, heads, rows, drift_picture(one), legend)


def _agreement(quality: Quality) -> Section:
    rows = _agreements((*quality.between, *quality.with_model))
    sentences = [
        "From everyday verdicts: who judges second may have seen what the first one said, and "
        "everybody sees the model's. A blind study measures agreement without that."
    ]
    if not quality.between:
        sentences.append(
            "Two people who judged the same parts are needed to see how far they agree, better 50 "
            "parts; there are none."
        )
    if quality.inspectors:
        sentences.append("Verdicts given before a near-line station looked, against its result:")
        sentences += [_errors(one) for one in quality.inspectors]
    return Section("Agreement", tuple(sentences), _KAPPA_HEADS if rows else (), rows)


_KAPPA_HEADS = ("Who", "Parts", "Same verdict", "Kappa", "95 % interval")


def _study(one: StudyResult) -> Section:
    study = one.study
    parts, repeats = len(study.parts) - len(study.repeats), len(study.repeats)
    answered = [f"{name} {count} of {len(study.parts)}" for name, count in one.answered.items()]
    sentences = [
        f"Started by {study.person} on {study.made_at:%Y-%m-%d}: {parts} parts, {repeats} of them "
        f"shown twice. Answers: {', '.join(answered) or 'none yet'}.",
        *(_errors(inspector) for inspector in one.inspectors),
    ]
    rows = _agreements((*one.between, *one.with_model, *one.with_self))
    return Section(
        f"Blind study: {study.name}", tuple(sentences), _KAPPA_HEADS if rows else (), rows
    )


def _errors(one: Inspector) -> str:
    return (
        f"{one.name}: missed {_bounded(one.misses)} defective parts, false alarms on "
        f"{_bounded(one.false_alarms)} good ones, unsure {one.unsure.count} times."
    )


def _bounded(rate: Rate) -> str:
    if not rate.total:
        return "0 of 0"
    low, high = interval(rate)
    return f"{rate.count} of {rate.total} ({low:.0%} to {high:.0%})"


def _agreements(found: Sequence[Agreement]) -> tuple[Row, ...]:
    return tuple(
        (
            f"{one.first} with themselves"
            if one.first == one.second
            else f"{one.first} and {one.second}",
            str(one.kappa.agreed.total),
            _percent(one.kappa.agreed.share),
            *_kappa(one),
        )
        for one in found
    )


def _kappa(one: Agreement) -> tuple[str, str]:
    kappa = one.kappa
    if kappa.value is None:
        return "–", "not defined: all verdicts are the same"
    return f"{kappa.value:.2f}", f"{kappa.low:.2f} to {kappa.high:.2f}"


def _percent(share: float) -> str:
    return f"{share:.1%}"
