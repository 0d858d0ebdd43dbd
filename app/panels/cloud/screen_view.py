"""The 3D view drawn by OpenGL on the screen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pyvistaqt import QtInteractor

from app.panels.cloud.pointing import Pointing
from app.panels.cloud.scene import Scene


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
        self._plotter = QtInteractor(self, auto_update=False, multi_samples=0)
        self._plotter.setAccessibleName(name)
        # The plotter's own keys (q closes it) would get in the way of the window's.
        self._plotter.iren.clear_key_event_callbacks()
        # A window of its own for the system: with OpenGL in the main one, every change anywhere
        # would draw all of it through OpenGL (40 ms with software rendering).
        self.setAttribute(Qt.WidgetAttribute.WA_DontCreateNativeAncestors)
        self.setAttribute(Qt.WidgetAttribute.WA_NativeWindow)
        self.scene = Scene(self._plotter)
        self.pointing = Pointing(self._plotter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plotter)

    @property
    def drawing(self) -> QWidget:
        """The widget that gets the mouse."""
        return self._plotter  # type: ignore[no-any-return]

    def refresh(self) -> None:
        """Draw the scene as it is now."""
        # Painting renders; an explicit render would be a second one.
        self._plotter.update()

    def release(self) -> None:
        """Give back what OpenGL holds; the view cannot be used afterwards."""
        self._plotter.close()
