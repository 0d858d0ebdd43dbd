"""What directions and banks are called on the page and in its figures."""

from collections.abc import Sequence

from cmdiad_core.modalities import modality
from cmdiad_core.workflows.asymmetry.results import Bank, Direction, View

VIEWS = {
    View.MODEL: "as the model does",
    View.EVERYTHING: "everything",
    View.OWN: "own foreground",
    View.CLOUD: "foreground of the cloud",
}


def title(name: str) -> str:
    """Return how a modality is called."""
    return modality(name).title


def direction(one: Direction) -> str:
    """Return from what to what is predicted."""
    return f"{modality(one.source).short} → {modality(one.target).short}"


def bank(one: Bank) -> str:
    """Return whose features a bank holds, and where from."""
    if one.predicted_from is None:
        return f"{modality(one.modality).short}, measured"
    return f"{modality(one.modality).short}, predicted from {modality(one.predicted_from).short}"


def number(value: float | None) -> str:
    """Return a number with three decimals, or a dash."""
    return "–" if value is None else f"{value:.3f}"


def percent(value: float | None) -> str:
    """Return a share in percent, or a dash."""
    return "–" if value is None else f"{value:.0%}"


def span(counts: Sequence[int]) -> str:
    """Return numbers as one, or as the smallest and the largest."""
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low}–{high}"
