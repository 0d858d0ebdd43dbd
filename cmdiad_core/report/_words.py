"""What reports say of an inspection, in words."""

import math
from datetime import UTC, datetime

from cmdiad_core.inspection import Inspection, OperatingPoint, Provenance, Region, Verdict
from cmdiad_core.modalities import modalities
from cmdiad_core.report.judgement import Judgement
from cmdiad_core.text import known_text, localised, text

#: Sentences that say how to read a report.
_HOW_TO_READ = ("score", "p_value", "colours", "dashed", "predicted", "lengths")


def how_to_read() -> tuple[str, ...]:
    """Return the sentences that say how to read a report."""
    return tuple(text(f"report.how.{about}") for about in _HOW_TO_READ)


def verdict(value: Verdict) -> str:
    """Return the word for a verdict."""
    return text(f"verdict.{value}")


def number(value: float) -> str:
    """Return a number with two decimals."""
    return localised(f"{value:z.2f}") if math.isfinite(value) else text("report.no_number")


def score(value: float, limits: OperatingPoint) -> str:
    """Return a score with two decimals, or more where rounding would cross a limit."""
    for decimals in (2, 3, 4, 5):
        rounded = f"{value:.{decimals}f}"
        if limits.judge(float(rounded)) is limits.judge(value):
            return localised(rounded)
    return localised(repr(float(value)))


def p_value(inspection: Inspection) -> str:
    """Return the p-value with three digits."""
    return localised(f"{inspection.p_value:.3g}")


def title(name: str) -> str:
    """Return how a modality is called; its identifier where it is not known here."""
    known = modalities()
    return known_text(f"modality.{name}", known[name].title if name in known else name)


def basis(inspection: Inspection) -> dict[Provenance, str]:
    """Return the titles of the measured, the predicted and the absent modalities, if any."""
    found = {}
    for provenance in Provenance:
        names = [n for n, r in inspection.modalities.items() if r.provenance is provenance]
        if names:
            found[provenance] = ", ".join(title(name) for name in names)
    return found


def basis_sentence(inspection: Inspection) -> str:
    """Return the same as one line, e.g. ``"measured: RGB image; predicted: Point cloud"``."""
    said = rests_on(inspection)
    if inspection.map is None:
        said.append(text("report.by_scores"))
    return "; ".join(said)


def rests_on(inspection: Inspection) -> list[str]:
    """Return what was measured, predicted and absent, each as it stands beside a verdict."""
    return [
        text(f"report.basis.{provenance}", names=names)
        for provenance, names in basis(inspection).items()
    ]


def left_out(inspection: Inspection) -> str:
    """Return the titles of the modalities whose background was not looked at; may be empty."""
    return ", ".join(title(name) for name in inspection.before_background)


def size(region: Region) -> str:
    """Return how large a region is: in millimetres, or in pixels and "uncalibrated"."""
    if region.extent_mm is None:
        return text("report.size.px", area=region.area_px)
    length = millimetres(region.extent_mm)
    if region.area_mm2 is None:
        return text("report.size.length", length=length)
    return text("report.size.area", length=length, area=millimetres(region.area_mm2))


def position(region: Region) -> str:
    """Return where the peak of a region is: on the grid and, where known, in the camera frame."""
    row, column = region.peak
    if region.position_mm is None:
        return text("report.position", row=row, column=column)
    x, y, z = region.position_mm
    return text("report.position.mm", row=row, column=column, x=x, y=y, z=z)


def seen_by(region: Region) -> str:
    """Return which modality saw a region, and whether it was measured."""
    return text(f"report.seen.{region.provenance}", modality=title(region.modality))


def explanation(inspection: Inspection) -> str:
    """Return the sentence that says why the verdict is what it is."""
    limits = inspection.operating_point
    return text(
        f"report.explain.{inspection.verdict}",
        score=score(inspection.score, limits),
        accept=number(limits.accept_below),
        reject=number(limits.reject_from),
    )


def without_predictions(inspection: Inspection) -> str:
    """Return the score that measurements alone give, and the verdict where that differs."""
    if not inspection.predicting:
        return text("report.no_prediction")
    alone = score(inspection.score_without_predictions, inspection.operating_point)
    if hangs_on_prediction(inspection):
        other = verdict(inspection.verdict_without_predictions).lower()
        return text("report.without.other", score=alone, verdict=other)
    return text("report.without.same", score=alone)


def hangs_on_prediction(inspection: Inspection) -> bool:
    """Tell whether measurements alone would have given another verdict."""
    alone = inspection.verdict_without_predictions
    return bool(inspection.predicting) and alone is not inspection.verdict


def hanging(inspection: Inspection) -> str:
    """Return the warning where measurements alone would have given another verdict, or nothing."""
    if not hangs_on_prediction(inspection):
        return ""
    return text("report.hanging", alone=without_predictions(inspection))


def largest(inspection: Inspection) -> str:
    """Return score and size of the region with the highest score."""
    if not inspection.regions:
        return text("report.none")
    first = inspection.regions[0]
    return f"{score(first.score, inspection.operating_point)}, {size(first)}"


def facts(inspection: Inspection) -> list[tuple[str, str]]:
    """Return what a report lists of a part: names and values."""
    count = inspection.calibration_size
    said = text("report.p_value", p_value=p_value(inspection), count=count, most=count + 1)
    listed = [
        (text("report.column.score"), score(inspection.score, inspection.operating_point)),
        (text("report.column.p_value"), said),
        (text("report.column.without"), without_predictions(inspection)),
    ]
    listed += [(text(f"report.fact.{key}"), names) for key, names in basis(inspection).items()]
    if inspection.before_background:
        listed.append((text("report.fact.background"), left_out(inspection)))
    if inspection.map is None:
        listed.append((text("report.fact.fused"), text("report.by_scores")))
    return listed


def judged_by(judgement: Judgement) -> str:
    """Return who decided what and when; who commented when, where nobody decided."""
    who, when = judgement.who, time(judgement.when)
    if judgement.verdict is None:
        return text("report.judged.comment", who=who, when=when)
    return text("report.judged", verdict=verdict(judgement.verdict), who=who, when=when)


def time(moment: datetime) -> str:
    """Return a date and time in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def limits(point: OperatingPoint) -> str:
    """Return the sentence on an operating point."""
    accept, reject = number(point.accept_below), number(point.reject_from)
    return text("report.limits", accept=accept, reject=reject)


def marks(parts: int) -> str:
    """Return what the marks on a colour bar are."""
    return text("report.marks.one" if parts == 1 else "report.marks")


def printable(words: str) -> str:
    """Return a text without what no typeface draws: line breaks, bytes of no encoding."""
    return "".join(sign if sign.isprintable() else "?" for sign in words)


def millimetres(value: float) -> str:
    """Return a length or an area with as many digits as one measures."""
    return localised(f"{value:.1f}" if value < 100 else f"{value:.0f}")
