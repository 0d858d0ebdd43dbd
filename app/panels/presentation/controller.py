"""Asks for a tour and starts it."""

from PySide6.QtWidgets import QWidget

from app.notifications import Level
from app.panels.presentation.chooser import TourChooser
from app.panels.presentation.guide import Guide
from app.text import text
from app.workbench import Workbench


class PresentationController:
    """Presentation mode; it reads the session and changes nothing in it.

    Parameters
    ----------
    bench : Workbench
        Whose parts are shown.
    window : QWidget
        Over which dialog and tour open.
    """

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        self._bench, self._window = bench, window
        self.chooser: TourChooser | None = None
        self.guide: Guide | None = None

    def ask(self) -> None:
        """Ask which parts to show, and show them."""
        session = self._bench.session
        if session.detector is None or not session.entries:
            self._bench.notifications.post(Level.NOTE, text("presentation.nothing"))
            return
        self.chooser = TourChooser(self._bench, self._window)
        self.chooser.accepted.connect(self._begin)
        self.chooser.finished.connect(self._forget_chooser)
        self.chooser.open()

    def leave(self) -> None:
        """End what is open."""
        if self.chooser is not None:
            self.chooser.reject()
        if self.guide is not None:
            self.guide.view.reject()

    def _begin(self) -> None:
        if self.chooser is not None:
            self.guide = Guide(
                self._bench, self._window, self.chooser.chosen, self.chooser.efforts.efforts()
            )
            self.guide.view.finished.connect(self._forget_guide)
            self.guide.begin()

    def _forget_chooser(self) -> None:
        self.chooser = None

    def _forget_guide(self) -> None:
        self.guide = None
