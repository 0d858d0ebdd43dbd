"""A report as a PDF file: a summary, then a page for each flagged part."""

import io
from pathlib import Path

from cmdiad_core import __version__
from cmdiad_core.report import _words
from cmdiad_core.report.report import Report
from cmdiad_core.text import text
from cmdiad_core.writing import write_file


def write_pdf(report: Report, path: Path) -> None:
    """Write the report, all pictures and typefaces inside.

    A report of one part has no table of parts. In a report of a lot, parts that the model
    accepts stand in the table only.

    Parameters
    ----------
    report : Report
        What it says.
    path : Path
        The file, e.g. ``report.pdf``; its folder is made where it does not exist.

    Raises
    ------
    InputError
        The file cannot be written. What was at `path` before stays as it was.
    """
    # Half a second that the command line would wait for at every start.
    from reportlab.platypus import PageBreak, SimpleDocTemplate

    from cmdiad_core.report import _pdf_parts
    from cmdiad_core.report._pdf_pages import NumberedPages
    from cmdiad_core.report._pdf_style import MARGIN, PAGE, REGULAR, register_typefaces

    register_typefaces()
    story = [*_pdf_parts.head(report), *_pdf_parts.summary(report)]
    for place, entry in enumerate(report.entries, start=1):
        if _pdf_parts.has_page(entry, report):
            if not report.of_one_part:
                story.append(PageBreak())
            story += _pdf_parts.part(report, entry, f"part-{place}")
    story += _pdf_parts.explanations()
    file = io.BytesIO()
    title = f"{text('report.title')}, {_words.printable(report.headline)}"
    SimpleDocTemplate(
        file,
        pagesize=PAGE,
        # A frame keeps six points to itself on each side.
        leftMargin=MARGIN - 6,
        rightMargin=MARGIN - 6,
        topMargin=MARGIN - 6,
        bottomMargin=1.2 * MARGIN,
        # Otherwise every file names Helvetica, which is not embedded.
        initialFontName=REGULAR,
        title=title,
        author="cmdiad",
        creator=f"cmdiad {__version__}",
        subject=", ".join(report.models),
    ).build(story, canvasmaker=NumberedPages.with_foot(_foot(report)))
    write_file(path, file.getvalue())


def _foot(report: Report) -> str:
    said = (f"cmdiad {__version__}", *report.models, _words.time(report.made))
    return _words.printable(" · ".join(said))
