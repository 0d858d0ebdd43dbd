"""Asks for the regions of the shown part once a limit rests."""

from PySide6.QtCore import QObject, QTimer

from app import actions
from app.workbench import Workbench

_REST_MS = 150


class RegionsAtRest(QObject):
    """Not on every move of a drag; at once for a part that comes while the limits rest.

    Parameters
    ----------
    bench : Workbench
        Whose session is followed.
    """

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._find)
        bench.session.operating_point_changed.connect(self._wait)
        bench.session.shown_changed.connect(self._follow)

    def _wait(self) -> None:
        self._rest.start()

    def _find(self) -> None:
        actions.find_regions(self._bench)

    def _follow(self) -> None:
        if not self._rest.isActive():
            self._find()
