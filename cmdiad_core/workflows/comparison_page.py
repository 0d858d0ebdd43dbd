"""A comparison of two models as a page."""

from cmdiad_core.metrics.paired import Difference
from cmdiad_core.report import render
from cmdiad_core.workflows.comparison import Comparison


def comparison_page(found: Comparison) -> str:
    """Return the page, complete in one file."""
    return render("comparison.html", number, found=found, interval=interval)


def number(value: float | None) -> str:
    """Return a figure as tables show it."""
    return "–" if value is None else f"{value:.3f}"


def interval(difference: Difference | None) -> str:
    """Return a difference with its 95 % interval."""
    if difference is None:
        return "–"
    return f"{difference.value:+.3f} ({difference.low:+.3f} to {difference.high:+.3f})"
