"""What is known of each region, as values to sort, filter and copy."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from app.text import modality_title, number, text
from cmdiad_core.filter_expression import Condition, Value
from cmdiad_core.inspection import Inspection, Region

#: Names that a filter may use and columns of a copy, by type.
NAMES: dict[str, type[float] | type[str]] = {
    "number": float,
    "score": float,
    "area_mm2": float,
    "area_px": float,
    "length_mm": float,
    "length_px": float,
    "depth_mm": float,
    "modality": str,
    "provenance": str,
    "row": float,
    "column": float,
    "x_mm": float,
    "y_mm": float,
    "z_mm": float,
}


@dataclass(frozen=True)
class Row:
    """One region.

    Parameters
    ----------
    number : int
        Its place by score among the regions of its part, 1 for the highest.
    region : Region
        The region.
    """

    number: int
    region: Region

    @property
    def values(self) -> dict[str, Value]:
        """Return its values by the names of `NAMES`, None for what was not measured."""
        region = self.region
        x, y, z = region.position_mm or (None, None, None)
        return {
            "number": self.number,
            "score": region.score,
            "area_mm2": region.area_mm2,
            "area_px": region.area_px,
            "length_mm": region.extent_mm,
            "length_px": region.length_px,
            "depth_mm": region.depth_mm,
            "modality": region.modality,
            "provenance": str(region.provenance),
            "row": region.peak[0],
            "column": region.peak[1],
            "x_mm": x,
            "y_mm": y,
            "z_mm": z,
        }

    @property
    def words(self) -> tuple[str, ...]:
        """Return what each column of the table shows."""
        region = self.region
        return (
            str(self.number),
            number(region.score),
            _size(region.area_mm2, "mm²", region.area_px),
            _size(region.extent_mm, "mm", region.length_px),
            _depth(region),
            text(
                "defects.seen_by",
                modality=modality_title(region.modality),
                provenance=text(f"provenance.{region.provenance}").lower(),
            ),
            _position(region),
        )

    @property
    def keys(self) -> tuple[Value, ...]:
        """Return what each column of the table is sorted by."""
        region = self.region
        return (
            self.number,
            region.score,
            region.area_px if region.area_mm2 is None else region.area_mm2,
            region.length_px if region.extent_mm is None else region.extent_mm,
            region.depth_mm,
            f"{region.modality} {region.provenance}",
            region.peak[0] * 1e6 + region.peak[1],
        )


def rows(inspection: Inspection | None, meets: Condition | None) -> list[Row]:
    """Return the regions at or above the accept limit that meet a condition, highest first."""
    if inspection is None:
        return []
    lowest = inspection.operating_point.accept_below
    numbered = [Row(number, region) for number, region in enumerate(inspection.regions, start=1)]
    shown = [row for row in numbered if row.region.score >= lowest]
    return shown if meets is None else [row for row in shown if meets(row.values)]


def as_csv(chosen: Iterable[Row]) -> str:
    """Return rows as comma-separated values with a heading."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(NAMES), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.values for row in chosen)
    return stream.getvalue()


def _size(millimetres: float | None, unit: str, pixels: float | None) -> str:
    if millimetres is not None:
        return f"{number(millimetres, '.1f')} {unit}"
    return text("defects.unknown") if pixels is None else f"{pixels:.0f} px"


def _depth(region: Region) -> str:
    if region.depth_mm is not None:
        return f"{number(region.depth_mm, '+z.2f')} mm"
    return text("defects.uncalibrated" if region.extent_mm is None else "defects.unknown")


def _position(region: Region) -> str:
    words = text("defects.pixel", row=region.peak[0], column=region.peak[1])
    if region.position_mm is None:
        return words
    x, y, z = region.position_mm
    return text(
        "defects.position", pixel=words, x=number(x, ".1f"), y=number(y, ".1f"), z=number(z, ".1f")
    )
