"""What a PDF report draws itself: marks of verdicts, the colour bar and pictures."""

import hashlib
import io
from collections.abc import Sequence
from itertools import pairwise

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from cmdiad_core.inspection import Verdict
from cmdiad_core.report import _words
from cmdiad_core.report._colour_strip import ColourStrip
from cmdiad_core.report._pdf_style import BOLD, FAINT, INK, LINE, RAISED, REGULAR, VERDICTS

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
        canvas.drawString(1.65 * size, 0.28 * size, _words.VERDICTS[self._verdict])


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
            _fill(canvas, ((x, top + 1), (x - 3, top + 6.5), (x + 3, top + 6.5)))
        accept, reject = strip.limits.accept_below, strip.limits.reject_from
        ends = [self._WIDTH * strip.share(limit) for limit in (accept, reject)]
        canvas.setStrokeColor(HexColor(INK))
        canvas.setLineWidth(1.4)
        for x in ends:
            canvas.line(x, bottom - 4, x, top + 4)
        canvas.setFont(REGULAR, self._SIZE)
        self._label(ends[0], bottom, f"accept below {_words.number(accept)}", left=True)
        self._label(ends[1], bottom, f"reject from {_words.number(reject)}", left=False)
        canvas.setFillColor(HexColor(FAINT))
        low, high = strip.scale
        above = " and above" if any(score > high for score in self._scores) else ""
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


class Picture(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A JPEG file as it is: reportlab's own would keep the pixels of every picture in memory.

    Parameters
    ----------
    data : bytes
        The file.
    size : (int, int)
        Its width and height in pixels.
    room : (float, float)
        Width and height in points that it is fitted into.
    """

    def __init__(self, data: bytes, size: tuple[int, int], room: tuple[float, float]) -> None:
        super().__init__()
        self._data = data
        factor = min(room[0] / size[0], room[1] / size[1])
        self.width, self.height = factor * size[0], factor * size[1]

    def draw(self) -> None:
        """Put the file into the document."""
        self.canv.drawImage(_Jpeg(self._data), 0, 0, self.width, self.height)


class _Jpeg:
    """What reportlab asks of an image: a name by which it is stored once, and the file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __str__(self) -> str:
        return hashlib.sha256(self._data).hexdigest()

    def jpeg_fh(self) -> io.BytesIO:
        return io.BytesIO(self._data)


def _draw_mark(canvas: Canvas, verdict: Verdict, colour: HexColor) -> None:
    canvas.setFillColor(colour)
    if verdict in _BODIES:
        _fill(canvas, _BODIES[verdict])
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


def _fill(canvas: Canvas, corners: Sequence[tuple[float, float]]) -> None:
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)
