"""Leads through one tour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.panels.cloud.model import surface
from app.panels.cloud.painter import Painter
from app.panels.image.model import choose, sources
from app.panels.presentation.part_feed import TOPIC, PartFeed
from app.panels.presentation.part_slide import PartSlide
from app.panels.presentation.savings import Effort
from app.panels.presentation.savings_words import lead, table
from app.panels.presentation.story import listed, story
from app.panels.presentation.survey import Survey
from app.panels.presentation.view import PresentationView
from app.panels.verdict.model import provenances
from app.text import modality_title, text
from app.workbench import Workbench
from cmdiad_core.inspection import Inspection, Provenance, Verdict
from cmdiad_core.modalities import Kind, modalities
from cmdiad_core.sample import PartFiles, Sample

if TYPE_CHECKING:
    from app.panels.presentation.cloud_picture import CloudPicture

_NAME_LENGTH = 34


class Guide:
    """A title, the chosen parts, and what measuring less would change.

    Model, limits and parts are those of the beginning, whatever happens in the session later.

    Parameters
    ----------
    bench : Workbench
        With a model and parts.
    window : QWidget
        On whose screen the tour is shown.
    part_ids : sequence of str
        The parts, in order.
    efforts : mapping of str to Effort
        What a scan takes, by modality.
    """

    def __init__(
        self,
        bench: Workbench,
        window: QWidget,
        part_ids: Sequence[str],
        efforts: Mapping[str, Effort],
    ) -> None:
        session = bench.session
        detector, limits, scale = session.detector, session.operating_point, session.colour_scale
        if detector is None or limits is None or scale is None:
            raise ValueError("a tour needs a model")
        self._bench, self._window, self._efforts, self._scale = bench, window, efforts, scale
        self._detector = detector
        shown = [session.entries[part_id] for part_id in part_ids]
        self._parts = [entry.part for entry in shown]
        self._truths = {entry.part.id: session.truth(entry) for entry in shown}
        self._feed = PartFeed(bench, detector, limits, self._show_if_now)
        self.survey = Survey(bench, detector, limits, self._show_if_last)
        self._cloud = next(m.name for m in modalities().values() if m.kind is Kind.CLOUD)
        self._space = _space(bench)
        self.view = PresentationView(PartSlide(self._space), window)
        self.view.stepped.connect(self.step)
        self.view.finished.connect(self._end)
        self.place = 0

    @property
    def total(self) -> int:
        """Number of slides."""
        return len(self._parts) + 2

    def begin(self) -> None:
        """Show the first slide, and compute the last one meanwhile."""
        self._fill_title()
        self.view.show_on(self._window)
        self._show()
        self.survey.go_on()

    def step(self, by: int) -> None:
        """Go on, or back; there is nothing before the first slide and after the last one."""
        place = min(max(self.place + by, 0), self.total - 1)
        if place != self.place:
            self.place = place
            self._show()

    def _end(self) -> None:
        self._bench.worker.drop(TOPIC)
        if self._space is not None:
            self._space.release()

    @property
    def _part(self) -> PartFiles | None:
        inside = 0 < self.place < self.total - 1
        return self._parts[self.place - 1] if inside else None

    def _show(self) -> None:
        # Fetched while the slide before is talked about.
        for wanted in reversed(self._parts[max(self.place - 1, 0) : self.place + 1]):
            self._feed.want(wanted)
        slide: QWidget = self.view.title if self.place == 0 else self.view.savings
        if (part := self._part) is not None:
            slide = self.view.part
            self._fill_part(part)
        elif self.place:
            self._fill_savings()
        self.view.show_slide(slide, self.place + 1, self.total)

    def _show_if_now(self, part_id: str) -> None:
        if self._part is not None and self._part.id == part_id:
            self._show()

    def _show_if_last(self) -> None:
        if self.place == self.total - 1:
            self._fill_savings()

    def _fill_title(self) -> None:
        session = self._bench.session
        verdicts = session.count_verdicts()
        judged = verdicts.total()
        self.view.title.show_words(
            text("presentation.headline", count=len(session.entries)),
            text(
                "presentation.sentence",
                date=date.today().isoformat(),
                name=self._detector.name or text("presentation.unnamed"),
                count=judged,
                modalities=listed(self._measured()),
                flagged=judged - verdicts[Verdict.ACCEPT],
            ),
            text("presentation.outlook", count=len(self._parts)),
        )

    def _measured(self) -> list[str]:
        """Return the modalities that the model knows and some part of the queue has."""
        there = {
            name for entry in self._bench.session.entries.values() for name in entry.part.files
        }
        return [name for name in self._detector.modalities if name in there]

    def _fill_part(self, part: PartFiles) -> None:
        slide, name = self.view.part, _shortened(part.id)
        sample, inspection = self._feed.get(part.id)
        if sample is not None and inspection is not None:
            told = story(part, self._truths[part.id], inspection)
            slide.show_story(name, inspection.verdict, told)
            slide.show_provenances(provenances(inspection))
            slide.show_scale(self._scale)
            self._draw(sample, inspection)
        elif problem := self._feed.problems.get(part.id):
            slide.show_words(name, "warning", text("verdict.failed"), problem)
        else:
            slide.show_words(
                name, "waiting", text("presentation.one_moment"), text("presentation.inspecting")
            )

    def _draw(self, sample: Sample, inspection: Inspection) -> None:
        slide, source = self.view.part, choose(sample, sources()[0].name)
        slide.image.show_image(source.pixels(sample))
        slide.image.show_map(inspection.map_over(source.name), self._scale)
        slide.image_caption.setText(text("presentation.unusual", title=source.title))
        slide.image.show()
        slide.image.fit()
        result = inspection.modalities.get(self._cloud)
        if self._cloud in sample.measured and self._space is not None:
            cloud = sample.measured[self._cloud]
            shape = surface(cloud)
            values = inspection.map_over(self._cloud)
            colours = Painter().colours(shape, values, self._scale, 1.0, with_outline=True)
            self._space.show_cloud(shape.points, colours, (cloud.shape[0], cloud.shape[1]))
            slide.show_space(text("presentation.unusual", title=modality_title(self._cloud)))
        elif result is not None and result.provenance is Provenance.PREDICTED:
            slide.plane.show_image(source.pixels(sample))
            slide.plane.show_map(result.map, self._scale)
            slide.plane.fit()
            slide.show_plane(text("presentation.predicted"))
        else:
            slide.show_no_cloud()

    def _fill_savings(self) -> None:
        slide, survey = self.view.savings, self.survey
        found = survey.comparison
        if not found.is_possible:
            slide.show_words(text("presentation.only_way"))
        elif not survey.total:
            slide.show_words(text("presentation.none_complete"))
        elif survey.done < survey.total:
            slide.show_progress(survey.done, survey.total)
        elif not found.parts:
            slide.show_words(text("presentation.none_compared"))
        else:
            titles = [modality_title(name) for name in found.modalities]
            note = text("presentation.compared", count=found.parts, complete=survey.complete)
            slide.show_table(lead(found), table(found, titles, self._efforts), note)


def _space(bench: Workbench) -> CloudPicture | None:
    try:
        from app.panels.presentation.cloud_picture import CloudPicture

        return CloudPicture(text("cloud.space"))
    except Exception as error:
        # A machine that cannot draw clouds shows the images.
        bench.notifications.report(error)
        return None


def _shortened(name: str) -> str:
    return name if len(name) <= _NAME_LENGTH else "…" + name[1 - _NAME_LENGTH :]
