"""Mark defects on the shown part; each stroke is in the store before the action returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.annotating import Tool
from app.text import text
from app.workbench import Workbench
from cmdiad_core.edits import DefectType
from cmdiad_core.errors import InputError

if TYPE_CHECKING:
    from cmdiad_core.annotation import Annotation, Area

TOPIC = "annotation"


def read_annotation(bench: Workbench) -> None:
    """Read the strokes on the shown part on the worker."""
    session = bench.session
    sample, part_id = session.sample, session.current
    bench.worker.drop(TOPIC)
    if sample is None or part_id is None:
        session.annotating.load(None)
        return
    part, shape = session.entries[part_id].part, sample.shape
    person = bench.settings.reviewer

    def work() -> tuple[Annotation, list[DefectType]]:
        # The first stroke shall not wait for what the tools import.
        import scipy.sparse.csgraph  # noqa: F401

        import cmdiad_core.annotation.shapes  # noqa: F401
        from cmdiad_core.annotation import Annotation, StrokeJournal

        store = bench.store.open()
        journal = StrokeJournal(store, store.identify(part), person)
        return Annotation(shape, journal), store.defect_types()

    bench.worker.submit(
        TOPIC,
        part_id,
        work,
        lambda found: session.annotating.load(*found),
        bench.notifications.report,
        title=text("job.reading_annotation", part=part_id),
        urgent=True,
    )


def choose_tool(bench: Workbench, tool: Tool) -> None:
    """Use another tool; an unfinished stroke is taken back."""
    annotating = bench.session.annotating
    if annotating.annotation is not None:
        annotating.show_painted(annotating.annotation.abandon())
    annotating.set_tool(tool)


def begin_stroke(bench: Workbench) -> bool:
    """Begin a stroke with the tool in use; False where nothing can be marked."""
    annotating = bench.session.annotating
    annotation, defect_type = annotating.annotation, annotating.defect_type
    if annotation is None or defect_type is None:
        bench.notifications.remark(text("annotation.not_ready"))
        return False
    # What is being read does not hold this stroke.
    bench.worker.drop(TOPIC)
    annotation.begin(defect_type.id, erase=annotating.tool is Tool.ERASER)
    return True


def paint(bench: Workbench, area: Area) -> None:
    """Add an area to the stroke."""
    annotating = bench.session.annotating
    if annotating.annotation is not None:
        annotating.show_painted(annotating.annotation.paint(area))


def finish_stroke(bench: Workbench) -> None:
    """End the stroke and write it to the store."""
    annotation = bench.session.annotating.annotation
    if annotation is None:
        return
    whole = annotation.open_box
    try:
        if annotation.finish() is not None:
            bench.session.annotating.show_kept()
    except InputError as error:
        bench.notifications.report(error)
        # What could not be written was taken back.
        bench.session.annotating.show_painted(whole)


def mark_area(bench: Workbench, area: Area) -> None:
    """Mark an area as one stroke."""
    if area.inside.any() and begin_stroke(bench):
        paint(bench, area)
        finish_stroke(bench)


def undo_stroke(bench: Workbench) -> None:
    """Take back the latest stroke on the shown part, also from before the last start."""
    annotation = bench.session.annotating.annotation
    if annotation is not None and not _change(bench, annotation.undo):
        bench.notifications.remark(text("undo.nothing"))


def redo_stroke(bench: Workbench) -> None:
    """Do the stroke that was undone last again."""
    annotation = bench.session.annotating.annotation
    if annotation is not None and not _change(bench, annotation.redo):
        bench.notifications.remark(text("redo.nothing"))


def _change(bench: Workbench, change: Callable[[], object]) -> bool:
    annotating = bench.session.annotating
    bench.worker.drop(TOPIC)
    try:
        box = change()
    except InputError as error:
        bench.notifications.report(error)
        return True
    if isinstance(box, tuple):
        annotating.show_painted(box)
        annotating.show_kept()
    return box is not None
