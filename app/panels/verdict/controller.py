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
        self.show()

    def show(self) -> None:
        """Show the state of now."""
        session = self._session
        if (inspection := session.inspection) is not None:
            told = account(inspection)
            self.view.show_account(inspection.verdict, told, provenances(inspection))
            return
        sign, headline, detail = "waiting", text("verdict.no_part"), ""
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
