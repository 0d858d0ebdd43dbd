"""Where the mouse points in a 3D view, apart from what it does to the camera."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


class Pointing(QObject):
    """Watches the mouse over a widget.

    Parameters
    ----------
    widget : QWidget
        Keeps its own handling of the mouse.

    Attributes
    ----------
    moved, clicked : Signal(float, float)
        Shares, 0 to 1, of the width from the left and of the height from the top. Moving while a
        button is down turns the camera and tells nothing; a click is a press that did not move.
    left : Signal
        The mouse is no longer there.
    """

    moved = Signal(float, float)
    clicked = Signal(float, float)
    left = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._pressed_at: QPointF | None = None
        widget.setMouseTracking(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Look at every event and pass it on."""
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
        elif isinstance(event, QMouseEvent):
            self._look(event)
        return False

    def _look(self, event: QMouseEvent) -> None:
        share = (
            event.position().x() / max(self._widget.width(), 1),
            event.position().y() / max(self._widget.height(), 1),
        )
        if event.type() == QEvent.Type.MouseMove and not event.buttons():
            self.moved.emit(*share)
        elif event.button() == Qt.MouseButton.LeftButton:
            if event.type() == QEvent.Type.MouseButtonPress:
                self._pressed_at = event.position()
            elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed_at is not None:
                moved = (event.position() - self._pressed_at).manhattanLength()
                self._pressed_at = None
                if moved < QApplication.startDragDistance():
                    self.clicked.emit(*share)
