"""A comparison of two models as a page."""

from cmdiad_core.report import render
from cmdiad_core.workflows.comparison import Comparison


def comparison_page(found: Comparison) -> str:
    """Return the page, complete in one file."""
    shown = [one for one in found.changed if one.pictures]
    return render("comparison.html", number, found=found, shown=shown)


def number(value: float | None) -> str:
    """Return a figure as tables show it."""
    return "–" if value is None else f"{value:.3f}"
