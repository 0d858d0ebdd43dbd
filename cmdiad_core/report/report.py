"""What a report says, whatever it is written as: of a lot, or of one part."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from cmdiad_core import __version__
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Inspection, Verdict
from cmdiad_core.report import _words
from cmdiad_core.report._colour_strip import ColourStrip
from cmdiad_core.report._entry import Entry, make_entry
from cmdiad_core.report.colour_scale import ColourScale
from cmdiad_core.report.judgement import Judgement
from cmdiad_core.sample import Sample
from cmdiad_core.text import text

#: Parts, highest scores first, that are shown with pictures: 20 to 30 MB of them.
MOST_PICTURED = 150

_ORDER = (Verdict.REJECT, Verdict.UNDECIDED, Verdict.ACCEPT)


class Report:
    """The content of a report; HTML and PDF are written from it.

    Of a part only small compressed pictures are kept, and those only of the highest scores, so
    that a large lot can be added part by part.

    Parameters
    ----------
    scale : ColourScale
        Colours of the anomaly maps, fixed per model.
    about : mapping of str to str
        More lines for the head, e.g. ``{"Model name": "pouch cells", "Device": "CPU"}``.

    Attributes
    ----------
    entries : list of Entry
        The parts, highest score first.
    unread : list of InputError
        Parts that could not be read, and why.
    made : datetime
        When the report was begun, in UTC.
    """

    def __init__(self, scale: ColourScale, about: Mapping[str, str]) -> None:
        self.scale = scale
        self.about = about
        self.made = datetime.now(UTC)
        self.entries: list[Entry] = []
        self.unread: list[InputError] = []

    def add(
        self, sample: Sample, inspection: Inspection, judgement: Judgement | None = None
    ) -> None:
        """Take a part, and what a person said of it."""
        self.entries.append(make_entry(sample, inspection, self.scale, judgement))
        self.entries.sort(key=lambda entry: -entry.inspection.score)
        for place, entry in enumerate(self.entries[MOST_PICTURED:], start=MOST_PICTURED):
            if entry.figures:
                self.entries[place] = replace(entry, figures=())

    def add_unread(self, error: InputError) -> None:
        """Take note of a part that could not be read."""
        self.unread.append(error)

    @property
    def of_one_part(self) -> bool:
        """Whether there is nothing to count or to list."""
        return len(self.entries) == 1 and not self.unread

    @property
    def without_pictures(self) -> str:
        """What is said of a part whose pictures are not kept."""
        return text("report.without_pictures", count=MOST_PICTURED)

    @property
    def headline(self) -> str:
        """The part, or how many there are."""
        if self.of_one_part:
            return self.entries[0].inspection.sample_id
        count = len(self.entries)
        many = text("report.inspected.one" if count == 1 else "report.inspected", count=count)
        if not self.unread:
            return many
        return text("report.unread", inspected=many, count=len(self.unread))

    @property
    def head(self) -> list[tuple[str, str]]:
        """What it is about: names and values."""
        return [
            (text("report.model"), ", ".join(self.models) or text("report.models.none")),
            (text("report.software"), f"cmdiad {__version__}"),
            (text("report.written"), _words.time(self.made)),
            *self.about.items(),
        ]

    @property
    def models(self) -> list[str]:
        """Ids of the models that looked at the parts."""
        return sorted({entry.inspection.model_id for entry in self.entries})

    @property
    def counts(self) -> dict[Verdict, int]:
        """Number of parts by verdict."""
        found = Counter(entry.inspection.verdict for entry in self.entries)
        return {verdict: found[verdict] for verdict in _ORDER}

    @property
    def points(self) -> list[ColourStrip]:
        """Every operating point that was judged by: one, unless lots were mixed."""
        limits = {entry.inspection.operating_point: None for entry in self.entries}
        return [ColourStrip(self.scale, point) for point in limits]
