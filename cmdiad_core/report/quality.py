"""Quality over time as tables with sentences, on the terminal and as a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from cmdiad_core.quality import Agreement, Drift, InspectedWeeks, Inspector, PChart, StudyResult
from cmdiad_core.report import quality_words as words
from cmdiad_core.report.page import render
from cmdiad_core.report.quality_charts import drift_picture, p_chart_picture
from cmdiad_core.text import number, text
from cmdiad_core.workflows.quality import Quality
from cmdiad_core.writing import write_file

Row = tuple[str, ...]

_WEEKS = [
    f"quality.weeks.{name}" for name in ("week", "parts", "errors", "share", "limits", "outside")
]


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
        Section(text("quality.judged.title"), (words.coverage(quality),)),
        _weeks("false_rejects", quality.false_rejects),
        _weeks("escapes", quality.escapes),
        _inspected(quality.inspected),
        *_drift(quality),
        *_agreement(quality),
        *(section for one in quality.studies for section in _study(one)),
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


def _heads(keys: Iterable[str]) -> Row:
    return tuple(text(key) for key in keys)


def _weeks(kind: str, chart: PChart) -> Section:
    title, sentences = text(f"quality.{kind}"), (words.weeks(chart, kind),)
    if not chart.weeks:
        return Section(title, sentences)
    rows = tuple(
        (
            week.name,
            str(week.rate.total),
            str(week.rate.count),
            number(week.rate.share, ".1%"),
            text(
                "quality.inspected.range",
                low=number(week.low, ".1%"),
                high=number(week.high, ".1%"),
            ),
            text("quality.weeks.above")
            if week.is_above
            else text("quality.weeks.below")
            if week.is_below
            else "",
        )
        for week in chart.weeks
    )
    picture = p_chart_picture(chart, title)
    return Section(title, sentences, _heads(_WEEKS), rows, picture, text("quality.chart.tip"))


def _inspected(found: InspectedWeeks) -> Section:
    title, said = text("quality.inspected"), words.inspected(found)
    rows = tuple(words.inspected_rows(found))
    if not rows:
        return Section(title, (said,))
    sentences = (said, words.weeks(found.flagged, "flagged"), text("quality.inspected.bounds"))
    flagged = text("quality.flagged")
    legend = f"{flagged}. {text('quality.chart.tip')}"
    picture = p_chart_picture(found.flagged, flagged)
    return Section(title, sentences, _heads(words.INSPECTED), rows, picture, legend)


def _drift(quality: Quality) -> Iterable[Section]:
    title = text("quality.drift.title")
    if quality.model_id is None:
        yield Section(title, (text("quality.drift.name_model"),))
        return
    for one in quality.drifts:
        yield _one_drift(one)
    if lacking := words.no_drift(quality):
        yield Section(title, (lacking,))


def _one_drift(one: Drift) -> Section:
    return Section(
        f"{text('quality.drift.title')}: {words.modalities(one)}",
        (words.alarm(one, UTC), words.drift_basis(one)),
        _heads(words.PERIODS),
        tuple(words.period_row(each) for each in one.periods),
        drift_picture(one, text("quality.drift.chart")),
        text("quality.drift.explain"),
    )


def _agreement(quality: Quality) -> Iterable[Section]:
    said = [text("quality.agreement.explain")]
    if not quality.between:
        said.append(text("quality.agreement.none"))
    found = (*quality.between, *quality.with_model)
    yield _agreements(text("quality.agreement"), found, said)
    said = [] if quality.inspectors else [text("quality.stations.none")]
    yield _inspectors(text("quality.stations"), quality.inspectors, said)


def _study(one: StudyResult) -> Iterable[Section]:
    name = f"{text('quality.study')}: {one.study.name}"
    yield _inspectors(name, one.inspectors, [words.study(one)])
    found = (*one.between, *one.with_model, *one.with_self)
    if found:
        yield _agreements(f"{name}, {text('quality.agreement')}", found, [])


def _agreements(title: str, found: Sequence[Agreement], said: Sequence[str]) -> Section:
    rows = tuple(words.agreement_row(one) for one in found)
    return Section(title, tuple(said), _heads(words.AGREEMENT), rows)


def _inspectors(title: str, found: Sequence[Inspector], said: Sequence[str]) -> Section:
    rows = tuple(words.inspector_row(one) for one in found)
    return Section(title, tuple(said), _heads(words.INSPECTORS), rows)
