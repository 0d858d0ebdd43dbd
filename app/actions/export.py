"""Hand on what was found: reports, tables and pictures, written by the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.inspect_queue import TOPIC as INSPECTION
from app.notifications import Level
from app.text import text
from app.workbench import Workbench
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Inspection, OperatingPoint
from cmdiad_core.sample import PartFiles, Sample

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector
    from cmdiad_core.report import Report

TOPIC = "export"


def export_part(bench: Workbench, path: Path) -> None:
    """Write a report of the shown part: PDF or HTML, as the name of the file ends."""

    def write(sample: Sample, inspection: Inspection, detector: Detector) -> None:
        report = _begin(detector)
        report.add(sample, inspection)
        _write(report, path)

    _export_shown(bench, path, write)


def export_picture(bench: Workbench, path: Path, over: str) -> None:
    """Write the map of the shown part over its modality `over`, with its scales, as PNG."""

    def write(sample: Sample, inspection: Inspection, detector: Detector) -> None:
        from cmdiad_core.report import write_picture

        write_picture(sample, inspection, detector.scale, path, over)

    _export_shown(bench, path, write)
