"""Mark a place or a region of the shown part in every view."""

from app.actions.measure import measure_to
from app.annotating import Tool
from app.cursor import Cursor
from app.workbench import Workbench
from cmdiad_core.inspection import Inspection, Region


def point_at(bench: Workbench, cursor: Cursor) -> None:
    """Mark a place for good; the smallest region whose box holds it becomes the chosen one.

    While the measure is in use, the place is an end of a line instead.
    """
    if bench.session.annotating.tool is Tool.MEASURE:
        measure_to(bench, cursor)
        return
    inspection = bench.session.inspection
    inside = [] if inspection is None else _regions_at(inspection, cursor)
    bench.session.pin(cursor, min(inside, key=lambda region: region.area_px, default=None))


def select_region(bench: Workbench, region: Region) -> None:
    """Choose a region: every view goes to its peak."""
    row, column = region.peak
    bench.session.pin(Cursor(region.modality, row + 0.5, column + 0.5), region)


def _regions_at(inspection: Inspection, cursor: Cursor) -> list[Region]:
    return [
        region
        for region in inspection.regions
        if (inspection.map is not None or region.modality == cursor.modality)
        and region.box[0] <= cursor.row < region.box[2]
        and region.box[1] <= cursor.column < region.box[3]
    ]
