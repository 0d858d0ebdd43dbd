"""The 3D view drawn by OpenGL on the screen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.cloud.interactor import Interactor
from app.panels.cloud.lines import Lines
from app.panels.cloud.motion import Motion
from app.panels.cloud.pointing import Pointing
from app.panels.cloud.ring import Ring
from app.panels.cloud.scene import Scene

_WHEEL = ("MouseWheelForwardEvent", "MouseWheelBackwardEvent")


class ScreenView(QWidget):
    """Interactive view; drag turns, the wheel zooms.

    Parameters
    ----------
    name : str
        Accessible name.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._plotter = Interactor(self)
        self._plotter.setAccessibleName(name)
        # A window of its own for the system: with OpenGL in the main one, every change anywhere
        # would draw all of it through OpenGL (40 ms with software rendering).
        self.setAttribute(Qt.WidgetAttribute.WA_DontCreateNativeAncestors)
        self.setAttribute(Qt.WidgetAttribute.WA_NativeWindow)
        self.scene = Scene(self._plotter)
        self.pointing = Pointing(self._plotter)
        self.lines = Lines(self._plotter, self.scene)
        self._ring = Ring(self._plotter)
        self._motion = Motion(self.scene, self.refresh, self._plotter.add, self)
        self._plotter.asked.connect(self._motion.begin_frame)
        self._plotter.painted.connect(self.scene.time_frame)
        self._plotter.painted.connect(lambda _: self._motion.follow_frame())
        self._plotter.painted.connect(self._follow)
        self._follow_camera()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plotter)

    @property
    def drawing(self) -> QWidget:
        """The widget that gets the mouse."""
        return self._plotter

    def refresh(self) -> None:
        """Draw the scene as it is now."""
        # Painting renders; an explicit render would be a second one.
        self._plotter.update()

    def show_mark(self) -> None:
        """Put the ring around the marked point."""
        self._ring.surround(self.scene.marked_place)

    def _follow(self) -> None:
        self.lines.follow()
        self.show_mark()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw little while the size changes."""
        super().resizeEvent(event)
        self._motion.move()
        self._motion.end()

    def release(self) -> None:
        """Give back what OpenGL holds; the view cannot be used afterwards."""
        self._plotter.close()

    def _follow_camera(self) -> None:
        inner, motion, observe = self._plotter.iren.interactor, self._motion, self._plotter.observe
        style = inner.GetInteractorStyle()
        observe(style, "StartInteractionEvent", motion.hold)
        # Not at the start: a click moves nothing.
        observe(style, "InteractionEvent", motion.move)
        observe(style, "EndInteractionEvent", motion.end)
        for event in _WHEEL:
            # Before the style moves the camera, which it does within one event.
            observe(inner, event, motion.move, priority=1.0)
