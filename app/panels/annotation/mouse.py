"""The mouse while a tool is in use."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget


class ToolMouse(QObject):
    """Takes the left button from a widget while a tool is in use there.

    Other buttons and the wheel stay with the widget: they move and zoom the view.

    Parameters
    ----------
    widget : QWidget
        Gets the events otherwise.
    is_used : callable
        Whether a tool is in use.

    Attributes
    ----------
    pressed, dragged, released, hovered, doubled : Signal(QPointF)
        Places on the widget.
    """

    pressed = Signal(QPointF)
    dragged = Signal(QPointF)
    released = Signal(QPointF)
    hovered = Signal(QPointF)
    doubled = Signal(QPointF)

    def __init__(self, widget: QWidget, is_used: Callable[[], bool]) -> None:
        super().__init__(widget)
        self._is_used = is_used
        self._down = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take what belongs to the tool."""
        if not isinstance(event, QMouseEvent) or not (self._down or self._is_used()):
            return False
        kind, place = event.type(), event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseMove and self._down:
            self.dragged.emit(place)
            return True
        if kind == QEvent.Type.MouseMove:
            self.hovered.emit(place)
            return False
        if not left:
            return False
        if kind == QEvent.Type.MouseButtonPress:
            self._down = True
            self.pressed.emit(place)
        elif kind == QEvent.Type.MouseButtonDblClick:
            self.doubled.emit(place)
        elif kind == QEvent.Type.MouseButtonRelease and self._down:
            self._down = False
            self.released.emit(place)
        return True
