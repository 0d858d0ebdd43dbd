"""Shows the session's part in the cloud pane."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer

from app import actions
from app.colour_scale import Colours
from app.cursor import Cursor
from app.jobs.worker import Worker
from app.opengl import can_draw
from app.panels.cloud.lasso import Lasso
from app.panels.cloud.model import Surface, mark, point_size, surface
from app.panels.cloud.painter import Painter
from app.panels.cloud.surfaces import Surfaces
from app.panels.cloud.view import CloudView
from app.panels.image.model import choose
from app.panels.measuring.line_layer import LineLayer
from app.panels.measuring.model import beside, lines_on
from app.text import modality_title, text
from app.theme import tones
from app.widgets.pane import say
from app.workbench import Workbench
from cmdiad_core.edits import Box
from cmdiad_core.inspection import Inspection, Provenance
from cmdiad_core.modalities import Kind, modalities
from cmdiad_core.sample import Sample

if TYPE_CHECKING:
    from app.panels.cloud.scene import Scene

# Milliseconds between two drawings while a limit moves, which software rendering makes slow, and
# after which it is taken to rest.
_EVERY_MS = 200
_REST_MS = 150
# Pixels of a cloud whose surface is found without anybody noticing; larger ones have a thread.
_AT_ONCE = 300_000


class CloudController:
    """Owns the cloud pane."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._session = bench.session
        self._modality = next(m for m in modalities().values() if m.kind is Kind.CLOUD)
        self._surface: Surface | None = None
        self._drawn: Sample | None = None
        self._awaited: Sample | None = None
        #: Numbers of the points that stand for all while something moves, and their surface.
        self._few: tuple[NDArray[np.intp], Surface] | None = None
        self._worker = Worker()
        self._surfaces = Surfaces(self._modality.name)
        self._painter, self._few_painter = Painter(), Painter()
        self._has_marks = False
        self._broken = False
        self._opacity = bench.settings.opacity / 100
        self.view = CloudView(modality_title(self._modality.name))
        self.view.camera_reset.connect(self.fit)
        self.view.plane.pointed.connect(lambda *place: self._session.hover(self._at(*place)))
        self.view.plane.clicked.connect(lambda *place: actions.point_at(bench, self._at(*place)))
        self.view.plane.left.connect(lambda: self._session.hover(None))
        self._session.cursor_changed.connect(self._show_cursor)
        self._lines = LineLayer(self.view.plane)
        self._session.measuring.changed.connect(self._show_lines)
        self._session.annotating.loaded.connect(self._follow_marks)
        self._session.annotating.kept.connect(self.show)
        self._session.annotating.painted.connect(self._change_plane)
        self._session.shown_changed.connect(self.show)
        self._session.operating_point_changed.connect(self._follow_colours)
        self._session.colours_changed.connect(self.show)
        self._pause = QTimer(self.view, singleShot=True, interval=_EVERY_MS)
        self._rest = QTimer(self.view, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._settle)
        self.show()

    def prepare(self) -> None:
        """Create the 3D view; the window calls this once pyvista is imported."""
        try:
            space = self.view.add_space(can_draw())
            space.scene.set_ground(tones().canvas)
            space.pointing.moved.connect(self._hover)
            space.pointing.clicked.connect(self._click)
            space.pointing.left.connect(lambda: self._session.hover(None))
            self.lasso = Lasso(self._bench, space, self._modality.name, lambda: self._surface)
        except Exception as error:
            self._broken = True
            self._bench.notifications.report(error)
        self.show()

    @property
    def is_ready(self) -> bool:
        """Whether the 3D view is there, or cannot be had."""
        return self._broken or self.view.space is not None

    def set_opacity(self, percent: int) -> None:
        """Set how much the map covers the points."""
        self._opacity = percent / 100
        self._follow_colours()

    def fit(self) -> None:
        """Look at the whole part from the first direction."""
        self.view.plane.fit()
        if self.view.space is not None:
            self.view.space.scene.look_from_camera(self.view.aspect)
            self.view.space.refresh()

    def camera(self) -> list[list[float]]:
        """Return position, focal point and upward direction of the eye; empty without a cloud."""
        space = self.view.space
        return [] if space is None or self._drawn is None else space.scene.camera()

    def set_camera(self, camera: list[list[float]]) -> None:
        """Look from where `camera` was."""
        if self.view.space is not None and self._drawn is not None:
            self.view.space.scene.set_camera(camera)
            self.view.space.refresh()

    def follow_look(self) -> None:
        """Take over the colours of the application."""
        self.view.follow_look()
        if self.view.space is not None:
            self.view.space.scene.set_ground(tones().canvas)
            self.view.space.refresh()

    def release(self) -> None:
        """Give back what OpenGL holds, and end the thread."""
        self._worker.stop()
        if self.view.space is not None:
            self.view.space.release()

    def show(self) -> None:
        """Show the state of now."""
        sample, inspection = self._session.sample, self._session.inspection
        if sample is None:
            self._forget()
            self.view.badge.show_provenance(None)
            self._say(text("cloud.no_part"))
        elif self._modality.name in sample.measured:
            self.view.badge.show_provenance(Provenance.MEASURED)
            self._show_cloud(sample)
        else:
            self._forget()
            self._show_without_cloud(sample, inspection)
        self._show_cursor()

    def _follow_marks(self) -> None:
        """Show other marks; most parts have none, and drawing a cloud takes a while."""
        sample = self._session.sample
        in_space = sample is not None and self._modality.name in sample.measured
        if not in_space or self._session.annotating.used_types or self._has_marks:
            self.show()

    def _change_plane(self, grid: str, box: Box) -> None:
        sample = self._session.sample
        if sample is not None and sample.grid_of(self._modality.name) == grid:
            self.view.plane.change_labels(box)

    def _pointed(self, across: float, down: float) -> Cursor | None:
        if self.view.space is None or self._surface is None:
            return None
        number = self.view.space.scene.pick(across, down)
        if number is None:
            return None
        row, column = self._surface.pixel_of(number)
        return self._at(row + 0.5, column + 0.5)

    def _at(self, row: float, column: float) -> Cursor:
        return Cursor(self._modality.name, row, column)

    def _hover(self, across: float, down: float) -> None:
        self._session.hover(self._pointed(across, down))

    def _click(self, across: float, down: float) -> None:
        if (cursor := self._pointed(across, down)) is not None:
            actions.point_at(self._bench, cursor)

    def _show_cursor(self) -> None:
        sample, cursor = self._session.sample, self._session.cursor
        place = None
        if sample is not None and cursor is not None:
            place = cursor.on(sample, self._modality.name)
        self.view.plane.show_cursor(place)
        self._show_lines()
        if self.view.space is not None:
            near = None
            if place is not None and self._surface is not None:
                near = self._surface.point_at(*place)
            self.view.space.scene.mark(near)
            self.view.space.show_mark()

    def _show_lines(self) -> None:
        lines = lines_on(self._session, self._modality.name)
        self._lines.show_lines(lines)
        space, points = self.view.space, self._surface
        if space is None:
            return
        in_space = []
        if points is not None:
            for line in lines:
                begin = points.point_at(line.begin.row, line.begin.column)
                end = points.point_at(line.end.row, line.end.column)
                if begin is not None and end is not None:
                    in_space.append((begin, end, beside(line)))
        space.lines.show_lines(in_space)

    def _show_cloud(self, sample: Sample) -> None:
        space = self.view.space
        if space is None:
            self._say(text("cloud.broken" if self._broken else "cloud.preparing"))
            return
        cloud = sample.measured[self._modality.name]
        if self._drawn is sample and self._surface is not None:
            space.scene.recolour(self._colours(self._surface))
            self._show_space()
        elif cloud.shape[0] * cloud.shape[1] <= _AT_ONCE:
            self._draw(sample, self._surfaces.of(sample))
        elif self._awaited is not sample:
            self._forget()
            self._say(text("cloud.preparing"))
            self._await(sample)

    def _await(self, sample: Sample) -> None:
        cloud = sample.measured[self._modality.name]

        def done(shape: Surface) -> None:
            self._awaited = None
            self._draw(sample, shape)
            self._show_cursor()

        self._awaited = sample
        self._worker.submit(
            "surface",
            sample.id,
            lambda: surface(cloud),
            done,
            self._bench.notifications.report,
            title="",
        )

    def _draw(self, sample: Sample, shape: Surface) -> None:
        space = self.view.space
        if space is None:
            return
        self._surface, self._drawn = shape, sample
        spacing = self.view.pixels_per_point((shape.valid.shape[0], shape.valid.shape[1]))
        space.scene.show(shape.points, self._colours(shape), point_size(spacing))
        # The next part is looked at from where the user looked at this one.
        if not space.scene.is_framed:
            space.scene.look_from_camera(self.view.aspect)
        self._show_space()

    def _show_space(self) -> None:
        say(self.view.note, "" if can_draw() else text("cloud.without_opengl"))
        self.view.show_space()

    def _show_without_cloud(self, sample: Sample, inspection: Inspection | None) -> None:
        result = None if inspection is None else inspection.modalities.get(self._modality.name)
        if result is None or result.map is None:
            self.view.badge.show_provenance(Provenance.ABSENT)
            self._say(text("cloud.absent"))
            return
        self.view.badge.show_provenance(result.provenance)
        say(self.view.note, text("cloud.predicted"))
        self.view.plane.show_image(choose(sample, "").pixels(sample))
        self.view.plane.show_map(result.map, self._session.colour_scale)
        self.view.plane.set_opacity(self._opacity)
        self.view.plane.show_labels(self._labels(sample), self._session.annotating.colours)
        self.view.show_plane()

    def _follow_colours(self) -> None:
        """Recolour at once, now and then while limits keep moving, and wholly when they rest."""
        space = self.view.space
        if space is None or self._surface is None:
            self.show()
            return
        if not self._pause.isActive():
            self._recolour_quickly(space.scene, self._surface)
            space.refresh()
            self._pause.start()
        self._rest.start()

    def _recolour_quickly(self, scene: "Scene", shape: Surface) -> None:
        if scene.few is None:
            scene.recolour(self._colours(shape, with_outline=False))
            return
        if self._few is None or self._few[0] is not scene.few:
            self._few = scene.few, shape.thinned(scene.few)
        scene.recolour_few(self._colours(self._few[1], with_outline=False, few=True))

    def _settle(self) -> None:
        if self.view.space is not None:
            self.view.space.scene.rest()
        self.show()

    def _forget(self) -> None:
        self._worker.drop("surface")
        self._drawn = self._surface = self._awaited = self._few = None

    def _say(self, words: str) -> None:
        say(self.view.note, "")
        self.view.say_only(words)

    def _colours(self, shape: Surface, with_outline: bool = True, few: bool = False) -> Colours:
        inspection = self._session.inspection
        values = None if inspection is None else inspection.map_over(self._modality.name)
        painter = self._few_painter if few else self._painter
        scale = self._session.colour_scale
        colours = painter.colours(shape, values, scale, self._opacity, with_outline)
        sample = self._session.sample
        labels = None if sample is None else self._labels(sample)
        self._has_marks = labels is not None and bool(labels.any())
        if labels is not None and self._has_marks:
            mark(colours, labels[shape.valid], self._session.annotating.colours)
        return colours

    def _labels(self, sample: Sample) -> NDArray[np.uint8] | None:
        return self._session.annotating.mask_over(sample, self._modality.name)
