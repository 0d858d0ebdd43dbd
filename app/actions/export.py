"""Hand on what was found: reports, tables and pictures, written by the worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.walk_queue import TOPIC, QueueWalk, written
from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Inspection, Verdict
from cmdiad_core.sample import Sample

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector
    from cmdiad_core.report import ColourScale, Judgement, Report

_AS_MODEL = {
    PersonVerdict.ACCEPT: Verdict.ACCEPT,
    PersonVerdict.UNSURE: Verdict.UNDECIDED,
    PersonVerdict.REJECT: Verdict.REJECT,
}


def export_part(bench: Workbench, path: Path) -> None:
    """Write a report of the shown part: PDF or HTML, as the name of the file ends."""
    reviews, colour_map = bench.session.reviews, bench.session.colour_map
    opinion = reviews.of(bench.session.current or "")

    def write(sample: Sample, inspection: Inspection, detector: Detector) -> None:
        report = _begin(detector, colour_map)
        report.add(sample, inspection, _judgement(opinion))
        _write(report, path)

    _export_shown(bench, path, write)


def export_picture(bench: Workbench, path: Path, over: str) -> None:
    """Write the map of the shown part over its modality `over`, with its scales, as PNG."""
    colour_map = bench.session.colour_map

    def write(sample: Sample, inspection: Inspection, detector: Detector) -> None:
        from cmdiad_core.report import write_picture

        write_picture(sample, inspection, _scale(detector, colour_map), path, over)

    _export_shown(bench, path, write)


def export_queue(bench: Workbench, path: Path) -> None:
    """Write a report of all parts of the queue: PDF or HTML, as the name of the file ends."""
    colour_map = bench.session.colour_map

    class Lot(QueueWalk):
        def begin(self, detector: Detector) -> None:
            self._report = _begin(detector, colour_map)

        def take(self, sample: Sample, inspection: Inspection, opinion: Opinion) -> None:
            self._report.add(sample, inspection, _judgement(opinion))

        def leave_out(self, error: InputError) -> None:
            self._report.add_unread(error)

        def finish(self) -> None:
            _write(self._report, path)

    _walk(bench, path, Lot)


def export_regions(bench: Workbench, path: Path) -> None:
    """Write a CSV table of the regions of all parts of the queue."""

    class Regions(QueueWalk):
        def begin(self, detector: Detector) -> None:
            from cmdiad_core.report import RegionTable

            self._table = RegionTable()

        def take(self, sample: Sample, inspection: Inspection, opinion: Opinion) -> None:
            self._table.add(inspection)

        def leave_out(self, error: InputError) -> None:
            """Do nothing: what was not inspected has no regions."""

        def finish(self) -> None:
            self._table.write(path)

    _walk(bench, path, Regions)


def _walk(bench: Workbench, path: Path, kind: type[QueueWalk]) -> None:
    session = bench.session
    if session.detector is not None and session.operating_point is not None and session.entries:
        kind(bench, path, session.detector, session.operating_point).start()


def _export_shown(
    bench: Workbench, path: Path, write: Callable[[Sample, Inspection, Detector], None]
) -> None:
    session = bench.session
    detector, sample, inspection = session.detector, session.sample, session.found_inspection
    limits = session.operating_point
    if detector is None or sample is None or inspection is None or limits is None:
        return

    def work() -> None:
        from cmdiad_core.scoring import judged_at

        write(sample, judged_at(sample, inspection, limits), detector)

    bench.worker.submit(
        TOPIC,
        str(path),
        work,
        lambda _: written(bench, path),
        bench.notifications.report,
        title=text("job.exporting", name=path.name),
        urgent=True,
    )


def _begin(detector: Detector, colour_map: str) -> Report:
    from cmdiad_core.report import Report

    about = {text("report.model_name"): detector.name} if detector.name else {}
    return Report(_scale(detector, colour_map), about)


def _scale(detector: Detector, colour_map: str) -> ColourScale:
    from cmdiad_core.report import ColourScale

    return ColourScale(*detector.scale, colour_map)


def _judgement(opinion: Opinion) -> Judgement | None:
    """Return what people said as reports show it; the one who commented may be another."""
    from cmdiad_core.report import Judgement

    said, commented = opinion.verdict, opinion.comment
    comment = commented.comment if commented is not None and commented.comment else ""
    if said is not None and said.verdict is not None:
        if comment and commented is not None and commented.person != said.person:
            comment = text("export.comment_by", comment=comment, person=commented.person)
        return Judgement(_AS_MODEL[said.verdict], said.person, said.made_at, comment)
    if comment and commented is not None:
        return Judgement(None, commented.person, commented.made_at, comment)
    return None


def _write(report: Report, path: Path) -> None:
    from cmdiad_core.report import write_html, write_pdf

    writers = {".pdf": write_pdf, ".html": write_html, ".htm": write_html}
    if path.suffix.lower() not in writers:
        raise InputError(path, "is neither a .pdf nor an .html file; end its name with one of them")
    writers[path.suffix.lower()](report, path)
