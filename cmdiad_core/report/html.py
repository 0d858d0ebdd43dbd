"""A report as one self-contained page."""

from pathlib import Path

from cmdiad_core.report import _words
from cmdiad_core.report.page import render
from cmdiad_core.report.report import Report
from cmdiad_core.writing import write_file


def write_html(report: Report, path: Path) -> None:
    """Write the page, all pictures inside.

    Parameters
    ----------
    report : Report
        What it says.
    path : Path
        The file, e.g. ``report.html``; its folder is made where it does not exist.

    Raises
    ------
    InputError
        The file cannot be written. What was at `path` before stays as it was.
    """
    page = render("report.html", _words.number, report=report, words=_words)
    write_file(path, page.encode("utf-8", "replace"))
