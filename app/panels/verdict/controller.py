"""Shows the verdict on the session's part."""

from app.panels.verdict.model import account, provenances
from app.panels.verdict.view import VerdictView
from app.text import text
from app.theme import tones
from app.workbench import Workbench


class VerdictController:
    """Owns the verdict panel."""

    def __init__(self, bench: Workbench) -> None:
        self._session = bench.session
        self.view = VerdictView()
        self._session.shown_changed.connect(self.show)
        self._session.operating_point_changed.connect(self.show)
        self._session.regions_changed.connect(self.show)
        self._session.training.changed.connect(self.show)
        self._session.reviews.changed.connect(self._follow_content)
        self.show()

    def show(self) -> None:
        """Show the state of now."""
        session = self._session
        self.view.show_caution(self._caution())
        if (inspection := session.inspection) is not None:
            told = account(inspection, awaited=session.regions_are_awaited)
            self.view.show_account(inspection.verdict, told, provenances(inspection))
            return
        sign, headline = "waiting", text("verdict.no_part")
        detail = "" if session.entries else text("queue.empty")
        if session.current is not None:
            detail = session.current
            problem = session.entries[session.current].problem
            if problem:
                sign, headline, detail = "warning", text("verdict.failed"), problem
            elif session.detector is None:
                headline = text("verdict.no_model")
            else:
                headline = text("verdict.waiting")
        self.view.show_words(headline, detail, sign, tones().faint)

    def _caution(self) -> str:
        session = self._session
        if session.inspection is None or session.current is None:
            return ""
        learned = session.learned_from(session.entries[session.current])
        return text("verdict.learned_from") if learned else ""

    def _follow_content(self, part_ids: frozenset[str]) -> None:
        # By its content, which is known from now on, the part may be one of the model's.
        if self._session.current in part_ids:
            self.view.show_caution(self._caution())
