"""Keeps the patch pane in step with the pointed and the chosen patch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.colour_scale import Colours
from app.panels.features.patch_view import COUNT, PatchView, Thumbnail
from app.panels.features.thumbnails import Picture, Thumbnails
from app.text import inside, modality_title, number, text
from app.workbench import Workbench
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Map
from cmdiad_core.modalities import modality
from cmdiad_core.sample import Sample

if TYPE_CHECKING:
    from cmdiad_core.detector.feature_study import FeatureStudy, Neighbour

_TOPIC = "features.neighbours"

Patch = tuple[int, int]


@dataclass(frozen=True)
class _Found:
    own: Colours | None
    measured: list[Neighbour]
    predicted: list[Neighbour]


class Neighbours:
    """Searches on the worker and fills the pane, pictures one after the other.

    Parameters
    ----------
    bench : Workbench
        Whose worker searches and reads.
    view : PatchView
        The pane.
    """

    def __init__(self, bench: Workbench, view: PatchView) -> None:
        self._bench, self._view = bench, view
        self._thumbnails = Thumbnails()
        self._chosen: tuple[FeatureStudy, Patch] | None = None

    def clear(self) -> None:
        """Forget the part."""
        self._bench.worker.drop(_TOPIC)
        self._chosen = None
        self._view.numbers.setText(text("patch.nothing"))
        self._view.clear()

    def point(self, study: FeatureStudy, patch: Patch | None) -> None:
        """Give the numbers of the patch under the cursor."""
        self._view.numbers.setText(text("patch.nothing") if patch is None else told(study, patch))

    def choose(self, study: FeatureStudy, sample: Sample, patch: Patch | None) -> None:
        """Look for the neighbours of a patch, unless they are shown or on their way."""
        chosen = None if patch is None else (study, patch)
        if chosen == self._chosen:
            return
        self._bench.worker.drop(_TOPIC)
        self._chosen = chosen
        self._view.clear()
        if patch is None:
            return
        row, column = patch
        self._view.chosen.setText(text("patch.chosen", row=row, column=column))

        def work() -> _Found:
            there = study.modality in sample.measured
            own = Picture.of(sample, study.modality).cut_out(row, column) if there else None
            measured = study.measured_neighbours(row, column, COUNT)
            return _Found(own, measured, study.predicted_neighbours(row, column, COUNT))

        self._bench.worker.submit(
            _TOPIC,
            "search",
            work,
            lambda found: self._take(study, patch, found),
            self._bench.notifications.report,
            title=text("job.neighbours"),
            urgent=True,
        )

    def _take(self, study: FeatureStudy, patch: Patch, found: _Found) -> None:
        view, title = self._view, modality_title(study.modality)
        lines = [text("patch.row", row=patch[0]), text("patch.column", column=patch[1])]
        view.own.describe(lines, text("patch.own.tip", modality=inside(title)))
        if found.own is None:
            view.own.show_problem(text("features.measured.none"), "")
        else:
            view.own.show_colours(found.own)
        waiting = []
        kinds = (found.measured, found.predicted)
        rows = ((view.measured, "measured"), (view.predicted, "predicted"))
        for place, (neighbours, (thumbnails, kind)) in enumerate(zip(kinds, rows, strict=True)):
            view.reasons[place].setText("" if neighbours else text(f"patch.{kind}.none"))
            view.reasons[place].setVisible(not neighbours)
            for neighbour, thumbnail in zip(neighbours, thumbnails, strict=False):
                thumbnail.describe(*caption(neighbour, study.modality))
                waiting.append((neighbour, thumbnail))
        self._read(study.modality, waiting)

    def _read(self, name: str, waiting: list[tuple[Neighbour, Thumbnail]]) -> None:
        worker, thumbnails = self._bench.worker, self._thumbnails
        generation = worker.generation(_TOPIC)

        def work() -> None:
            for neighbour, thumbnail in waiting:
                # A part that is gone or damaged must not keep the others from being shown.
                try:
                    colours = thumbnails.of(neighbour, name)
                except (InputError, FileNotFoundError) as error:
                    gone = isinstance(error, FileNotFoundError)
                    short = text("patch.not_found" if gone else "patch.unreadable")
                    worker.post(_TOPIC, generation, _problem(thumbnail, short, str(error)))
                else:
                    worker.post(_TOPIC, generation, _colours(thumbnail, colours))

        worker.submit(
            _TOPIC,
            "read",
            work,
            lambda _: None,
            self._bench.notifications.report,
            title=text("job.neighbours"),
            urgent=True,
        )


def told(study: FeatureStudy, patch: Patch) -> str:
    """Return place, distances and confidence of a patch in words."""
    words = [text("patch.place", row=patch[0], column=patch[1])]
    numbers = (
        ("patch.measured_distance", study.measured_distance),
        ("patch.predicted_distance", study.predicted_distance),
        ("patch.signed_distance", study.signed_distance()),
    )
    words += [
        text(key, value=_number(values, patch)) for key, values in numbers if values is not None
    ]
    if study.confidence is not None and np.isfinite(study.confidence[patch]):
        words.append(text("patch.confidence", share=float(study.confidence[patch])))
    return "   ·   ".join(words)


def caption(neighbour: Neighbour, name: str) -> tuple[list[str], str]:
    """Return the lines below a thumbnail, and the whole story."""
    place = text("patch.place", row=neighbour.row, column=neighbour.column)
    distance = text("patch.distance", value=number(neighbour.distance, ".3f"))
    path = neighbour.part.files.get(name)
    tip = [neighbour.part.id, place, distance, str(path or text("patch.not_found"))]
    lines = [number(neighbour.distance, ".3f"), neighbour.part.id]
    if neighbour.predicted_from:
        source = neighbour.predicted_from
        tip.append(text("patch.from.tip", modality=inside(modality_title(source))))
        lines.append(text("patch.from", modality=modality(source).short))
    return lines, "\n".join(tip)


def _number(values: Map, patch: Patch) -> str:
    value = float(values[patch])
    return number(value, "z.3f") if np.isfinite(value) else text("patch.no_value")


def _problem(thumbnail: Thumbnail, short: str, sentence: str) -> Callable[[], None]:
    return lambda: thumbnail.show_problem(short, sentence)


def _colours(thumbnail: Thumbnail, colours: Colours) -> Callable[[], None]:
    return lambda: thumbnail.show_colours(colours)
