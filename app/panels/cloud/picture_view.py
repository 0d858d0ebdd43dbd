"""The 3D view where Qt has no OpenGL: drawn off the screen, shown as a picture."""

from time import perf_counter

import pyvista as pv
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.panels.cloud.lines import Lines
from app.panels.cloud.motion import Motion
from app.panels.cloud.pointing import Pointing
from app.panels.cloud.ring import Ring
from app.panels.cloud.scene import Scene

_DEGREES_PER_PIXEL = 0.4
_MINIMUM = 64


class PictureView(QLabel):
    """Slower stand-in for the view on the screen; drag turns, the wheel zooms.

    Parameters
    ----------
    name : str
        Accessible name.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(_MINIMUM, _MINIMUM)
        self._plotter = pv.Plotter(off_screen=True)
        self.scene = Scene(self._plotter)
        self._pressed_at: QPointF | None = None
        self.pointing = Pointing(self)
        self.lines = Lines(self, self.scene)
        self._ring = Ring(self)
        self._motion = Motion(self.scene, self.refresh, self._draw, self)

    @property
    def drawing(self) -> QWidget:
        """The widget that gets the mouse."""
        return self

    def refresh(self) -> None:
        """Draw the scene as it is now."""
        self._motion.begin_frame()
        self._draw()

    def _draw(self) -> None:
        if self._plotter is None or not self.isVisible():
            return
        self._plotter.window_size = [max(self.width(), _MINIMUM), max(self.height(), _MINIMUM)]
        start = perf_counter()
        pixels = self._plotter.screenshot(return_img=True)
        self.scene.time_frame(perf_counter() - start)
        height, width = pixels.shape[:2]
        image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
        self.setPixmap(QPixmap.fromImage(image))
        self._follow()
        self._motion.follow_frame()

    def show_mark(self) -> None:
        """Put the ring around the marked point."""
        self._ring.surround(self.scene.marked_place)

    def _follow(self) -> None:
        self.lines.follow()
        self.show_mark()

    def release(self) -> None:
        """Give back what the plotter holds; the view cannot be used afterwards."""
        if self._plotter is not None:
            self._plotter.close()
            self._plotter = None

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to turn."""
        self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Turn the camera around the part."""
        if self._pressed_at is None:
            return
        moved = event.position() - self._pressed_at
        self._pressed_at = event.position()
        self._plotter.camera.Azimuth(-moved.x() * _DEGREES_PER_PIXEL)
        self._plotter.camera.Elevation(moved.y() * _DEGREES_PER_PIXEL)
        self._plotter.camera.OrthogonalizeViewUp()
        self._plotter.renderer.ResetCameraClippingRange()
        self._motion.move()
        self.refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Stop turning."""
        self._pressed_at = None
        self._motion.end()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Go nearer or further away."""
        self._plotter.camera.zoom(1.15 if event.angleDelta().y() > 0 else 1 / 1.15)
        self._motion.move()
        self.refresh()
        self._motion.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw at the new size."""
        super().resizeEvent(event)
        self._motion.move()
        self.refresh()
        self._motion.end()
