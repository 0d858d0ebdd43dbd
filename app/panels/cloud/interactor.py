"""The widget that VTK draws into, once a frame."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from pyvistaqt import QtInteractor


class Interactor(QtInteractor):  # type: ignore[misc]
    """Mouse moves ask for a frame instead of drawing one each, and one more when it is painted.

    Attributes
    ----------
    painted : Signal(float)
        A frame is there; it took so many seconds.
    asked : Signal
        A frame of its own is wanted, in the place of the one that is there.
    """

    painted = Signal(float)
    asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        self._painting, self._stale = False, True
        self._seen_from = -1
        super().__init__(parent, auto_update=False, multi_samples=0)
        # What lies over the view can change without the frame below it being drawn again.
        self.setUpdateBehavior(self.UpdateBehavior.PartialUpdate)
        self._inner = self.iren.interactor
        self._inner.EnableRenderOff()
        self._observed: list[tuple[Any, int]] = []
        self.observe(self._inner, "RenderEvent", self._ask)

    def observe(
        self, thing: Any, event: str, call: Callable[[], None], priority: float = 0.0
    ) -> None:
        """Call something at an event of a VTK object until the view is closed."""
        number = thing.AddObserver(event, lambda *_: call(), priority)
        self._observed.append((thing, number))

    def close(self) -> None:
        """Give back what OpenGL holds; the view cannot be used afterwards."""
        for thing, number in self._observed:
            thing.RemoveObserver(number)
        self._observed.clear()
        super().close()

    def update(self, *area: Any) -> None:
        """Ask for a frame."""
        self.asked.emit()
        self.add(*area)

    def add(self, *area: Any) -> None:
        """Ask for a frame over the one that is there."""
        self._stale = True
        super().update(*area)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave the key to the window: those of VTK (3 is red and blue stereo) are not wanted."""
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave the key to the window; a mouse event brings Shift and Ctrl of its own."""
        event.ignore()

    def resizeGL(self, width: int, height: int) -> None:  # noqa: N802
        """Take the new size, whose frame is empty."""
        self._stale = True
        self.asked.emit()
        super().resizeGL(width, height)

    def paintGL(self) -> None:  # noqa: N802
        """Draw a frame, if anything changed since the last one."""
        if not self._stale:
            return
        self._stale = False
        start = perf_counter()
        self._painting = True
        self._inner.EnableRenderOn()
        try:
            super().paintGL()
        finally:
            self._inner.EnableRenderOff()
            self._painting = False
        # Drawing goes on in the graphics card; only when it is done the time is known.
        self.ren_win.WaitForCompletion()
        self._seen_from = self.camera.GetMTime()
        self.painted.emit(perf_counter() - start)

    def _ask(self) -> None:
        # At the end of a click, too, a frame is asked for.
        if not self._painting and self.camera.GetMTime() != self._seen_from:
            self.update()
