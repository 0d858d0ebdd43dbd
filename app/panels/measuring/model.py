"""The measured lines, and what they say in words."""

from __future__ import annotations

from app.annotating import Tool
from app.measuring import Line
from app.session import Session
from app.text import text


def all_lines(session: Session) -> list[Line]:
    """Return every line on the shown part, at last the one that follows the cursor."""
    measuring, sample, cursor = session.measuring, session.sample, session.cursor
    lines = list(measuring.lines)
    if session.annotating.tool is not Tool.MEASURE or sample is None:
        return lines
    if measuring.begun is not None and cursor is not None:
        following = Line.between(sample, measuring.begun, cursor)
        lines += [] if following is None else [following]
    return lines


def lines_on(session: Session, modality: str) -> list[Line]:
    """Return the lines that have to do with the view of a modality."""
    sample = session.sample
    if sample is None:
        return []
    return [line for line in all_lines(session) if line.end.on(sample, modality) is not None]


def beside(line: Line) -> str:
    """Return what stands beside a line: little, for it covers the part."""
    return "\n".join(in_words(line).splitlines()[:2])


def in_words(line: Line) -> str:
    """Return the length, and the height with its direction, for the screen."""
    measured = line.length
    if measured.along is None:
        return text("measuring.pixels", pixels=measured.pixels)
    return text(f"measuring.{measured.along}", mm=measured.mm, height=measured.height)
