"""What the dialog says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.text import number, text

if TYPE_CHECKING:
    from cmdiad_core.workflows.estimate import Estimate

_MINUTE, _HOUR = 90, 5400


def duration(seconds: float) -> str:
    """Return a time as precise as an estimate is."""
    if seconds < _MINUTE:
        return text("retrain.seconds", count=max(round(seconds), 1))
    if seconds < _HOUR:
        return text("retrain.minutes", count=round(seconds / 60))
    return text("retrain.hours", count=round(seconds / 3600, 1))


def cost(estimate: Estimate) -> str:
    """Return what a depth takes."""
    megabytes = round(estimate.memory / 1e6, -1)
    return text("retrain.cost", time=duration(estimate.seconds), memory=number(megabytes, ".0f"))


def outcomes(result: dict[str, Any]) -> dict[str, list[str]]:
    """Return the confirmed parts by what became of them, each with its scores.

    Parameters
    ----------
    result : dict
        What ``cmdiad retrain`` told.
    """
    found: dict[str, list[str]] = {
        name: [] for name in ("corrected", "new_escape", "refused", "accepted", "stayed")
    }
    for one in sorted(result["confirmed"], key=lambda one: str(one["part"])):
        before, after = (
            text("retrain.judged", verdict=text(f"verdict.{one[when]}"), score=one[f"score_{when}"])
            for when in ("before", "after")
        )
        line = text("retrain.change", part=one["part"], before=before, after=after)
        found[_outcome(one)].append(line)
    return found


def _outcome(one: dict[str, Any]) -> str:
    was_right, is_right = (_is_right(one["defective"], one[when]) for when in ("before", "after"))
    if is_right:
        return "stayed" if was_right else "corrected"
    if not one["defective"]:
        return "refused"
    return "accepted" if one["before"] == "accept" else "new_escape"


def _is_right(defective: bool, verdict: str) -> bool:
    return (verdict != "accept") if defective else (verdict == "accept")
