"""The state that all panels read: model, queue, shown part, operating point, job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from app.annotating import Annotating
from app.colour_scale import COLOUR_MAPS, ColourScale
from app.cursor import Cursor
from app.entry import Entry
from app.measuring import Measuring
from app.queue_order import QueueOrder
from app.reviews import Reviews
from app.shelf import Shelf
from app.training_parts import TrainingParts
from app.truth import Truth
from cmdiad_core.inspection import Inspection, OperatingPoint, Region, Verdict
from cmdiad_core.sample import PartFiles, Sample

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector
    from cmdiad_core.scoring import Doubt


class Session:
    """Evented state without Qt; actions change it, panels listen to it.

    Attributes
    ----------
    model_changed, parts_changed : Signal
        Another detector; another queue.
    order_changed : Signal
        Other parts of the queue are shown, or in another order.
    entry_changed : Signal
        The queue entry of the part with this id.
    current_changed : Signal
        Another part is to be shown.
    shown_changed : Signal
        The sample or the inspection of the shown part arrived or went.
    regions_changed : Signal
        The regions of the shown part were found again, under other limits.
    operating_point_changed, job_changed : Signal
        The limits; what the worker does.
    volume_changed : Signal
        The CT volume that can be looked at.
    cursor_changed : Signal
        The place that all views mark, or the chosen region.
    colours_changed : Signal
        The colour map.
    remaining : int
        Number of parts not yet inspected.
    exporting : set of Path
        Files that the whole queue is gone through for.
    reviews : Reviews
        What people said of the parts.
    training : TrainingParts
        What the model learned from.
    annotating : Annotating
        What is marked on the shown part, and with which tool.
    measuring : Measuring
        What was measured on the shown part.
    inline : dict of str to PartFiles
        Parts as the line measured them, by id, of those that gained files of a near-line station.
    aside : dict of str to frozenset of str
        Modalities that a near-line station measured of parts and that are not looked at, because
        they lie on another pixel grid than those of the line.
    backlog : iterator of str
        The parts that the worker was not asked yet to inspect.
    follows_queue : bool
        The user did not choose a part yet: the first one of the finished queue will be shown.
    """

    model_changed = Signal()
    parts_changed = Signal()
    order_changed = Signal()
    entry_changed = Signal(str)
    current_changed = Signal()
    shown_changed = Signal()
    regions_changed = Signal()
    operating_point_changed = Signal()
    job_changed = Signal()
    cursor_changed = Signal()
    volume_changed = Signal()
    colours_changed = Signal()

    def __init__(self) -> None:
        self.detector: Detector | None = None
        self.model_folder: Path | None = None
        self.model_digest = ""
        self.operating_point: OperatingPoint | None = None
        self.entries: dict[str, Entry] = {}
        self.inline: dict[str, PartFiles] = {}
        self.aside: dict[str, frozenset[str]] = {}
        self.current: str | None = None
        self.sample: Sample | None = None
        self.volume: Path | None = None
        self.follows_queue = False
        self.job = ""
        self.exporting: set[Path] = set()
        self.shelf = Shelf()
        self.reviews = Reviews()
        self.training = TrainingParts()
        self.annotating = Annotating()
        self.measuring = Measuring()
        self._inspection: Inspection | None = None
        self._came_with_others = False
        self.region: Region | None = None
        self.colour_map = COLOUR_MAPS[0]
        self._order = QueueOrder()
        self._ordered: list[str] | None = None
        self.remaining = 0
        self._scores: NDArray[np.float64] | None = None
        self.backlog: Iterator[str] = iter(())
        self._hovered: Cursor | None = None
        self._pinned: Cursor | None = None
        self.reviews.changed.connect(self._follow_reviews)
        self.reviews.marked.connect(self._refilter)
        self.training.changed.connect(self._refilter)

    @property
    def inspection(self) -> Inspection | None:
        """The inspection of the shown part under the limits of now.

        While a limit moves its regions are those of before, until they are found again; a part
        that is shown after it moved has none until then.
        """
        if self._inspection is None or self.operating_point is None:
            return None
        judged = self._inspection.judged_at(self.operating_point)
        return replace(judged, regions=()) if self.regions_are_awaited else judged

    @property
    def cursor(self) -> Cursor | None:
        """The place that all views mark: under the mouse, else the last one clicked."""
        return self._hovered or self._pinned

    @property
    def found_inspection(self) -> Inspection | None:
        """The inspection of the shown part under the limits that gave its regions."""
        return self._inspection

    @property
    def regions_are_due(self) -> bool:
        """Whether the limits of now give other regions than those of the shown part."""
        limits, found = self.operating_point, self._inspection
        if limits is None or found is None:
            return False
        return limits.accept_below != found.operating_point.accept_below

    @property
    def regions_are_awaited(self) -> bool:
        """Whether the shown part came with the regions of other limits."""
        return self._came_with_others and self.regions_are_due

    @property
    def pinned(self) -> Cursor | None:
        """The place last clicked, wherever the mouse is."""
        return self._pinned

    @property
    def colour_scale(self) -> ColourScale | None:
        """Colours of all anomaly maps: fixed by the model, the limits of now marked on them."""
        if self.detector is None:
            return None
        low, high = self.detector.scale
        return ColourScale(low, high, self.operating_point, self.colour_map)

    @property
    def order(self) -> QueueOrder:
        """What of the queue is shown, and in which order."""
        return self._order

    @property
    def ordered(self) -> list[str]:
        """Ids of the parts as they are shown."""
        if self._ordered is None:
            self._ordered = self._order.ids(self)
        return self._ordered

    def verdict(self, entry: Entry) -> Verdict | None:
        """Return the verdict on a part of the queue under the limits of now."""
        if entry.score is None or self.operating_point is None:
            return None
        return self.operating_point.judge(entry.score)

    def truth(self, entry: Entry) -> Truth:
        """Return what is known of a part of the queue; a person knows better than its folder."""
        said = self.reviews.of(entry.part.id)
        if said.verdict is None and said.nearline is None:
            return Truth(entry.part.defective, by_person=False)
        return Truth(said.defective, by_person=True)

    def learned_from(self, entry: Entry) -> bool:
        """Return whether the model was trained on a part of the queue."""
        return self.training.hold(entry.part, self.reviews.hash(entry.part.id))

    @property
    def scores(self) -> NDArray[np.float64]:
        """The scores of all inspected parts of the queue, in no order."""
        if self._scores is None:
            known = [entry.score for entry in self.entries.values() if entry.score is not None]
            self._scores = np.array(known, np.float64)
        return self._scores

    def count_verdicts(self) -> Counter[Verdict]:
        """Count the verdicts on the whole queue under the limits of now."""
        limits = self.operating_point
        if limits is None:
            return Counter()
        rejected = int((self.scores >= limits.reject_from).sum())
        flagged = int((self.scores >= limits.accept_below).sum())
        return Counter(
            {
                Verdict.REJECT: rejected,
                Verdict.UNDECIDED: flagged - rejected,
                Verdict.ACCEPT: len(self.scores) - flagged,
            }
        )

    def set_model(self, detector: Detector, folder: Path, digest: str) -> None:
        """Take another detector; every result of the former one goes.

        Parameters
        ----------
        detector : Detector
            The model.
        folder : Path
            Where it lies.
        digest : str
            SHA-256 over its files.
        """
        self.detector, self.model_folder, self.model_digest = detector, folder, digest
        self.operating_point = detector.operating_point
        self.training.set_parts(detector.training_parts)
        self.shelf.clear()
        self._set_entries(entry.renewed() for entry in self.entries.values())
        self._inspection = None
        self.model_changed.emit()
        self.operating_point_changed.emit()
        self.parts_changed.emit()
        self.shown_changed.emit()

    def set_parts(self, parts: Iterable[PartFiles]) -> None:
        """Take another queue."""
        self.shelf.clear()
        self.reviews.clear()
        self.training.forget_queue()
        self.inline, self.aside = {}, {}
        self._set_entries(Entry(part, place) for place, part in enumerate(parts))
        self.follows_queue = True
        self.show(None)
        self.parts_changed.emit()

    def set_files(self, parts: Mapping[str, PartFiles]) -> None:
        """Take the files that parts of the queue have now; what was found before goes."""
        for part_id, part in parts.items():
            self.shelf.drop(part_id)
            inline = self.inline.setdefault(part_id, self.entries[part_id].part)
            if part.files == inline.files:
                del self.inline[part_id]
        self.training.forget_queue()
        self._set_entries(
            Entry(parts[part_id], entry.place) if part_id in parts else entry
            for part_id, entry in self.entries.items()
        )
        self.parts_changed.emit()
        if self.current in parts:
            self.show(self.current)

    def set_aside(self, aside: Mapping[str, frozenset[str]]) -> None:
        """Take the modalities of some parts that are not looked at."""
        for part_id, names in aside.items():
            if names != self.aside.get(part_id, frozenset()):
                self.aside[part_id] = names
                self.entry_changed.emit(part_id)

    def set_order(self, order: QueueOrder) -> None:
        """Show other parts of the queue, or in another order."""
        self._order = order
        self._reorder()

    def show(self, part_id: str | None) -> None:
        """Make a part the shown one, with its results if they are still at hand."""
        self.measuring.clear()
        self.current = part_id
        self.region = self._hovered = self._pinned = None
        self.sample, self._inspection = self.shelf.get(part_id)
        self._came_with_others = self.regions_are_due
        self.current_changed.emit()
        self.shown_changed.emit()
        self.cursor_changed.emit()

    def set_volume(self, path: Path | None) -> None:
        """Offer another CT volume to be looked at."""
        self.volume = path
        self.volume_changed.emit()

    def hover(self, cursor: Cursor | None) -> None:
        """Mark the place under the mouse; None when the mouse leaves the views."""
        if cursor != self._hovered:
            self._hovered = cursor
            self.cursor_changed.emit()

    def pin(self, cursor: Cursor | None, region: Region | None = None) -> None:
        """Mark a place until another is clicked, and choose the region that lies there."""
        self._pinned, self.region = cursor, region
        self._hovered = None
        self.cursor_changed.emit()

    def add_sample(self, part_id: str, sample: Sample) -> None:
        """Take the measurements of a part; they are shown if the part still is."""
        if part_id == self.current:
            self.sample = sample
            self.shown_changed.emit()

    def add_inspection(
        self, part_id: str, sample: Sample, inspection: Inspection, doubt: Doubt | None = None
    ) -> None:
        """Take the result for a part; it is shown only if the part still is."""
        self.shelf.put(part_id, sample, inspection)
        self._set_entry(self.entries[part_id].inspected(inspection, doubt))
        if part_id == self.current:
            self.sample, self._inspection = sample, inspection
            self._came_with_others = self.regions_are_due
            self.shown_changed.emit()

    def set_regions(self, found: Inspection, judged: Inspection) -> None:
        """Take the regions that other limits gave, unless another inspection came meanwhile."""
        if found is not self._inspection or self.current is None or self.sample is None:
            return
        self._inspection, self._came_with_others = judged, False
        self.shelf.put(self.current, self.sample, judged)
        self.regions_changed.emit()
        if (old := self.region) is not None:
            # The one with the same peak is the same, larger or smaller.
            same = (r for r in judged.regions if (r.modality, r.peak) == (old.modality, old.peak))
            self.region = next(same, None)
            self.cursor_changed.emit()

    def add_problem(self, part_id: str, problem: str) -> None:
        """Note that a part cannot be inspected, and why."""
        self._set_entry(self.entries[part_id].failed(problem))
        if part_id == self.current:
            self.shown_changed.emit()

    def set_operating_point(self, operating_point: OperatingPoint) -> None:
        """Judge by other limits."""
        if operating_point != self.operating_point:
            self.operating_point = operating_point
            self.operating_point_changed.emit()
            # What a filter keeps may hang on the verdict.
            self._refilter()

    def _follow_reviews(self) -> None:
        if self._order.filter is not None or self._order.column == "review":
            self._reorder()

    def _refilter(self) -> None:
        if self._order.filter is not None:
            self._reorder()

    def set_colour_map(self, name: str) -> None:
        """Show maps in other colours."""
        self.colour_map = name
        self.colours_changed.emit()

    def _set_entries(self, entries: Iterable[Entry]) -> None:
        self.entries = {entry.part.id: entry for entry in entries}
        self.remaining = sum(entry.waiting for entry in self.entries.values())
        self.backlog = iter(())
        self._ordered = self._scores = None

    def _set_entry(self, entry: Entry) -> None:
        part_id = entry.part.id
        self.remaining += entry.waiting - self.entries[part_id].waiting
        self.entries[part_id] = entry
        self._ordered = self._scores = None
        self.entry_changed.emit(part_id)

    def _reorder(self) -> None:
        self._ordered = None
        self.order_changed.emit()

    def set_job(self, job: str) -> None:
        """Say what the worker does; empty when it rests."""
        self.job = job
        self.job_changed.emit()
