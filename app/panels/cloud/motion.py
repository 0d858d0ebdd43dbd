"""While the camera moves few points are drawn; a moment after it stopped, all of them."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.panels.cloud.scene import Scene

#: Milliseconds without movement after which the camera is taken to rest.
REST_MS = 250


class Motion(QObject):
    """Tells a scene when the camera moves.

    Parameters
    ----------
    scene : Scene
        What is looked at.
    refresh : callable
        Draws it.
    parent : QObject
        Lives as long.
    """

    def __init__(self, scene: Scene, refresh: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._refresh = refresh
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._rest)

    def hold(self) -> None:
        """Wait with the rest of the points: a movement may begin."""
        self._timer.stop()

    def move(self) -> None:
        """Take in that the camera moved, and may go on."""
        self._timer.stop()
        self._scene.move()

    def end(self) -> None:
        """Take in that the camera stopped."""
        if self._scene.is_sparse:
            self._timer.start()
        else:
            self._scene.rest()

    def _rest(self) -> None:
        self._scene.rest()
        self._refresh()
