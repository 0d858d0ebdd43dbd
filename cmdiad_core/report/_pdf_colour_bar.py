"""The colour bar in a PDF report."""

from collections.abc import Sequence

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from cmdiad_core.report import _words
from cmdiad_core.report._colour_strip import ColourStrip
from cmdiad_core.report._pdf_style import FAINT, INK, LINE, RAISED, REGULAR, fill_polygon
from cmdiad_core.text import text


class ColourBar(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A colour scale with the limits and the scores of parts on it.

    Parameters
    ----------
    strip : ColourStrip
        Scale and limits.
    scores : sequence of float
        Marked above the bar.
    """

    _WIDTH = 175 * mm
    _BAR = 4.5 * mm
    _SIZE = 7.5

    def __init__(self, strip: ColourStrip, scores: Sequence[float]) -> None:
        super().__init__()
        self._strip = strip
        self._scores = scores

    def wrap(self, *_: float) -> tuple[float, float]:
        """Return width and height in points."""
        return self._WIDTH, 17 * mm

    def draw(self) -> None:
        """Draw marks, bar, limits and labels, from top to bottom."""
        canvas, strip = self.canv, self._strip
        bottom = 9 * mm
        top = bottom + self._BAR
        self._draw_colours(bottom, top)
        canvas.setFillColor(HexColor(INK))
        for score in self._scores:
            x = self._WIDTH * strip.share(score)
            fill_polygon(canvas, ((x, top + 1), (x - 3, top + 6.5), (x + 3, top + 6.5)))
        accept, reject = strip.limits.accept_below, strip.limits.reject_from
        ends = [self._WIDTH * strip.share(limit) for limit in (accept, reject)]
        canvas.setStrokeColor(HexColor(INK))
        canvas.setLineWidth(1.4)
        for x in ends:
            canvas.line(x, bottom - 4, x, top + 4)
        canvas.setFont(REGULAR, self._SIZE)
        self._label(
            ends[0], bottom, text("report.accept_below", limit=_words.number(accept)), left=True
        )
        self._label(
            ends[1], bottom, text("report.reject_from", limit=_words.number(reject)), left=False
        )
        canvas.setFillColor(HexColor(FAINT))
        low, high = strip.scale.low, strip.scale.high
        above = text("report.above") if any(score > high for score in self._scores) else ""
        canvas.drawString(0, 0, _words.number(low))
        canvas.drawCentredString(self._WIDTH / 2, 0, _words.marks(len(self._scores)))
        canvas.drawRightString(self._WIDTH, 0, _words.number(high) + above)

    def _draw_colours(self, bottom: float, top: float) -> None:
        canvas, strip = self.canv, self._strip
        canvas.saveState()
        self._clip(0, bottom, self._WIDTH, top)
        canvas.linearGradient(0, 0, self._WIDTH, 0, [HexColor(stop) for stop in strip.stops])
        canvas.restoreState()
        calm = self._WIDTH * strip.share(strip.limits.accept_below)
        canvas.saveState()
        self._clip(0, bottom, calm, top)
        canvas.setFillColor(HexColor(RAISED))
        canvas.rect(0, bottom, calm, top - bottom, stroke=0, fill=1)
        canvas.setStrokeColor(HexColor(LINE))
        canvas.setLineWidth(1)
        for step in range(int(calm / 5) + 4):
            canvas.line(5 * step - 15, bottom, 5 * step - 15 + top - bottom, top)
        canvas.restoreState()
        canvas.setStrokeColor(HexColor(FAINT))
        canvas.setLineWidth(0.6)
        canvas.rect(0, bottom, self._WIDTH, top - bottom, stroke=1, fill=0)

    def _clip(self, left: float, bottom: float, right: float, top: float) -> None:
        path = self.canv.beginPath()
        path.rect(left, bottom, right - left, top - bottom)
        self.canv.clipPath(path, stroke=0)

    def _label(self, x: float, bottom: float, words: str, *, left: bool) -> None:
        """Write on one side of a limit, or along the end of the bar where there is no room."""
        width = self.canv.stringWidth(words, REGULAR, self._SIZE)
        start = x - width - 3 if left else x + 3
        self.canv.drawString(min(max(start, 0), self._WIDTH - width), bottom - 11, words)
