"""Measure between two places of the shown part."""

from app.cursor import Cursor
from app.measuring import Line
from app.text import text
from app.workbench import Workbench


def measure_to(bench: Workbench, cursor: Cursor) -> None:
    """Begin a line at a place, or end the one that was begun."""
    measuring, sample = bench.session.measuring, bench.session.sample
    if sample is None:
        return
    if measuring.begun is None:
        measuring.begin(cursor)
    elif (line := Line.between(sample, measuring.begun, cursor)) is None:
        bench.notifications.remark(text("measuring.separate"))
    # The second press of a double click is no line.
    elif line.length.pixels >= 1:
        measuring.add(line)


def undo_measurement(bench: Workbench) -> None:
    """Take back the line, or the removal of one, that came last on the shown part."""
    if not bench.session.measuring.undo():
        bench.notifications.remark(text("undo.nothing"))


def redo_measurement(bench: Workbench) -> None:
    """Do again what was undone last."""
    if not bench.session.measuring.redo():
        bench.notifications.remark(text("redo.nothing"))


def remove_measurement(bench: Workbench) -> bool:
    """Remove the line drawn last, or its first end; return whether there was one."""
    return bench.session.measuring.remove_last()
