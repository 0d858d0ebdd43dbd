"""One self-contained page on a batch of parts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Inspection, Verdict
from cmdiad_core.report import _words
from cmdiad_core.report._colour_strip import ColourStrip
from cmdiad_core.report._colours import Scale
from cmdiad_core.report._entry import Entry, make_entry
from cmdiad_core.report.page import render
from cmdiad_core.sample import Sample
from cmdiad_core.writing import write_file

#: Parts, highest scores first, that are shown with pictures: about 20 MB of them.
MOST_PICTURED = 150

_ORDER = (Verdict.REJECT, Verdict.UNDECIDED, Verdict.ACCEPT)


def write_report(
    items: Iterable[tuple[Sample, Inspection] | InputError],
    path: Path,
    scale: Scale,
    about: Mapping[str, str],
) -> None:
    """Write the page, all pictures inside; nothing is written before all items were taken.

    Parameters
    ----------
    items : iterable of (Sample, Inspection) or InputError
        The parts, and the errors of those that could not be read. Taken one at a time: of a
        part only small pictures are kept, so a generator can make a page on a large batch.
    path : Path
        The file, e.g. ``report.html``; its folder is made where it does not exist.
    scale : (float, float)
        Scores of the first and the last colour of the anomaly maps, fixed per model.
    about : mapping of str to str
        More lines for the head of the page, e.g. ``{"Data": "line 3", "Device": "CPU"}``.

    Raises
    ------
    InputError
        The file cannot be written. What was at `path` before stays as it was.
    """
    entries: list[Entry] = []
    unread: list[InputError] = []
    for item in items:
        if isinstance(item, InputError):
            unread.append(item)
        else:
            entries.append(make_entry(*item, scale))
            entries = _ordered(entries)
    page = render(
        "report.html",
        _words.number,
        entries=entries,
        unread=unread,
        counts=_counts(entries),
        points=_points(entries, scale),
        models=sorted({entry.inspection.model_id for entry in entries}),
        about=about,
        words=_words,
        most_pictured=MOST_PICTURED,
    )
    write_file(path, page.encode("utf-8", "replace"))


def _ordered(entries: list[Entry]) -> list[Entry]:
    """Return the entries, highest score first; those beyond the first few lose their pictures."""
    ordered = sorted(entries, key=lambda entry: -entry.inspection.score)
    beyond = [
        replace(entry, figures=()) if entry.figures else entry for entry in ordered[MOST_PICTURED:]
    ]
    return ordered[:MOST_PICTURED] + beyond


def _counts(entries: list[Entry]) -> dict[Verdict, int]:
    found = Counter(entry.inspection.verdict for entry in entries)
    return {verdict: found[verdict] for verdict in _ORDER}


def _points(entries: list[Entry], scale: Scale) -> list[ColourStrip]:
    """Return every operating point that was judged by: one, unless batches were mixed."""
    limits = {entry.inspection.operating_point: None for entry in entries}
    return [ColourStrip(scale, point) for point in limits]
