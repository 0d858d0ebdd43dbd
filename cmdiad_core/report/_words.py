"""What reports say of an inspection, in words."""

import math
from datetime import UTC, datetime

from cmdiad_core.inspection import Inspection, OperatingPoint, Provenance, Region, Verdict
from cmdiad_core.modalities import modalities
from cmdiad_core.report.judgement import Judgement

#: Said of sizes in pixels.
UNCALIBRATED = "uncalibrated"

#: Said of a part that has no fused map.
BY_SCORES = "fused by scores: the modalities are not registered"

#: What the dashed line in pictures is.
DASHED = "dashed outline: what was looked at"

HOW_TO_READ = (
    "The score is the highest value of the fused map, or fused from the scores of modalities that "
    "are not registered; 0 is the median good part. Parts with different modalities share this "
    "scale.",
    "The p-value is the share of good parts that score at least as high, the part itself counted. "
    "With n good calibration parts it cannot be below 1/(n + 1), however bad a part is.",
    "Colours mean the same score on every part. Nothing is drawn below the accept limit, so a "
    "good part looks calm. White lines are the regions of the fused map, or of each map where "
    "there is none, numbered by score.",
    "Dashed lines surround what was looked at, where good parts lie on a background: what is "
    "outside of them takes no part in the score.",
    "“Predicted” stands for a modality that was not measured: the model inferred it from what "
    "was. It is no observation of the part.",
    "Lengths are those on the part where a metric cloud was measured, and in pixels, called "
    f"{UNCALIBRATED}, elsewhere.",
)

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
        return f"{region.area_px} px, {UNCALIBRATED}"
    area = "" if region.area_mm2 is None else f", {millimetres(region.area_mm2)} mm²"
    return f"{millimetres(region.extent_mm)} mm long{area}"


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
    alone = inspection.verdict_without_predictions
    text = score(inspection.score_without_predictions, inspection.operating_point)
    if hangs_on_prediction(inspection):
        return f"{text}, verdict would be: {VERDICTS[alone].lower()}"
    return f"{text}, same verdict"


def hangs_on_prediction(inspection: Inspection) -> bool:
    """Tell whether measurements alone would have given another verdict."""
    alone = inspection.verdict_without_predictions
    return bool(inspection.predicting) and alone is not inspection.verdict


def hanging(inspection: Inspection) -> str:
    """Return the warning where measurements alone would have given another verdict, or nothing."""
    if not hangs_on_prediction(inspection):
        return ""
    return (
        "The verdict rests on a prediction: what was measured gives "
        f"{without_predictions(inspection)}."
    )


def largest(inspection: Inspection) -> str:
    """Return score and size of the region with the highest score."""
    if not inspection.regions:
        return "none"
    first = inspection.regions[0]
    return f"{score(first.score, inspection.operating_point)}, {size(first)}"


def facts(inspection: Inspection) -> list[tuple[str, str]]:
    """Return what a report lists of a part: names and values."""
    count = inspection.calibration_size
    listed = [
        ("Score", score(inspection.score, inspection.operating_point)),
        (
            "p-value",
            f"{p_value(inspection)} (from {count} good parts: cannot be below 1/{count + 1})",
        ),
        ("Score without predictions", without_predictions(inspection)),
    ]
    listed += [(str(key).capitalize(), names) for key, names in basis(inspection).items()]
    if inspection.before_background:
        listed.append(("Background left out", left_out(inspection)))
    if inspection.map is None:
        listed.append(("Fused", BY_SCORES))
    return listed


def judged_by(judgement: Judgement) -> str:
    """Return who decided what and when; who commented when, where nobody decided."""
    said = "Comment"
    if judgement.verdict is not None:
        said = f"Person's verdict: {VERDICTS[judgement.verdict]}"
    return f"{said}, by {judgement.who}, {time(judgement.when)}"


def time(moment: datetime) -> str:
    """Return a date and time in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def limits(point: OperatingPoint) -> str:
    """Return the sentence on an operating point."""
    return (
        f"Accept below {number(point.accept_below)}, reject from {number(point.reject_from)}; "
        "what lies between is undecided and someone has to look."
    )


def marks(parts: int) -> str:
    """Return what the marks on a colour bar are."""
    which = "score of this part" if parts == 1 else "one mark for each part"
    return f"▼ {which}; hatched: not drawn"


def printable(text: str) -> str:
    """Return a text without what no typeface draws: line breaks, bytes of no encoding."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def millimetres(value: float) -> str:
    """Return a length or an area with as many digits as one measures."""
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"
