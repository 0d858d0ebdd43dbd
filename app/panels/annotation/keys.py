"""The keys while a tool is in use."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence


class ToolKeys(QObject):
    """Takes keys before the shortcuts of the window while a tool is in use.

    Install it as event filter on the widgets that have the tools; a key typed into a text field
    stays there.

    Parameters
    ----------
    is_used : callable
        Whether a tool is in use.
    keys : mapping of str to callable
        What each key, e.g. ``"Ctrl+Z"``, does.
    """

    def __init__(
        self, is_used: Callable[[], bool], keys: Mapping[str, Callable[[], object]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._is_used = is_used
        self._calls = {QKeySequence(key).toString(): call for key, call in keys.items()}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Do what the key is for."""
        if not isinstance(event, QKeyEvent) or not self._is_used():
            return False
        call = self._calls.get(QKeySequence(event.keyCombination()).toString())
        if call is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            # Accepted, it comes again as a plain key instead of a shortcut of the window.
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            call()
            return True
        return False
