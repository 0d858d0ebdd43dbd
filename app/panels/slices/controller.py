"""Shows the volume of the session's part, when the tab is looked at."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.jobs.worker import Worker
from app.panels.slices.model import Axis, Plane, first_window, grey, pixel_aspect, plane, voxel
from app.panels.slices.view import SlicesView
from app.text import number, text
from app.widgets.pane import say
from app.workbench import Workbench
from cmdiad_core.data.volumes import Volume, read_volume, volume_of

_TOPIC = "volume"


class SlicesController(QObject):
    """Owns the CT tab. Files are read on a thread of its own: an inspection may take long.

    Attributes
    ----------
    found : Signal(bool)
        Whether there is a volume to be looked at.
    """

    found = Signal(bool)

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._session = bench.session
        self._worker = Worker()
        self._path: Path | None = None
        self._volume: Volume | None = None
        self._plane: Plane | None = None
        #: Axis and number of the slice that is shown, and of the one being read.
        self._shown: tuple[Axis, int] | None = None
        self._reading: tuple[Axis, int] | None = None
        #: Axis whose slices can be chosen.
        self._offered: Axis | None = None
        self._pointed: tuple[float, float] | None = None
        self.view = SlicesView()
        self.view.appeared.connect(self._open)
        self.view.slice_chosen.connect(self._choose)
        self.view.window_chosen.connect(self._paint)
        self.view.canvas.pointed.connect(lambda *place: self._read_out(place))
        self.view.canvas.left.connect(lambda: self._read_out(None))
        self._session.current_changed.connect(self._look)
        self._session.volume_changed.connect(self._follow)

    def release(self) -> None:
        """End the thread and let go of the file."""
        self._worker.stop()
        self._forget()

    def _look(self) -> None:
        """Look for the volume of the part that is shown now; until then there is no slice."""
        self._forget()
        if self._session.current is None:
            self._session.set_volume(None)
            return
        part = self._session.entries[self._session.current].part
        self._worker.submit(
            _TOPIC, "look", lambda: volume_of(part), self._session.set_volume, self._fail, title=""
        )

    def _follow(self) -> None:
        if self._session.volume != self._path:
            self._forget()
            self._path = self._session.volume
        self.found.emit(self._path is not None)
        if self.view.isVisible():
            self._open()

    def _forget(self) -> None:
        self._worker.drop(_TOPIC)
        self._path = self._volume = self._plane = self._shown = self._reading = None
        self._offered = None
        self.view.canvas.show_image(None)
        self.view.offer(0)
        say(self.view.note, "")

    def _open(self) -> None:
        path = self._path
        if path is None or self._volume is not None:
            return
        say(self.view.note, text("slices.reading", file=path.name))

        def work() -> tuple[Volume, tuple[float, float]]:
            volume = read_volume(path)
            return volume, first_window(volume)

        self._worker.submit(_TOPIC, "open", work, self._take, self._fail, title="")

    def _take(self, found: tuple[Volume, tuple[float, float]]) -> None:
        self._volume, (level, window) = found
        depth, height, width = self._volume.values.shape
        size = text("slices.size", width=width, height=height, depth=depth)
        spacing = text("slices.no_spacing")
        if self._volume.spacing is not None:
            z, y, x = self._volume.spacing
            spacing = text(
                "slices.spacing", x=number(x, ".4g"), y=number(y, ".4g"), z=number(z, ".4g")
            )
        say(self.view.note, f"{self._volume.path.name}: {size}, {spacing}")
        self.view.show_window(level, window)
        self._choose()

    def _fail(self, error: Exception) -> None:
        say(self.view.note, str(error))

    def _choose(self) -> None:
        volume, axis = self._volume, Axis(self.view.axis.currentData())
        if volume is None:
            return
        if self._offered is not axis:
            self._offered = axis
            self.view.offer(volume.values.shape[axis])
        wanted = axis, self.view.number.value() - 1
        if self._reading is not None or wanted == self._shown:
            return
        self._reading = wanted
        self._worker.submit(
            _TOPIC, "slice", lambda: plane(volume, *wanted), self._show, self._fail, title=""
        )

    def _show(self, values: Plane) -> None:
        self._plane, self._shown, self._reading = values, self._reading, None
        if self._volume is not None and self._shown is not None:
            self.view.canvas.set_pixel_aspect(pixel_aspect(self._volume, self._shown[0]))
        self._paint()
        self._read_out(self._pointed)
        # The user may have gone on meanwhile.
        self._choose()

    def _paint(self) -> None:
        if self._plane is not None:
            pixels = grey(self._plane, self.view.level.value(), self.view.window_width.value())
            self.view.canvas.show_image(pixels)

    def _read_out(self, place: tuple[float, float] | None) -> None:
        self._pointed = place
        if place is None or self._plane is None or self._shown is None or self._volume is None:
            self.view.readout.setText(text("slices.hint"))
            return
        row, column = int(place[0]), int(place[1])
        if row >= self._plane.shape[0] or column >= self._plane.shape[1]:
            return
        value = self._plane[row, column]
        z, y, x = voxel(*self._shown, row, column)
        words = text("slices.readout", x=x, y=y, z=z, value=number(value, ".6g"))
        if (spacing := self._volume.spacing) is not None:
            across, down, deep = x * spacing[2], y * spacing[1], z * spacing[0]
            millimetres = text(
                "slices.place",
                x=number(across, ".2f"),
                y=number(down, ".2f"),
                z=number(deep, ".2f"),
            )
            words = f"{words} · {millimetres}"
        self.view.readout.setText(words)
