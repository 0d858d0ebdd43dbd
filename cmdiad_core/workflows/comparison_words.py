"""What a comparison of two models says, in words: in the window and on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmdiad_core.models import NOTHING
from cmdiad_core.text import known_text, number, text

if TYPE_CHECKING:
    from cmdiad_core.models import GateResult
    from cmdiad_core.workflows.comparison import ChangedVerdict, Comparison, Gate


def gate(one: GateResult | Gate) -> str:
    """Say whether a gate was passed, and what was found at it."""
    name, found = one.name, one.found
    if one.kind is not None:
        name = text(f"models.gate.{one.kind}", limit=number(one.limit or 0, "g"))
        if not one.tested:
            found = text(f"models.gate.{one.kind}.lacking")
        elif found == NOTHING:
            found = text("models.gate.nothing")
    if not one.tested:
        return text("models.gate.untested", name=name, lacking=found)
    key = "models.gate.passed" if one.passed else "models.gate.failed"
    return text(key, name=name, found=found)


def used(found: Comparison) -> list[str]:
    """Return what was used of the parts, group by group of its patterns."""
    names = [
        " + ".join(known_text(f"modality.{name}", name) for name in group.name.split(" + "))
        for group in found.patterns[1:]
    ]
    # The first group is all parts with all modalities.
    return [text("models.everything"), *names]


def truth(one: ChangedVerdict) -> str:
    """Return what is known of a part: the type of its defect where it has one."""
    known = "models.truth.defective" if one.defective else "models.truth.good"
    return one.defect_type or text(known)


def news(one: ChangedVerdict) -> str:
    """Return what gates look at; empty where it is neither an escape nor a false reject."""
    if one.is_new_escape:
        return text("models.new_escape")
    return text("models.new_false_reject") if one.is_new_false_reject else ""


def figure(value: float | None, form: str = ".3f") -> str:
    """Return a figure as tables show it."""
    return "–" if value is None else number(value, form)
