"""Shows the session's part in the image pane."""

from app import actions
from app.cursor import Cursor
from app.panels.image.model import Source, choose, sources
from app.panels.image.view import ImageView
from app.panels.measuring.line_layer import LineLayer
from app.panels.measuring.model import lines_on
from app.session import Session
from app.settings import Settings
from app.text import inside, text
from app.widgets.pane import say
from app.workbench import Workbench
from cmdiad_core.edits import Box
from cmdiad_core.inspection import Inspection, Provenance
from cmdiad_core.sample import Sample


class ImageController:
    """Owns the image pane."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._session: Session = bench.session
        self._settings: Settings = bench.settings
        self._wanted = sources()[0].name
        self._drawn: tuple[Sample, str] | None = None
        self.view = ImageView()
        self.view.opacity_changed.connect(self._set_opacity)
        self.view.opacity.setValue(self._settings.opacity)
        self.view.source_chosen.connect(self._choose)
        self.view.canvas.pointed.connect(self._hover)
        self.view.canvas.clicked.connect(self._click)
        self.view.canvas.left.connect(lambda: self._session.hover(None))
        self._session.cursor_changed.connect(self._show_cursor)
        self._lines = LineLayer(self.view.canvas)
        self._session.cursor_changed.connect(self._show_lines)
        self._session.measuring.changed.connect(self._show_lines)
        self._session.annotating.loaded.connect(self._show_labels)
        self._session.annotating.painted.connect(self._change_labels)
        self._session.shown_changed.connect(self._show)
        self._session.operating_point_changed.connect(self._show_colours)
        self._session.colours_changed.connect(self._show_colours)
        self._show()

    @property
    def shown(self) -> str | None:
        """The modality whose image is shown, if any."""
        return None if self._drawn is None else self._drawn[1]

    def fit(self) -> None:
        """Show the whole image."""
        self.view.canvas.fit()

    def _choose(self, name: str) -> None:
        self._wanted = name
        self._show()

    def _hover(self, row: float, column: float) -> None:
        if self._drawn is not None:
            self._session.hover(Cursor(self._drawn[1], row, column))

    def _click(self, row: float, column: float) -> None:
        if self._drawn is not None:
            actions.point_at(self._bench, Cursor(self._drawn[1], row, column))

    def _show_cursor(self) -> None:
        cursor, place = self._session.cursor, None
        if cursor is not None and self._drawn is not None:
            place = cursor.on(*self._drawn)
        self.view.canvas.show_cursor(place)
        self.view.canvas.show_region(self._box())

    def _box(self) -> tuple[int, int, int, int] | None:
        """Return the box of the chosen region, where this image has to do with it."""
        region = self._session.region
        if region is None or self._drawn is None:
            return None
        here = Cursor(region.modality, *region.peak).on(*self._drawn)
        return None if here is None else region.box

    def _show_lines(self) -> None:
        lines = () if self._drawn is None else lines_on(self._session, self._drawn[1])
        self._lines.show_lines(lines)

    def _show_labels(self) -> None:
        annotating = self._session.annotating
        labels = None if self._drawn is None else annotating.mask_over(*self._drawn)
        self.view.canvas.show_labels(labels, annotating.colours)

    def _change_labels(self, grid: str, box: Box) -> None:
        if self._drawn is not None and self._drawn[0].grid_of(self._drawn[1]) == grid:
            self.view.canvas.change_labels(box)

    def _set_opacity(self, percent: int) -> None:
        self._settings.opacity = percent
        self.view.canvas.set_opacity(percent / 100)

    def _show(self) -> None:
        sample, view = self._session.sample, self.view
        view.source.setEnabled(sample is not None)
        if sample is None:
            self._drawn = None
            view.canvas.show_image(None)
            view.badge.show_provenance(None)
            say(view.note, "")
        else:
            self._show_image(sample, choose(sample, self._wanted))
        self._show_map()
        self._show_cursor()
        self._show_lines()
        self._show_labels()

    def _show_image(self, sample: Sample, source: Source) -> None:
        view = self.view
        choices = [
            (s.name, s.title, s.provenance(sample) is Provenance.MEASURED) for s in sources()
        ]
        view.list_sources(choices, source.name)
        view.badge.show_provenance(Provenance.MEASURED)
        lacking = next(s for s in sources() if s.name == self._wanted)
        stand_in = "" if source.name == self._wanted else self._stand_in(lacking, source)
        say(view.note, stand_in or (text("image.grey") if source.is_grey(sample) else ""))
        # A sample arrives twice, with its pixels and again with its result; one drawing is enough.
        if self._drawn is None or self._drawn[0] is not sample or self._drawn[1] != source.name:
            view.canvas.show_image(source.pixels(sample))
            self._drawn = (sample, source.name)

    def _stand_in(self, lacking: Source, shown: Source) -> str:
        return text("image.stand_in", lacking=inside(lacking.title), shown=inside(shown.title))

    def _show_map(self) -> None:
        self._show_colours()
        self._show_foreground(self._session.inspection if self.view.canvas.shows_map else None)

    def _show_colours(self) -> None:
        inspection, scale = self._session.inspection, self._session.colour_scale
        self.view.bar.show_scale(scale)
        shown = None
        if inspection is not None and self._drawn is not None:
            shown = inspection.map_over(self._drawn[1])
        self.view.canvas.show_map(shown, scale)

    def _show_foreground(self, inspection: Inspection | None) -> None:
        """Surround what the shown map rests on, where it is not the whole picture."""
        foreground = None
        if inspection is not None and self._drawn is not None:
            source = self._drawn[1] if inspection.map is None else "fused"
            foreground = inspection.foreground_of(source)
        self.view.canvas.show_foreground(foreground)
        say(self.view.legend, "" if foreground is None else text("image.foreground"))
