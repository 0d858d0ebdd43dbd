"""Inspect parts that are given by their paths."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cmdiad_core.data.layouts import parts_from_paths
from cmdiad_core.detector import Detector
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Inspection
from cmdiad_core.models import require_outside_models
from cmdiad_core.progress import Progress
from cmdiad_core.report import (
    ColourScale,
    RegionTable,
    Report,
    record,
    write_html,
    write_overlays,
    write_pdf,
)
from cmdiad_core.sample import PartFiles
from cmdiad_core.text import text
from cmdiad_core.workflows.reading import Skipped, read_samples, require_known, with_modalities
from cmdiad_core.writing import require_folder

#: Raised whenever a field of `Findings.to_json` changes its meaning or goes.
SCHEMA = 1

#: What is left in the folder of a batch, beside the overlays.
REPORT, PRINTED, REGIONS = "report.html", "report.pdf", "regions.csv"


@dataclass(frozen=True)
class Findings:
    """What was found on a batch of parts.

    Parameters
    ----------
    model, device : str
        Id of the model and what it computed on.
    paths : tuple of Path
        What was asked for.
    records : tuple of dict
        `report.record` of each part that was inspected, highest score first.
    skipped : tuple of InputError
        What could not be inspected, and why.
    """

    model: str
    device: str
    paths: tuple[Path, ...]
    records: tuple[dict[str, Any], ...]
    skipped: tuple[InputError, ...]

    def to_json(self) -> str:
        """Return what `cmdiad inspect --json` writes."""
        content = {
            "schema": SCHEMA,
            "model": self.model,
            "device": self.device,
            "paths": [str(path) for path in self.paths],
            "parts": self.records,
            "skipped": [
                {"file": str(error.where), "problem": error.problem} for error in self.skipped
            ],
        }
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)


def inspect(
    detector: Detector,
    paths: Sequence[Path],
    *,
    using: Sequence[str] | None,
    out: Path | None,
    progress: Progress,
    skipped: Skipped,
    kept: Callable[[PartFiles, Inspection], None] = lambda *_: None,
) -> Findings:
    """Inspect every part that `paths` mean; what cannot be used does not stop the rest.

    Parameters
    ----------
    detector : Detector
        The model.
    paths : sequence of Path
        Files, folders and data sets, as `parts_from_paths` takes them.
    using : sequence of str or None
        Read and use these modalities only; None takes all that the model knows.
    out : Path or None
        Folder for the overlays, the report (``report.html`` and ``report.pdf``) and the table of
        regions (``regions.csv``); None writes nothing.
    progress : Progress
        Told of the stage ``"inspect"``, part by part.
    skipped : callable
        Told at once of each path and part that cannot be used.
    kept : callable
        Given every part, with all its files, and what was found on it.

    Raises
    ------
    InputError
        A modality that the model never saw, or an `out` that cannot be written.
    """
    require_known(detector, using)
    if out is not None:
        require_outside_models(out / REPORT)
        require_folder(out)
    left_out: list[InputError] = []

    def leave_out(error: InputError) -> None:
        left_out.append(error)
        skipped(error)

    given = _parts(paths, leave_out)
    if out is not None:
        _require_apart(out, given)
    parts = with_modalities(detector, given, using, leave_out)
    whole = {part.id: part for part in given}
    records = []
    scale = ColourScale(*detector.scale)
    report = Report(
        scale, {text("report.model_name"): detector.name, text("report.device"): detector.device}
    )
    regions = RegionTable()
    for part, sample in read_samples(parts, "inspect", progress, leave_out):
        try:
            inspection = detector.inspect(sample)
        except InputError as error:
            leave_out(error)
            continue
        records.append(record(inspection, sample.files))
        kept(whole[part.id], inspection)
        if out is not None:
            write_overlays(sample, inspection, scale, out)
            report.add(sample, inspection)
            regions.add(inspection)
    if out is not None:
        for one in left_out:
            report.add_unread(one)
        write_html(report, out / REPORT)
        write_pdf(report, out / PRINTED)
        regions.write(out / REGIONS)
    return Findings(
        model=detector.id,
        device=detector.device,
        paths=tuple(paths),
        records=tuple(sorted(records, key=lambda entry: -entry["score"])),
        skipped=tuple(left_out),
    )


def _require_apart(out: Path, parts: Sequence[PartFiles]) -> None:
    """Refuse to write among measurements: an overlay may have the name of one, or look like one."""
    # Not by Path.samefile: a table may name folders that are not there.
    place = os.path.realpath(out)
    folders = {path.parent for part in parts for path in part.files.values()}
    if place in map(os.path.realpath, folders):
        raise InputError(out, "holds files of parts, which are only read; name another folder")


def _parts(paths: Sequence[Path], leave_out: Skipped) -> list[PartFiles]:
    try:
        return parts_from_paths(paths)
    except InputError:
        # One of them is at fault; together the others may still be files of one part.
        good = []
        for path in paths:
            try:
                parts_from_paths([path])
            except InputError as error:
                leave_out(error)
            else:
                good.append(path)
        return parts_from_paths(good)
