"""While the camera moves few points are drawn; a moment after it stopped, all of them.

All of a large cloud take seconds: they are drawn in several frames, between which the window does
what else is to be done.
"""

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
        Draws it anew.
    add : callable
        Draws further points over it.
    parent : QObject
        Lives as long.
    """

    def __init__(
        self,
        scene: Scene,
        refresh: Callable[[], None],
        add: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._scene = scene
        self._refresh = refresh
        self._add = add
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._go_on)
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

    def begin_frame(self) -> None:
        """Take in that a frame of its own is wanted; nothing more is added to the last one."""
        self._next.stop()
        self._scene.begin()

    def follow_frame(self) -> None:
        """Take in that a frame was drawn."""
        if not (self._scene.is_sparse or self._scene.is_whole):
            self._next.start()

    def _go_on(self) -> None:
        if not self._scene.is_sparse:
            self._scene.go_on()
            self._add()

    def _rest(self) -> None:
        self._scene.rest()
        self._refresh()
