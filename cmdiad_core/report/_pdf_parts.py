"""The paragraphs, pictures and tables of a PDF report."""

from collections.abc import Iterator, Sequence

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, LongTable, Spacer, Table, TableStyle

from cmdiad_core.report import _words
from cmdiad_core.report._entry import Entry, Figure
from cmdiad_core.report._pdf_badge import Badge
from cmdiad_core.report._pdf_colour_bar import ColourBar
from cmdiad_core.report._pdf_picture import Picture
from cmdiad_core.report._pdf_style import (
    FAINT,
    LINE,
    RAISED,
    REGULAR,
    WIDTH,
    marked_up,
    paragraph,
    plain,
)
from cmdiad_core.report.report import Report
from cmdiad_core.text import text

_GAP = 3 * mm
_WIDEST_FIGURE = 86 * mm
#: Otherwise a table names Helvetica, which is not embedded.
_TYPEFACE = ("FONTNAME", (0, 0), (-1, -1), REGULAR)
_PLAIN = [_TYPEFACE, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
#: Columns whose values stand at the right.
_NUMBERS = ("score", "p_value")


def head(report: Report) -> Iterator[Flowable]:
    """Yield the title and what the report is about."""
    yield paragraph(text("report.title"), 9, FAINT)
    yield paragraph(report.headline, 17, bold=True)
    yield Spacer(0, _GAP)
    yield _facts(report.head)


def summary(report: Report) -> Iterator[Flowable]:
    """Yield the counts, the limits and the table of all parts."""
    if not report.of_one_part:
        counts = [
            [Badge(verdict, 11), paragraph(str(count), 15, bold=True)]
            for verdict, count in report.counts.items()
        ]
        unread = [
            paragraph(text("report.not_read"), 11, FAINT, bold=True),
            paragraph(str(len(report.unread)), 15, bold=True),
        ]
        yield Spacer(0, _GAP)
        yield _plain_table([[cell for pair in [*counts, unread] for cell in pair]], 8)
    for strip in report.points:
        yield from _heading(text("report.operating_point"))
        yield paragraph(_words.limits(strip.limits))
        if not report.of_one_part:
            yield ColourBar(strip, [entry.inspection.score for entry in report.entries])
    if report.unread:
        yield from _heading(text("report.not_read"))
        yield paragraph(text("report.not_read.explain"))
        for error in report.unread:
            yield marked_up(f"<b>{plain(str(error.where))}</b>: {plain(error.problem)}")
    if report.entries and not report.of_one_part:
        yield from _heading(text("report.all_parts"))
        yield _table_of_parts(report.entries)


def part(report: Report, entry: Entry, anchor: str) -> Iterator[Flowable]:
    """Yield what the report says of one part; `anchor` is where the table of parts leads."""
    it = entry.inspection
    yield Spacer(0, _GAP)
    title = marked_up(f'<a name="{anchor}"/>{plain(it.sample_id)}', 13, bold=True)
    yield _plain_table([[title, Badge(it.verdict, 11)]], (WIDTH - 100, 100))
    yield marked_up(f"{plain(_words.explanation(it))} <b>{plain(_words.hanging(it))}</b>")
    if entry.judgement is not None:
        comment = f": {plain(entry.judgement.comment)}" if entry.judgement.comment else ""
        yield marked_up(f"<b>{plain(_words.judged_by(entry.judgement))}</b>{comment}")
    yield Spacer(0, _GAP)
    if entry.figures:
        yield _figures(entry.figures)
        yield ColourBar(entry.strip, [it.score])
        yield Spacer(0, _GAP)
    else:
        yield paragraph(report.without_pictures, colour=FAINT)
    yield _facts(_words.facts(it))
    yield Spacer(0, _GAP)
    yield from _regions(entry)


def explanations() -> Iterator[Flowable]:
    """Yield how to read a report."""
    yield from _heading(text("report.how"))
    for sentence in _words.how_to_read():
        yield marked_up(f"•&nbsp;&nbsp;{plain(sentence)}", 8, FAINT)


def _regions(entry: Entry) -> Iterator[Flowable]:
    it = entry.inspection
    if not entry.regions:
        yield paragraph(text("report.no_region"), colour=FAINT)
        return
    rows = [
        [
            paragraph(str(number)),
            paragraph(_words.score(region.score, it.operating_point), right=True),
            paragraph(_words.seen_by(region)),
            paragraph(_words.size(region)),
            paragraph(_words.position(region)),
        ]
        for number, region in entry.regions
    ]
    columns = ("region", "score", "seen_by", "size", "highest_at")
    yield _table(columns, rows, (15, 17, 60, 55))
    if more := len(it.regions) - len(entry.regions):
        yield paragraph(text("report.more", count=more), colour=FAINT)


def _table_of_parts(entries: Sequence[Entry]) -> LongTable:
    columns = (
        "",
        "part",
        "verdict",
        "score",
        "p_value",
        "rests_on",
        "without",
        "largest",
    )
    rows = [_row(entry, place) for place, entry in enumerate(entries, start=1)]
    return _table(columns, rows, (19, 47, 27, 17, 19, 55, 36))


def _row(entry: Entry, place: int) -> list[object]:
    it = entry.inspection
    of_n = text("report.of_n", count=it.calibration_size)
    calibration = f"<font size='7' color='{FAINT}'>{of_n}</font>"
    return [
        Picture(entry.thumbnail, entry.thumbnail_size, (15 * mm, 12 * mm)),
        _name(entry, place),
        _verdict(entry),
        paragraph(_words.score(it.score, it.operating_point), bold=True, right=True),
        marked_up(f"{_words.p_value(it)}<br/>{calibration}", right=True),
        paragraph("; ".join(_words.rests_on(it))),
        paragraph(_words.without_predictions(it), bold=_words.hangs_on_prediction(it)),
        paragraph(_words.largest(it)),
    ]


def has_page(entry: Entry, report: Report) -> bool:
    """Tell whether a part has a page of its own: it is flagged, or there is no other."""
    return report.of_one_part or entry.flagged


def _name(entry: Entry, place: int) -> Flowable:
    name = plain(entry.inspection.sample_id)
    return marked_up(f'<a href="#part-{place}">{name}</a>' if entry.flagged else name)


def _verdict(entry: Entry) -> list[Flowable]:
    badge: list[Flowable] = [Badge(entry.inspection.verdict)]
    if entry.judgement is not None and entry.judgement.verdict is not None:
        said = f"{entry.judgement.who}: {_words.verdict(entry.judgement.verdict)}"
        badge.append(paragraph(said, 7, FAINT))
    return badge


def _figures(figures: Sequence[Figure]) -> Table:
    across = min(_WIDEST_FIGURE, (WIDTH - _GAP * len(figures)) / len(figures))
    cells = [
        [
            Picture(figure.data, figure.size, (across, across)),
            paragraph(figure.title, 7.5, bold=True),
            paragraph(figure.note, 7, FAINT),
        ]
        for figure in figures
    ]
    table = Table([cells], [across + _GAP] * len(cells), hAlign="LEFT")
    table.setStyle(TableStyle([*_PLAIN, ("RIGHTPADDING", (0, 0), (-1, -1), _GAP)]))
    return table


def _facts(facts: Sequence[tuple[str, str]], across: int = 5) -> Table:
    cells = [[paragraph(name, 7, FAINT), paragraph(value)] for name, value in facts]
    rows = [cells[start : start + across] for start in range(0, len(cells), across)]
    rows[-1] += [[]] * (across - len(rows[-1]))
    return _plain_table(rows, (WIDTH / across,) * across)


def _plain_table(rows: Sequence[Sequence[object]], widths: Sequence[float] | int) -> Table:
    given = (WIDTH / widths,) * widths if isinstance(widths, int) else widths
    table = Table(rows, given, hAlign="LEFT")
    table.setStyle(TableStyle(_PLAIN))
    return table


def _table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[float]
) -> LongTable:
    """Return a table with a head on every page; widths in mm, the last column takes the rest."""
    points = [width * mm for width in widths]
    titles = [text(f"report.column.{name}") if name else "" for name in columns]
    head = [
        paragraph(title, 7, FAINT, right=name in _NUMBERS)
        for name, title in zip(columns, titles, strict=True)
    ]
    content = [head, *rows]
    table = LongTable(content, [*points, WIDTH - sum(points)], repeatRows=1, hAlign="LEFT")
    style = [
        _TYPEFACE,
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(RAISED)),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    table.setStyle(TableStyle(style))
    return table


def _heading(words: str) -> Iterator[Flowable]:
    yield Spacer(0, 4 * mm)
    # Not at the foot of a page, with what it heads on the next one.
    yield CondPageBreak(35 * mm)
    yield paragraph(words, 11, bold=True)
    yield Spacer(0, 1.5 * mm)
