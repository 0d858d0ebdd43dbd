"""The menu of layouts: where the panels are, under names of the user's own."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QInputDialog, QMainWindow, QMenu

from app.settings import Settings
from app.text import text

#: Names that would be paths in the settings.
_NOT_IN_NAMES = str.maketrans("/\\", "  ")


class LayoutMenu(QMenu):
    """Saves, brings back and forgets layouts.

    Parameters
    ----------
    window : QMainWindow
        Whose panels are laid out.
    settings : Settings
        Where layouts are kept.
    """

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        super().__init__(text("layouts.title"), window)
        self._window = window
        self._settings = settings
        self._standard: QByteArray | None = None
        self.aboutToShow.connect(self.fill)

    def take_standard(self) -> None:
        """Keep the layout of now as the one that came with the workbench."""
        self._standard = self._window.saveState()

    def fill(self) -> None:
        """List what can be done."""
        self.clear()
        self.addAction(text("layouts.standard"), self._bring_back(self._standard))
        for name in self._settings.layouts():
            self.addAction(name, self._bring_back(self._settings.saved_layout(name)))
        self.addSeparator()
        self.addAction(text("layouts.save"), self._ask_name)
        forget = self.addMenu(text("layouts.forget"))
        forget.setEnabled(bool(self._settings.layouts()))
        for name in self._settings.layouts():
            forget.addAction(name, partial(self._settings.save_layout, name, None))

    def save(self, name: str) -> None:
        """Keep the layout of now under a name; one of the same name is replaced."""
        if name := name.translate(_NOT_IN_NAMES).strip():
            self._settings.save_layout(name, self._window.saveState())

    def _bring_back(self, state: QByteArray | None) -> Callable[[], None]:
        return lambda: None if state is None else self._apply(state)

    def _apply(self, state: QByteArray) -> None:
        self._window.restoreState(state)

    def _ask_name(self) -> None:
        name, wanted = QInputDialog.getText(self._window, text("layouts.save"), text("layouts.ask"))
        if wanted:
            self.save(name)
