"""The defect regions of a lot as a table for spreadsheets and programs."""

import csv
import io
import math
from pathlib import Path

from cmdiad_core.inspection import Inspection
from cmdiad_core.writing import write_file

COLUMNS = (
    "part",
    "verdict",
    "region",
    "score",
    "modality",
    "provenance",
    "area_px",
    "area_mm2",
    "extent_mm",
    "row",
    "column",
    "x_mm",
    "y_mm",
    "z_mm",
)

#: A cell that begins with one of these is calculated by spreadsheets; the last four are the wide
#: forms that East Asian keyboards have.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class RegionTable:
    """One row for each region, in a CSV file."""

    def __init__(self) -> None:
        self._parts: list[tuple[float, list[tuple[object, ...]]]] = []

    def add(self, inspection: Inspection) -> None:
        """Take the regions of a part."""
        rows: list[tuple[object, ...]] = [
            (
                spreadsheet_text(inspection.sample_id),
                inspection.verdict.value,
                number,
                _plain(region.score),
                spreadsheet_text(region.modality),
                region.provenance.value,
                region.area_px,
                _plain(region.area_mm2),
                _plain(region.extent_mm),
                *region.peak,
                *(_plain(value) for value in region.position_mm or (None, None, None)),
            )
            for number, region in enumerate(inspection.regions, start=1)
        ]
        self._parts.append((inspection.score, rows))

    def write(self, path: Path) -> None:
        """Write the rows, those of the highest scored part first.

        UTF-8, commas, a head line with `COLUMNS`; sizes in millimetres are empty where nothing
        metric was measured. Rows and columns count from 0. In names that a spreadsheet would
        take for a formula an apostrophe comes first.

        Raises
        ------
        InputError
            The file cannot be written.
        """
        file = io.StringIO(newline="")
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for _, rows in sorted(self._parts, key=lambda part: -part[0]):
            table.writerows(rows)
        write_file(path, file.getvalue().encode("utf-8", "replace"))


def spreadsheet_text(value: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe comes first then."""
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value


def _plain(value: float | None) -> float | str:
    return "" if value is None or not math.isfinite(value) else float(value)
