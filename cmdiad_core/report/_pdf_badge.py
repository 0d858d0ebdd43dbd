"""The verdict in a PDF report."""

from itertools import pairwise

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from cmdiad_core.inspection import Verdict
from cmdiad_core.report import _words
from cmdiad_core.report._pdf_style import BOLD, VERDICTS, fill_polygon

#: The shapes of `parts.html`, in a square of 24 x 24 whose origin is at the lower left.
_BODIES = {
    Verdict.UNDECIDED: ((12, 23), (23, 12), (12, 1), (1, 12)),
    Verdict.REJECT: (
        *((7.6, 22.4), (16.4, 22.4), (22.4, 16.4), (22.4, 7.6)),
        *((16.4, 1.6), (7.6, 1.6), (1.6, 7.6), (1.6, 16.4)),
    ),
}
_STROKES = {
    Verdict.ACCEPT: (((7.4, 11.6), (10.6, 8.4), (16.6, 15.2)),),
    Verdict.REJECT: (((8.2, 15.8), (15.8, 8.2)), ((15.8, 15.8), (8.2, 8.2))),
}


class Badge(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A verdict in shape, colour and words.

    Parameters
    ----------
    verdict : Verdict
        What it says.
    size : float
        Of its letters, in points.
    """

    def __init__(self, verdict: Verdict, size: float = 8.5) -> None:
        super().__init__()
        self._verdict = verdict
        self._size = size

    def wrap(self, *_: float) -> tuple[float, float]:
        """Return width and height in points."""
        return 7.5 * self._size, 1.3 * self._size

    def draw(self) -> None:
        """Draw the mark, then the word beside it."""
        canvas, size = self.canv, self._size
        colour = HexColor(VERDICTS[self._verdict])
        canvas.saveState()
        canvas.scale(1.25 * size / 24, 1.25 * size / 24)
        _draw_mark(canvas, self._verdict, colour)
        canvas.restoreState()
        canvas.setFillColor(colour)
        canvas.setFont(BOLD, size)
        canvas.drawString(1.65 * size, 0.28 * size, _words.verdict(self._verdict))


def _draw_mark(canvas: Canvas, verdict: Verdict, colour: HexColor) -> None:
    canvas.setFillColor(colour)
    if verdict in _BODIES:
        fill_polygon(canvas, _BODIES[verdict])
    else:
        canvas.circle(12, 12, 10, stroke=0, fill=1)
    canvas.setStrokeColor(HexColor("#ffffff"))
    canvas.setLineWidth(2.4)
    canvas.setLineCap(1)
    for points in _STROKES.get(verdict, ()):
        for begin, end in pairwise(points):
            canvas.line(*begin, *end)
    if verdict is Verdict.UNDECIDED:
        canvas.setFillColor(HexColor("#ffffff"))
        canvas.setFont(BOLD, 14)
        canvas.drawCentredString(12, 7, "?")
