"""Keeps the person's verdict on the screen and in the store in step."""

from collections.abc import Iterable

from PySide6.QtCore import QTimer

from app import actions
from app.panels.review.model import (
    account,
    commented,
    sign,
    station_account,
    station_sign,
    station_taken_in,
)
from app.panels.review.view import ReviewView
from app.refusal import refusal
from app.theme import tones
from app.workbench import Workbench
from cmdiad_core.edits import Opinion
from cmdiad_core.people import Right

_NOTHING = Opinion()
#: Milliseconds after which what other windows wrote is seen at the latest.
_ASK_OTHERS_MS = 2000


class ReviewController:
    """Owns the strip with the person's verdict."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._session = bench.session
        self._part: str | None = None
        #: Comments that could not be written; shown again with their part.
        self._drafts: dict[str, str] = {}
        #: Parts on which a person contradicted the model in use.
        self._corrected: set[str] = set()
        self.view = ReviewView()
        self.view.given.connect(lambda verdict: actions.review(bench, verdict))
        self.view.commented.connect(self._keep_comment)
        self._session.current_changed.connect(self._change_part)
        self._session.shown_changed.connect(self.show)
        self._session.operating_point_changed.connect(self.show)
        self._session.reviews.changed.connect(self._follow)
        self._session.entry_changed.connect(self._follow_entry)
        self._session.model_changed.connect(self._count_corrected)
        self._session.parts_changed.connect(self._count_corrected)
        self._timer = QTimer(self.view)
        self._timer.timeout.connect(self._ask_others)
        self._timer.start(_ASK_OTHERS_MS)
        self.show()

    def show(self) -> None:
        """Show the state of now."""
        session, part = self._session, self._part
        people = self._bench.people
        self.view.let_retrain(refusal(people, Right.RETRAIN))
        is_known = part is not None and session.reviews.hash(part) is not None
        self.view.let_review(is_known, refusal(people, Right.LABEL))
        if part is None or part not in session.entries:
            self.view.show_verdict(account(_NOTHING, None), sign(None), tones().faint)
            self.view.show_station("", "", None)
            self.view.show_comment("", "")
            return
        reviewer = self._bench.settings.reviewer
        opinion = session.reviews.of(part)
        verdict = opinion.verdict.verdict if opinion.verdict else None
        words = account(opinion, session.verdict(session.entries[part]), reviewer)
        colour = tones().faint if verdict is None else tones().review(verdict)
        self.view.show_verdict(words, sign(verdict), colour)
        taken_in = station_taken_in(opinion)
        found = station_account(opinion, session.aside.get(part, ()))
        self.view.show_station(found, taken_in, station_sign(opinion))
        stands = opinion.comment.comment if opinion.comment else None
        words = self._drafts.get(part, stands or "")
        self.view.show_comment(words, commented(opinion.comment, reviewer))

    def write_comment(self) -> None:
        """Go to the comment."""
        self.view.comment.setFocus()
        self.view.comment.selectAll()

    def _keep_comment(self) -> None:
        line = self.view.comment
        if self._part is None or not line.isModified():
            return
        words = line.text().strip()
        line.setModified(False)
        if actions.comment(self._bench, self._part, words):
            self._drafts.pop(self._part, None)
        else:
            self._drafts[self._part] = words

    def _change_part(self) -> None:
        self._keep_comment()
        self._part = self._session.current
        self.show()

    def _count_corrected(self) -> None:
        self._corrected.clear()
        self._offer_retraining(self._session.entries)

    def _offer_retraining(self, part_ids: Iterable[str]) -> None:
        detector, reviews = self._session.detector, self._session.reviews
        for part_id in part_ids:
            said = reviews.of(part_id).verdict
            if said is not None and detector is not None and said.corrects(detector.id):
                self._corrected.add(part_id)
            else:
                self._corrected.discard(part_id)
        self.view.retrain.setVisible(bool(self._corrected))

    def _follow(self, part_ids: frozenset[str]) -> None:
        self._offer_retraining(part_ids)
        if self._part in part_ids:
            self.show()

    def _follow_entry(self, part_id: str) -> None:
        if part_id == self._part:
            self.show()

    def _ask_others(self) -> None:
        actions.take_in_others(self._bench)
        self.show()  # "2 min ago" grows older
