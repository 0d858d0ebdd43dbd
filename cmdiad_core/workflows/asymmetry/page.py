"""The study as one page: it shows nothing but what `Study` holds."""

from cmdiad_core.report import render
from cmdiad_core.workflows.asymmetry import figures, words
from cmdiad_core.workflows.asymmetry.results import Study


def page(study: Study) -> str:
    """Return the page, all figures inside."""
    return render("asymmetry.html", words.number, study=study, figures=figures, words=words)
