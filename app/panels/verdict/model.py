"""The verdict in words."""

from dataclasses import dataclass

from app.text import inside, modality_title, number, text
from cmdiad_core.inspection import Inspection, Provenance, Region, Verdict


@dataclass(frozen=True)
class Account:
    """What the verdict panel says of one inspection."""

    headline: str
    size: str
    score: str
    without: str
    p_value: str
    p_note: str


def account(inspection: Inspection, *, awaited: bool = False) -> Account:
    """Put an inspection into words; its regions may still be awaited."""
    limits = inspection.operating_point
    regions = [r for r in inspection.regions if r.score >= limits.accept_below]
    smallest = 1 / (inspection.calibration_size + 1)
    predicted = bool(inspection.predicting)
    return Account(
        headline=_headline(inspection, regions, awaited),
        size=_size(regions),
        score=number(inspection.score),
        without=number(inspection.score_without_predictions) if predicted else "",
        p_value=number(inspection.p_value, ".3f"),
        p_note=text(
            "verdict.p_note", size=inspection.calibration_size, floor=number(smallest, ".3f")
        ),
    )


def _headline(inspection: Inspection, regions: list[Region], awaited: bool) -> str:
    verdict = text(f"verdict.{inspection.verdict}")
    if awaited and inspection.verdict is not Verdict.ACCEPT:
        return text("verdict.headline.awaited", verdict=verdict)
    if not regions:
        return text("verdict.headline.calm", verdict=verdict)
    first = regions[0]
    return text(
        "verdict.headline.region",
        verdict=verdict,
        score=number(first.score),
        modality=inside(modality_title(first.modality)),
        provenance=text(f"provenance.{first.provenance}").lower(),
    )


def _size(regions: list[Region]) -> str:
    if not regions:
        return ""
    first, count = regions[0], len(regions)
    words = text("verdict.region" if count == 1 else "verdict.regions", count=count)
    if first.area_mm2 is not None and first.extent_mm is not None:
        extent, area = number(first.extent_mm, ".1f"), number(first.area_mm2, ".1f")
        return words + text("verdict.size_mm", extent=extent, area=area)
    return words + text("verdict.size_px", area=first.area_px)


def provenances(inspection: Inspection) -> dict[str, Provenance]:
    """Return the provenance of every modality the model knows, by title."""
    return {modality_title(n): result.provenance for n, result in inspection.modalities.items()}
