"""Says when another model is in use than the one this window inspects with."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app import actions
from app.notifications import Level, Message, Offer
from app.text import text
from app.workbench import Workbench
from cmdiad_core.errors import InputError
from cmdiad_core.models import RegisteredModel

#: Milliseconds after which a promotion in another window is seen at the latest.
_ASK_MS = 2000


class ChampionWatch(QObject):
    """Asks an open store now and then which model is in use.

    Parameters
    ----------
    bench : Workbench
        Its messages say so and offer to open the model.

    Attributes
    ----------
    changed : Signal
        Somebody promoted or rolled back, here or elsewhere.
    """

    changed = Signal()

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._seen: int | None = None
        #: The model in use of which this window said that it has another one, and what it said.
        self._told: tuple[RegisteredModel, Message] | None = None
        bench.session.model_changed.connect(self._follow)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.ask)
        self._timer.start(_ASK_MS)

    def ask(self) -> None:
        """Look whether anything changed."""
        bench = self._bench
        if not bench.store.is_open or (self._seen is None and bench.session.detector is None):
            return
        from cmdiad_core.store.models import Models

        try:
            models = Models(bench.store.open().database)
            latest = models.latest_promotion()
            champion = None if latest == self._seen else models.champion()
        except InputError:
            return  # asked again in a moment
        if latest != self._seen:
            self._seen = latest
            self.changed.emit()
        if champion is not None:
            self._take_back()
            if not self._is_open(champion):
                self._tell(champion)

    def _tell(self, champion: RegisteredModel) -> None:
        open_it = partial(actions.open_registered, self._bench, champion)
        offer = Offer(text("models.open_champion"), open_it)
        words = text("models.other_in_use", name=champion.name, id=champion.id)
        self._told = champion, self._bench.notifications.post(Level.NOTE, words, offer)

    def _follow(self) -> None:
        if self._told is not None and self._is_open(self._told[0]):
            self._take_back()

    def _take_back(self) -> None:
        if self._told is not None:
            self._bench.notifications.withdraw(self._told[1])
            self._told = None

    def _is_open(self, model: RegisteredModel) -> bool:
        detector = self._bench.session.detector
        if detector is None:
            return False
        limits = detector.operating_point
        mine = detector.id, limits.accept_below, limits.reject_from
        return mine == (model.id, model.accept_below, model.reject_from)
