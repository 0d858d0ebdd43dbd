"""What reports say of an inspection, in words."""

import math

from cmdiad_core.inspection import Inspection, OperatingPoint, Provenance, Region, Verdict
from cmdiad_core.modalities import modalities

#: Said of a part that has no fused map.
BY_SCORES = "fused by scores: the modalities are not registered"

#: What the dashed line in pictures is.
DASHED = "dashed outline: what was looked at"

VERDICTS = {Verdict.REJECT: "Reject", Verdict.UNDECIDED: "Undecided", Verdict.ACCEPT: "Accept"}


def number(value: float) -> str:
    """Return a number with two decimals."""
    return f"{value:z.2f}" if math.isfinite(value) else "not a number"


def score(value: float, limits: OperatingPoint) -> str:
    """Return a score with two decimals, or more where rounding would cross a limit."""
    for decimals in (2, 3, 4, 5):
        text = f"{value:.{decimals}f}"
        if limits.judge(float(text)) is limits.judge(value):
            return text
    return repr(float(value))


def p_value(inspection: Inspection) -> str:
    """Return the p-value with three digits."""
    return f"{inspection.p_value:.3g}"


def title(name: str) -> str:
    """Return how a modality is called; its identifier where it is not known here."""
    known = modalities()
    return known[name].title if name in known else name


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
    said = [f"{provenance}: {names}" for provenance, names in basis(inspection).items()]
    if inspection.map is None:
        said.append(BY_SCORES)
    return "; ".join(said)


def left_out(inspection: Inspection) -> str:
    """Return the titles of the modalities whose background was not looked at; may be empty."""
    return ", ".join(title(name) for name in inspection.before_background)


def size(region: Region) -> str:
    """Return how large a region is: in millimetres, or in pixels and "uncalibrated"."""
    if region.extent_mm is None:
        return f"{region.area_px} px, uncalibrated"
    area = "" if region.area_mm2 is None else f", {_length(region.area_mm2)} mm²"
    return f"{_length(region.extent_mm)} mm long{area}"


def position(region: Region) -> str:
    """Return where the peak of a region is: on the grid and, where known, in the camera frame."""
    row, column = region.peak
    text = f"row {row}, column {column}"
    if region.position_mm is None:
        return text
    x, y, z = (f"{value:.1f}" for value in region.position_mm)
    return f"{text} (x {x}, y {y}, z {z} mm)"


def seen_by(region: Region) -> str:
    """Return which modality saw a region, and whether it was measured."""
    return f"{title(region.modality)} ({region.provenance})"


def explanation(inspection: Inspection) -> str:
    """Return the sentence that says why the verdict is what it is."""
    limits = inspection.operating_point
    shown = score(inspection.score, limits)
    match inspection.verdict:
        case Verdict.REJECT:
            return f"Score {shown} reaches the reject limit {number(limits.reject_from)}."
        case Verdict.ACCEPT:
            return f"Score {shown} is below the accept limit {number(limits.accept_below)}."
        case _:
            return (
                f"Score {shown} lies between the accept limit {number(limits.accept_below)} "
                f"and the reject limit {number(limits.reject_from)}: someone has to look."
            )


def without_predictions(inspection: Inspection) -> str:
    """Return the score that measurements alone give, and the verdict where that differs."""
    if not inspection.predicting:
        return "no prediction used"
    limits = inspection.operating_point
    alone = limits.judge(inspection.score_without_predictions)
    text = score(inspection.score_without_predictions, limits)
    if hangs_on_prediction(inspection):
        return f"{text}, verdict would be: {VERDICTS[alone].lower()}"
    return f"{text}, same verdict"


def hangs_on_prediction(inspection: Inspection) -> bool:
    """Tell whether measurements alone would have given another verdict."""
    alone = inspection.operating_point.judge(inspection.score_without_predictions)
    return bool(inspection.predicting) and alone is not inspection.verdict


def _length(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"
