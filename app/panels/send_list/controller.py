"""Ranks the parts of the queue on the worker and shows the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QWidget

from app import actions
from app.export_menu import ask_target
from app.jobs.thumbnails import Thumbnails
from app.panels.send_list.model import Pool, why
from app.panels.send_list.view import Row, SendListView
from app.text import number, text
from app.workbench import Workbench

if TYPE_CHECKING:
    from cmdiad_core.workflows.nearline_choice import NearLineList

#: How long changes are collected before the list is made again.
_SETTLE_MS = 200
#: A choice that takes longer says how far it is.
_LONG_MS = 500


class SendListController:
    """The page of parts to send near-line.

    Parameters
    ----------
    bench : Workbench
        Whose queue is ranked.
    window : QWidget
        Over which the page opens.
    thumbnails : Thumbnails
        Asked for the pictures of the parts.
    """

    def __init__(self, bench: Workbench, window: QWidget, thumbnails: Thumbnails) -> None:
        self._bench, self._window, self._thumbnails = bench, window, thumbnails
        self.view: SendListView | None = None
        self._pool: Pool | None = None
        self._found: NearLineList | None = None
        self._begun = QElapsedTimer()
        self._settle = QTimer(window, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._follow)
        session = bench.session
        session.parts_changed.connect(self._begin_again)
        session.model_changed.connect(self._begin_again)
        session.entry_changed.connect(self._wait)
        session.operating_point_changed.connect(self._wait)
        session.reviews.changed.connect(self._wait)
        session.training.changed.connect(self._wait)
        thumbnails.arrived.connect(self._show_picture)

    def show(self) -> None:
        """Open the page, or bring it to the front."""
        if self.view is None:
            self.view = SendListView(self._window)
            self.view.budget_changed.connect(self._follow)
            self.view.wanted_now.connect(self._rank)
            self.view.stopped.connect(self._stop)
            self.view.chosen.connect(lambda part_id: actions.show_part(self._bench, part_id))
            self.view.export_wanted.connect(self._export)
            self.view.finished.connect(self._forget)
            self._follow()
        self.view.show()
        self.view.raise_()

    def leave(self) -> None:
        """Close the page."""
        if self.view is not None:
            self.view.reject()

    def _wait(self) -> None:
        if self.view is not None and not self._settle.isActive():
            self._settle.start()

    def _begin_again(self) -> None:
        if self.view is not None:
            # Its parts may be gone.
            self._show_none()
            self._wait()

    def _follow(self) -> None:
        if self.view is None:
            return
        session = self._bench.session
        total = len(session.entries)
        if session.detector is None or not total:
            self._show_none()
            key = "send_list.no_model" if session.detector is None else "send_list.no_queue"
            self.view.show_words("", text(key))
            self.view.show_progress("", 0, 0)
        elif session.remaining:
            done = total - session.remaining
            words = text("send_list.inspecting", done=done, total=total)
            self.view.show_progress(words, done, total)
            if self._found is None:
                self.view.show_words("", text("send_list.wait"))
        else:
            self._rank()

    def _rank(self) -> None:
        if self.view is None:
            return
        self._pool = Pool.of(self._bench.session)
        self.view.show_progress("", 0, 0)
        self._begun.start()
        actions.rank_queue(
            self._bench, self._pool.doubts, self.view.budget.value(), self._progress, self._show
        )

    def _progress(self, done: int, total: int) -> None:
        if self.view is not None and self._begun.elapsed() > _LONG_MS:
            self.view.show_progress(text("send_list.ranking"), done, total, ranking=True)

    def _show(self, found: NearLineList) -> None:
        if self.view is None or self._pool is None:
            return
        self._found = found
        self.view.show_progress("", 0, 0)
        self.view.show_words(self._pool.counts, self._pool.caution(found.budget))
        self.view.show_rows(
            [
                Row(one.part, number(one.doubt.score), number(one.doubt.p_value, ".3f"), why(one))
                for one in found.sent
            ]
        )
        # What is asked for last is made first.
        for one in reversed(found.sent):
            self._show_picture(one.part)
        if self._bench.session.remaining:
            self._wait()

    def _show_picture(self, part_id: str) -> None:
        if self.view is None or self._found is None:
            return
        if part_id in {one.part for one in self._found.sent}:
            image = self._thumbnails.get(part_id)
            if image is not None:
                self.view.show_picture(part_id, image)

    def _show_none(self) -> None:
        self._found = None
        actions.stop_ranking(self._bench)
        if self.view is not None:
            self.view.show_rows([])

    def _stop(self) -> None:
        self._show_none()
        if self.view is not None:
            self.view.show_progress("", 0, 0)
            self.view.show_words("", text("send_list.stopped"))

    def _export(self) -> None:
        if self.view is None or self._found is None:
            return
        found, settings = self._found, self._bench.settings
        path = ask_target(self.view, settings, "send_list", "near-line", ("csv", "json"))
        if path is not None:
            actions.export_send_list(self._bench, found, path)

    def _forget(self) -> None:
        self.view = None
        self._show_none()
