"""Shows the features of the session's part, when the tab is looked at."""

from app import actions
from app.cursor import Cursor
from app.jobs.worker import Worker
from app.panels.features.neighbours import Neighbours
from app.panels.features.places import patch_place, pixel_cursor
from app.panels.features.portrait import Laboratory, Portrait
from app.panels.features.scatter import Scatter, UmapPlanes, has_umap
from app.panels.features.view import FeaturesView
from app.text import modality_title, text
from app.workbench import Workbench
from cmdiad_core.inspection import Inspection

_TOPIC, _POINTS = "features", "features.points"


class FeaturesController:
    """Owns the features tab."""

    def __init__(self, bench: Workbench) -> None:
        self._bench, self._session = bench, bench.session
        self._wanted = ""
        self._name = ""
        #: What of which inspection is shown or on its way.
        self._of: tuple[object, str] | None = None
        self._laboratory: Laboratory | None = None
        self._umap = UmapPlanes()
        # Learning a plane takes long; parts do not wait for it.
        self._learner = Worker()
        self._portrait: Portrait | None = None
        self._neighbours: Neighbours | None = None
        self.view = FeaturesView()
        self.view.appeared.connect(self.show)
        self.view.modality_chosen.connect(self._choose)
        self._session.model_changed.connect(self._forget)
        self._session.shown_changed.connect(self.show)
        self._session.cursor_changed.connect(self._show_cursor)
        self._session.operating_point_changed.connect(self._show_verdicts)

    @property
    def is_ready(self) -> bool:
        """Whether nothing more is to come: all is shown, or the tab is not looked at."""
        return not self.view.isVisible() or self._of is None or self._portrait is not None

    def prepare(self) -> None:
        """Make what is inside the tab, unless it is there: call once the window is shown."""
        if self._neighbours is not None:
            return
        self.view.fill(has_umap())
        self._neighbours = Neighbours(self._bench, self.view.patch)
        self.view.scatter.plane_chosen.connect(self._choose_plane)
        for source in (self.view.maps, self.view.scatter):
            source.pointed.connect(self._hover)
            source.clicked.connect(self._click)
            source.left.connect(lambda: self._session.hover(None))

    def release(self) -> None:
        """End the thread."""
        self._learner.stop()

    def show(self) -> None:
        """Show the state of now; a hidden tab costs nothing."""
        if not self.view.isVisible():
            return
        self.prepare()
        inspection = self._session.inspection
        modalities = {} if inspection is None else inspection.modalities
        self._name = self._wanted if self._wanted in modalities else next(iter(modalities), "")
        titles = {name: modality_title(name) for name in modalities}
        self.view.list_modalities(titles, self._name)
        self._show_verdicts()
        if inspection is None:
            self._empty(text("features.nothing"))
            self.view.badge.show_provenance(None)
            return
        result = modalities[self._name]
        self.view.badge.show_provenance(result.provenance)
        if self._of is not None and self._of[0] is modalities and self._of[1] == self._name:
            return
        if result.measured_features is None and result.predicted_features is None:
            self._empty(text("features.absent"))
            return
        self._empty(text("features.intro"))
        self._of = (modalities, self._name)
        self._make(inspection)

    def _make(self, inspection: Inspection) -> None:
        detector, name = self._session.detector, self._name
        if detector is None:
            return
        laboratory = self._laboratory = self._laboratory or Laboratory(detector)
        self._bench.worker.submit(
            _TOPIC,
            "portrait",
            lambda: laboratory.portrait(inspection, name),
            self._take,
            self._fail,
            title=text("job.features", part=inspection.sample_id),
            urgent=True,
        )

    def _take(self, portrait: Portrait) -> None:
        self._portrait = portrait
        view, study = self.view, portrait.study
        view.maps.show_colours(portrait.measured, portrait.predicted)
        view.maps.show_values(portrait.signed, portrait.scale, study.confidence)
        view.histogram.show_histogram(
            portrait.histogram, measured=study.measured_distance is not None
        )
        self._show_points(portrait)
        self._show_cursor()

    def _fail(self, error: Exception) -> None:
        self._of = None
        self._bench.notifications.report(error)

    def _show_points(self, portrait: Portrait) -> None:
        self._learner.drop(_POINTS)
        if self.view.scatter.plane.currentData() == "pca":
            self._take_points(portrait.scatter)
            return
        self.view.scatter.say_learning()
        umap = self._umap
        self._learner.submit(
            _POINTS,
            "umap",
            lambda: umap.scatter(portrait.study),
            self._take_points,
            self._bench.notifications.report,
            title="",
        )

    def _take_points(self, scatter: Scatter) -> None:
        self.view.scatter.show_scatter(scatter)
        self._show_cursor()

    def _empty(self, words: str) -> None:
        self._bench.worker.drop(_TOPIC)
        self._learner.drop(_POINTS)
        self._of = self._portrait = None
        if self._neighbours is None:
            return
        view = self.view
        view.words.setText(words)
        view.maps.clear()
        view.histogram.clear()
        view.scatter.show_scatter(None)
        self._neighbours.clear()

    def _forget(self) -> None:
        """Another model has other banks."""
        self._laboratory, self._umap = None, UmapPlanes()
        self._empty(text("features.nothing"))

    def _choose(self, name: str) -> None:
        self._wanted = name
        self.show()

    def _choose_plane(self) -> None:
        if self._portrait is not None:
            self._show_points(self._portrait)

    def _hover(self, row: float, column: float) -> None:
        if (cursor := self._cursor_at(row, column)) is not None:
            self._session.hover(cursor)

    def _click(self, row: float, column: float) -> None:
        if (cursor := self._cursor_at(row, column)) is not None:
            actions.point_at(self._bench, cursor)

    def _cursor_at(self, row: float, column: float) -> Cursor | None:
        sample, portrait = self._session.sample, self._portrait
        if sample is None or portrait is None:
            return None
        return pixel_cursor(row, column, sample, self._name, portrait.grid)

    def _show_cursor(self) -> None:
        sample, portrait = self._session.sample, self._portrait
        neighbours = self._neighbours
        if sample is None or portrait is None or neighbours is None or not self.view.isVisible():
            return
        place, pinned = (
            None if cursor is None else patch_place(cursor, sample, self._name, portrait.grid)
            for cursor in (self._session.cursor, self._session.pinned)
        )
        patch = _patch(place)
        self.view.maps.show_cursor(place)
        self.view.scatter.show_mark(patch)
        self.view.histogram.show_mark(None if patch is None else float(portrait.distance[patch]))
        neighbours.point(portrait.study, patch)
        neighbours.choose(portrait.study, sample, _patch(pinned))

    def _show_verdicts(self) -> None:
        if self.view.isVisible():
            self.view.verdicts.show_inspection(self._session.inspection)


def _patch(place: tuple[float, float] | None) -> tuple[int, int] | None:
    return None if place is None else (int(place[0]), int(place[1]))
