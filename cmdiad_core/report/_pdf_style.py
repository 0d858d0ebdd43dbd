"""Typefaces, colours, paragraphs and shapes of PDF reports."""

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from cmdiad_core.inspection import Verdict
from cmdiad_core.report._words import printable

PAGE = landscape(A4)
MARGIN = 12 * mm
WIDTH = PAGE[0] - 2 * MARGIN

INK = "#1a2329"
FAINT = "#566670"
LINE = "#ccd4d9"
RAISED = "#f4f6f8"
VERDICTS = {Verdict.ACCEPT: "#0b6ea8", Verdict.UNDECIDED: "#a86f00", Verdict.REJECT: "#bf4410"}

REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"


@cache
def register_typefaces() -> None:
    """Make the typefaces known; what a report uses of them is embedded in it.

    They have what Latin, Greek and Cyrillic languages write.
    """
    import matplotlib
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
    )


def paragraph(
    text: str, size: float = 8.5, colour: str = INK, *, bold: bool = False, right: bool = False
) -> Paragraph:
    """Return words; whatever they hold is text, not mark-up."""
    return marked_up(plain(text), size, colour, bold=bold, right=right)


def marked_up(
    mark_up: str, size: float = 8.5, colour: str = INK, *, bold: bool = False, right: bool = False
) -> Paragraph:
    """Return words with mark-up of our own; what comes from outside went through `plain`."""
    style = ParagraphStyle(
        "words",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=1.3 * size,
        textColor=colour,
        **({"alignment": TA_RIGHT} if right else {}),
    )
    return Paragraph(mark_up, style)


def plain(text: str) -> str:
    """Return a text in which nothing is mark-up, without what no typeface draws."""
    return escape(printable(text))


def fill_polygon(canvas: Canvas, corners: Sequence[tuple[float, float]]) -> None:
    """Fill a shape with the colour of now."""
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)
