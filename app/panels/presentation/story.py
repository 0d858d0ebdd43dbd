"""What a slide says of a part, and the first slide of all of them, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.panels.verdict.model import account
from app.text import inside, modality_title, text
from app.truth import Truth
from cmdiad_core.inspection import Inspection
from cmdiad_core.sample import PartFiles


@dataclass(frozen=True)
class Story:
    """The words of one slide: what was decided, why, and what is known of the part."""

    verdict: str
    score: str
    why: str
    truth: str


def story(part: PartFiles, truth: Truth, inspection: Inspection) -> Story:
    """Put an inspection into words for people who do not inspect parts themselves."""
    told = account(inspection)
    why = text("presentation.calm")
    if told.size:
        first = inspection.regions[0]
        why = text(
            "presentation.why",
            size=told.size,
            modality=inside(modality_title(first.modality)),
            provenance=text(f"provenance.{first.provenance}").lower(),
        )
    return Story(
        verdict=text(f"verdict.{inspection.verdict}"),
        score=text("presentation.score", score=told.score),
        why=why,
        truth=_known(part, truth),
    )


def listed(names: Sequence[str]) -> str:
    """Return the titles of modalities as part of a sentence."""
    titles = [inside(modality_title(name)) for name in names]
    if len(titles) < 2:
        return "".join(titles)
    return text("presentation.and", first=", ".join(titles[:-1]), last=titles[-1])


def _known(part: PartFiles, truth: Truth) -> str:
    if truth.defective is None:
        return ""
    if not truth.defective:
        return text("presentation.truth.good")
    name = part.defect_type.replace("_", " ")
    return text("presentation.truth.type", name=name) if name else text("presentation.truth.bad")
