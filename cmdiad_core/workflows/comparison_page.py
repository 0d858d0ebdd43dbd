"""A comparison of two models as a page."""

from cmdiad_core.report import render
from cmdiad_core.workflows.comparison import MOST_PICTURED, Comparison


def comparison_page(found: Comparison) -> str:
    """Return the page, complete in one file."""
    return render("comparison.html", number, found=found, most=MOST_PICTURED)


def number(value: float | None) -> str:
    """Return a figure as tables show it."""
    return "–" if value is None else f"{value:.3f}"
