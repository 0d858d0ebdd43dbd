"""A drawn map with its title, its caption, colour bar and scale bar: what an overlay file shows."""

from PIL import Image, ImageDraw

from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.report._drawing import font
from cmdiad_core.report._length import Length
from cmdiad_core.report._words import number, printable
from cmdiad_core.report.colour_scale import ColourScale
from cmdiad_core.text import text

_PAPER = (255, 255, 255)
_INK = (26, 35, 41)
_FAINT = (86, 102, 112)
_NOT_DRAWN = (221, 227, 230)
_HATCH = (180, 190, 196)

_TEXT = 17
_LEADING = 24
_MARGIN = 24
_FOOT = 44
_BAR = 26
_LABELS = 168


def compose(
    drawn: Image.Image,
    lines: tuple[str, ...],
    width: Length,
    scale: ColourScale,
    limits: OperatingPoint,
) -> Image.Image:
    """Return the sheet.

    Parameters
    ----------
    drawn : Image
        The map over its picture.
    lines : tuple of str
        The title and the lines below it.
    width : Length
        How wide the picture is; a scale bar below it says so.
    scale : ColourScale
        Colours of the scores.
    limits : OperatingPoint
        Marked on the colour bar; nothing is drawn below the accept limit.
    """
    head = _MARGIN + _LEADING * len(lines) + _MARGIN // 2
    across = drawn.width + 3 * _MARGIN + _BAR + _LABELS
    sheet = Image.new("RGB", (across, head + drawn.height + _FOOT), _PAPER)
    draw = ImageDraw.Draw(sheet)
    for place, line in enumerate(lines):
        fill = _FAINT if place else _INK
        top = _MARGIN - 4 + place * _LEADING
        draw.text((_MARGIN, top), _shortened(line, across - 2 * _MARGIN), fill, font=font(_TEXT))
    sheet.paste(drawn, (_MARGIN, head))
    share, label = width.bar()
    _scale_bar(draw, (_MARGIN, head + drawn.height + _FOOT // 2), share * drawn.width, label)
    left = drawn.width + 2 * _MARGIN
    _colour_bar(sheet, (left, head, left + _BAR, head + drawn.height), scale, limits)
    return sheet


def _scale_bar(draw: ImageDraw.ImageDraw, left: tuple[int, int], length: float, label: str) -> None:
    x, y = left
    end = x + round(length) - 1
    draw.line((x, y, end, y), _INK, 3)
    for tick in (x, end):
        draw.line((tick, y - 6, tick, y + 6), _INK, 2)
    draw.text((end + 12, y), label, _INK, font=font(_TEXT - 2), anchor="lm")


def _colour_bar(
    sheet: Image.Image, box: tuple[int, int, int, int], scale: ColourScale, limits: OperatingPoint
) -> None:
    left, top, right, bottom = box
    height = bottom - top
    bar = Image.fromarray(scale.table[::-1, None]).resize((_BAR, height), Image.Resampling.BILINEAR)
    sheet.paste(bar, (left, top))
    draw = ImageDraw.Draw(sheet)

    def place(score: float) -> float:
        share = (score - scale.low) / (scale.high - scale.low)
        return bottom - 1 - min(max(share, 0.0), 1.0) * (height - 1)

    accept = round(place(limits.accept_below))
    draw.rectangle((left, accept, right - 1, bottom - 1), _NOT_DRAWN)
    for line in range(accept + 4, bottom, 8):
        draw.line((left, line, right - 1, line), _HATCH)
    draw.rectangle((left, top, right - 1, bottom - 1), outline=_INK)
    not_drawn = text("report.not_drawn")
    labels = [
        (place(scale.high), number(scale.high), _FAINT),
        (
            place(limits.reject_from),
            text("report.reject_from", limit=number(limits.reject_from)),
            _INK,
        ),
        (
            place(limits.accept_below),
            text("report.accept_below", limit=number(limits.accept_below)),
            _INK,
        ),
        ((accept + bottom) / 2, not_drawn, _FAINT),
        (place(scale.low), number(scale.low), _FAINT),
    ]
    heights = _apart([y for y, _, _ in labels], top, bottom)
    for (y, words, fill), label in zip(labels, heights, strict=True):
        if fill is _INK:
            draw.line((left - 5, y, right + 4, y), _INK, 2)
        if words != not_drawn:
            draw.line((right + 4, y, right + 14, label), fill)
        draw.text((right + 18, label), words, fill, font=font(_TEXT - 2), anchor="lm")


def _apart(wanted: list[float], top: float, bottom: float) -> list[float]:
    """Return heights, from top to bottom, moved as little as keeps the labels legible."""
    placed: list[float] = []
    for height in wanted:
        placed.append(max(height, placed[-1] + _LEADING - 2 if placed else top))
    limit = float(bottom)
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - (_LEADING - 2)
    return placed


def _shortened(line: str, width: int) -> str:
    line = printable(line)
    if font(_TEXT).getlength(line) <= width:
        return line
    while line and font(_TEXT).getlength(line + "…") > width:
        line = line[:-1]
    return line + "…"
