"""Mark defects on the shown part; each stroke is in the store before the action returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.annotating import Tool
from app.text import modality_title, text
from app.workbench import Workbench
from cmdiad_core.edits import Box, DefectType
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
        session.annotating.load({})
        return
    part, grids = session.entries[part_id].part, sample.grids
    person = bench.settings.reviewer

    def work() -> tuple[dict[str, Annotation], list[DefectType]]:
        # The first stroke shall not wait for what the tools import.
        import scipy.sparse.csgraph  # noqa: F401

        import cmdiad_core.annotation.shapes  # noqa: F401
        from cmdiad_core.annotation import Annotation, StrokeJournal

        store = bench.store.open()
        content = store.identify(part)
        return {
            grid: Annotation(shape, StrokeJournal(store, content, person, grid))
            for grid, shape in grids.items()
        }, store.defect_types()

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
    for grid, annotation in annotating.annotations.items():
        annotating.show_painted(grid, annotation.abandon())
    annotating.set_tool(tool)


def begin_stroke(bench: Workbench, grid: str) -> bool:
    """Begin a stroke on a pixel grid with the tool in use; False where nothing can be marked."""
    annotating = bench.session.annotating
    annotation, defect_type = annotating.annotations.get(grid), annotating.defect_type
    if annotation is None or defect_type is None:
        bench.notifications.remark(text("annotation.not_ready"))
        return False
    # What is being read does not hold this stroke.
    bench.worker.drop(TOPIC)
    annotation.begin(defect_type.id, erase=annotating.tool is Tool.ERASER)
    return True


def paint(bench: Workbench, grid: str, area: Area) -> None:
    """Add an area to the stroke."""
    annotating = bench.session.annotating
    if grid in annotating.annotations:
        annotating.show_painted(grid, annotating.annotations[grid].paint(area))


def finish_stroke(bench: Workbench) -> None:
    """End the stroke and write it to the store."""
    annotating = bench.session.annotating
    for grid, annotation in annotating.annotations.items():
        whole = annotation.open_box
        try:
            if annotation.finish() is not None:
                annotating.show_kept()
        except InputError as error:
            bench.notifications.report(error)
            # What could not be written was taken back.
            annotating.show_painted(grid, whole)


def mark_area(bench: Workbench, grid: str, area: Area) -> None:
    """Mark an area as one stroke."""
    if area.inside.any() and begin_stroke(bench, grid):
        paint(bench, grid, area)
        finish_stroke(bench)


def undo_stroke(bench: Workbench) -> None:
    """Take back the latest stroke on the shown part, also from before the last start."""
    found = _at_rest(bench)
    done = {one.undoable: grid for grid, one in found.items() if one.undoable is not None}
    if done:
        grid = done[max(done)]
        _change(bench, grid, found[grid].undo)
    elif found:
        bench.notifications.remark(text("undo.nothing"))


def redo_stroke(bench: Workbench) -> None:
    """Do the stroke that was undone last again."""
    found = _at_rest(bench)
    undone = {one.redoable: grid for grid, one in found.items() if one.redoable is not None}
    if undone:
        # Strokes are undone from the newest on.
        grid = undone[min(undone)]
        _change(bench, grid, found[grid].redo)
    elif found:
        bench.notifications.remark(text("redo.nothing"))


def _at_rest(bench: Workbench) -> Mapping[str, Annotation]:
    """Return the annotations; none while a stroke is drawn, which is not yet the latest one."""
    annotating = bench.session.annotating
    return {} if annotating.begun else annotating.annotations


def _change(bench: Workbench, grid: str, change: Callable[[], Box | None]) -> None:
    annotating, sample = bench.session.annotating, bench.session.sample
    bench.worker.drop(TOPIC)
    try:
        annotating.show_painted(grid, change())
    except InputError as error:
        bench.notifications.report(error)
        return
    annotating.show_kept()
    if len(annotating.annotations) > 1 and sample is not None:
        # It may lie on a picture that is not shown.
        title = modality_title(grid or next(iter(sample.measured)))
        bench.notifications.remark(text("annotation.changed_on", modality=title))
