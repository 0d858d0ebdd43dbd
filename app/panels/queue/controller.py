"""Keeps the queue's table and the session in step."""

from dataclasses import replace

from PySide6.QtCore import QTimer

from app import actions
from app.jobs.thumbnails import Thumbnails
from app.panels.queue.filters import filters
from app.panels.queue.model import QueueModel
from app.panels.queue.view import QueueView
from app.queue_order import Filter
from app.text import text
from app.widgets.pane import say
from app.workbench import Workbench
from cmdiad_core.inspection import Verdict

# Putting a long queue in order takes a while; it is done now and then while results come.
_LONG = 1000
_SETTLE_MS = 400


class QueueController:
    """Owns the queue panel."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._session = bench.session
        self._model = QueueModel(bench.session)
        self.thumbnails = Thumbnails(bench)
        self.view = QueueView(self._model, self.thumbnails)
        self._settle = QTimer(self.view, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._follow)
        self.view.chosen.connect(self._choose)
        self.view.searched.connect(self._search)
        self.view.filter_chosen.connect(self._filter)
        self._session.parts_changed.connect(self._reload)
        self._session.order_changed.connect(self._follow)
        self._session.entry_changed.connect(self._refresh)
        self._session.reviews.changed.connect(self._refresh_reviews)
        self._session.reviews.marked.connect(self._offer)
        self._session.current_changed.connect(self._select)
        self._session.operating_point_changed.connect(self._rejudge)
        self._count()

    def _choose(self, part_id: str) -> None:
        actions.show_part(self._bench, part_id)

    def _search(self, words: str) -> None:
        self._session.set_order(replace(self._session.order, words=words))

    def _filter(self, key: str) -> None:
        chosen = next((f for f in self._offered() if f.key == key), None)
        self._session.set_order(replace(self._session.order, filter=chosen))

    def _offered(self) -> list[Filter]:
        return filters(self._session, lambda: self._bench.settings.reviewer)

    def _reload(self) -> None:
        self._model.shorten_names()
        self._offer()
        # The table follows the order.
        self._filter(self.view.filter_key)

    def _offer(self) -> None:
        chosen = self.view.filter_key
        self.view.offer_filters([(f.key, f.title) for f in self._offered()])
        if chosen != self.view.filter_key:
            # Nothing of the chosen type is left.
            self._filter(self.view.filter_key)

    def _follow(self) -> None:
        self._settle.stop()
        self._model.follow()
        self._select()
        self._count()

    def _refresh(self, part_id: str) -> None:
        self._model.refresh(part_id)
        if self._session.remaining and len(self._session.entries) > _LONG:
            if not self._settle.isActive():
                self._settle.start()
        else:
            self._follow()

    def _refresh_reviews(self, part_ids: frozenset[str]) -> None:
        self._model.refresh_reviews(part_ids)

    def _rejudge(self) -> None:
        self._model.refresh_verdicts()
        self._count()

    def _select(self) -> None:
        self.view.select(self._model.row(self._session.current or ""))

    def _count(self) -> None:
        entries, order = self._session.entries.values(), self._session.order
        empty = (
            "" if self._model.rowCount() else "queue.nothing_found" if entries else "queue.empty"
        )
        say(self.view.note, text(empty) if empty else "")
        if order.words or order.filter is not None:
            shown = self._model.rowCount()
            self.view.counts.setText(text("queue.shown", shown=shown, total=len(entries)))
            return
        found = self._session.count_verdicts()
        flagged = found[Verdict.REJECT] + found[Verdict.UNDECIDED]
        self.view.counts.setText(text("queue.counts", flagged=flagged, total=len(entries)))
