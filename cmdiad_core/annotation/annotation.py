"""The label mask of one part."""

from collections.abc import Sequence

import numpy as np

from cmdiad_core.annotation.area import Area, enclosing
from cmdiad_core.annotation.changes import Changes, Labels
from cmdiad_core.annotation.history import BUDGET_BYTES, History, Journal, Packed
from cmdiad_core.edits import Box
from cmdiad_core.errors import InputError


class Annotation:
    """The label mask of one part, changed stroke by stroke.

    A stroke is begun, painted in any number of steps, and finished; it is undone as one. What is
    on the screen and what is in the journal agree after every call.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the part's pixel grid.
    journal : Journal or None
        Strokes that stand there are done at once; new ones are written down as they are
        finished. Without one, they last as long as this object.
    budget : int
        Bytes of memory for strokes that can be undone.

    Raises
    ------
    InputError
        A stroke of the journal does not lie on the grid.
    """

    def __init__(
        self, shape: tuple[int, int], journal: Journal | None = None, budget: int = BUDGET_BYTES
    ) -> None:
        self._mask: Labels = np.zeros(shape, np.uint8)
        self._counts = np.zeros(256, np.int64)
        self._journal = journal
        self._history = History(budget)
        self._open: list[Changes] = []
        self._defect_type = self._value = 0
        if journal is not None:
            self._read(journal)

    @property
    def mask(self) -> Labels:
        """The mask (H, W), which changes in place: 0 for none, else the defect type."""
        view = self._mask.view()
        view.flags.writeable = False
        return view

    @property
    def history_bytes(self) -> int:
        """Memory that strokes take."""
        return self._history.size

    @property
    def undoable(self) -> int | None:
        """The number in the journal of the stroke that is undone next; None where there is none."""
        stroke = self._history.undoable
        return None if stroke is None else stroke.number

    @property
    def redoable(self) -> int | None:
        """The number in the journal of the stroke that is redone next; None where there is none."""
        stroke = self._history.redoable
        return None if stroke is None else stroke.number

    def types_in_use(self) -> tuple[int, ...]:
        """Return the defect types that the mask holds."""
        return tuple(int(value) for value in np.flatnonzero(self._counts[1:]) + 1)

    @property
    def open_box(self) -> Box | None:
        """The box of the stroke that is not finished; None where none is or nothing changed."""
        return enclosing(step.box for step in self._open) if self._open else None

    def begin(self, defect_type: int, *, erase: bool = False) -> None:
        """Begin a stroke that marks, or erases, a defect type."""
        self._defect_type, self._value = defect_type, 0 if erase else defect_type

    def paint(self, area: Area) -> Box | None:
        """Add an area to the stroke; return the box that changed, None where nothing did."""
        step = Changes.of(self._mask, area, self._value)
        if not step.old.size:
            return None
        self._open.append(step)
        self._apply(step)
        return step.box

    def finish(self) -> Box | None:
        """End the stroke and write it down; return its box, None where nothing changed.

        Raises
        ------
        InputError
            It could not be written down: the mask is as before the stroke.
        """
        if not self._open:
            return None
        stroke = Changes.joined(self._open)
        box, content = stroke.box, stroke.packed()
        number = 0
        try:
            if self._journal is not None:
                number = self._journal.add(self._defect_type, box, content)
        except InputError:
            self.abandon()
            raise
        self._open.clear()
        self._history.add(Packed(number, box, content))
        return box

    def abandon(self) -> Box | None:
        """Take back the stroke that is not finished; return its box."""
        whole = self.open_box
        for step in self._open:
            self._revert(step)
        self._open.clear()
        return whole

    def stroke(self, defect_type: int, areas: Sequence[Area], *, erase: bool = False) -> Box | None:
        """Do a whole stroke; return its box, None where nothing changed."""
        self.begin(defect_type, erase=erase)
        for area in areas:
            self.paint(area)
        return self.finish()

    def undo(self) -> Box | None:
        """Take back the latest stroke; return its box, None where there is none."""
        stroke = self._history.undoable
        if stroke is None:
            return None
        if self._journal is not None:
            self._journal.undo(stroke.number)
        self._revert(stroke.changes())
        self._history.step_back()
        return stroke.box

    def redo(self) -> Box | None:
        """Do the stroke undone last again; return its box, None where there is none."""
        stroke = self._history.redoable
        if stroke is None:
            return None
        if self._journal is not None:
            self._journal.redo(stroke.number)
        self._apply(stroke.changes())
        self._history.step_forward()
        return stroke.box

    def _read(self, journal: Journal) -> None:
        for stroke in journal.strokes():
            self._require_room(stroke)
            self._apply(stroke.changes())
            self._history.add(stroke)
        for stroke in journal.undone():
            self._require_room(stroke)
            self._history.add_undone(stroke)

    def _require_room(self, stroke: Packed) -> None:
        if stroke.box[2] > self._mask.shape[0] or stroke.box[3] > self._mask.shape[1]:
            raise InputError("annotation", "was made on a larger image; open that one again")

    def _apply(self, changes: Changes) -> None:
        changes.apply(self._mask)
        self._counts += changes.gains()

    def _revert(self, changes: Changes) -> None:
        changes.revert(self._mask)
        self._counts -= changes.gains()
