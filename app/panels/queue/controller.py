"""Keeps the queue's table and the session in step."""

from app import actions
from app.panels.queue.model import Column, QueueModel, QueueOrder
from app.panels.queue.view import QueueView
from app.text import text
from app.workbench import Workbench
from cmdiad_core.inspection import Verdict


class QueueController:
    """Owns the queue panel."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._session = bench.session
        self._model = QueueModel(bench.session)
        self._order = QueueOrder()
        self._order.setSourceModel(self._model)
        self._order.sort(Column.SCORE)
        self.view = QueueView(self._order)
        self.view.chosen.connect(self._choose)
        self._session.parts_changed.connect(self._reload)
        self._session.entry_changed.connect(self._refresh)
        self._session.current_changed.connect(self._select)
        self._session.operating_point_changed.connect(self._rejudge)
        self._count()

    def _choose(self, part_id: str) -> None:
        actions.show_part(self._bench, part_id)

    def _reload(self) -> None:
        self._model.reload()
        self._select()
        self._count()

    def _refresh(self, part_id: str) -> None:
        self._model.refresh(part_id)
        self._select()
        self._count()

    def _rejudge(self) -> None:
        self._model.refresh_verdicts()
        self._count()

    def _select(self) -> None:
        row = self._model.row(self._session.current or "")
        if row >= 0:
            self.view.select(self._order.mapFromSource(self._model.index(row, 0)))

    def _count(self) -> None:
        entries = self._session.entries.values()
        verdicts = [self._session.verdict(entry) for entry in entries]
        flagged = sum(verdict in (Verdict.REJECT, Verdict.UNDECIDED) for verdict in verdicts)
        self.view.counts.setText(text("queue.counts", flagged=flagged, total=len(verdicts)))
