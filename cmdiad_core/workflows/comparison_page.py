"""A comparison of two models as a page."""

from cmdiad_core.report import render
from cmdiad_core.workflows import comparison_words
from cmdiad_core.workflows.comparison import Comparison


def comparison_page(found: Comparison) -> str:
    """Return the page, complete in one file."""
    shown = [one for one in found.changed if one.pictures]
    figure = comparison_words.figure
    return render("comparison.html", figure, found=found, shown=shown, words=comparison_words)
