"""Keeps the defect table and the session in step."""

from PySide6.QtGui import QGuiApplication

from app import actions
from app.panels.defects.model import DefectsModel
from app.panels.defects.rows import NAMES, as_csv, rows
from app.panels.defects.view import DefectsView
from app.text import text
from app.widgets.pane import say
from app.workbench import Workbench
from cmdiad_core.errors import InputError
from cmdiad_core.filter_expression import Condition, condition


class DefectsController:
    """Owns the defect table."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._session = bench.session
        self._meets: Condition | None = None
        self._model = DefectsModel()
        self.view = DefectsView(self._model)
        self.view.chosen.connect(self._choose)
        self.view.filtered.connect(self._filter)
        self.view.copied.connect(self._copy)
        self._session.shown_changed.connect(self.show)
        self._session.operating_point_changed.connect(self.show)
        self._session.regions_changed.connect(self.show)
        self._session.cursor_changed.connect(self._select)
        self.show()

    def show(self) -> None:
        """Show the state of now."""
        inspection = self._session.inspection
        found = rows(inspection, self._meets)
        # While a limit is dragged the same regions often stay.
        if sorted(row.number for row in self._model.rows) != [row.number for row in found] or any(
            self._model.row_of(row.region) < 0 for row in found
        ):
            self._model.show(found)
        total = len(rows(inspection, None))
        awaited = self._session.regions_are_awaited
        key = "defects.awaited" if awaited else "defects.counts"
        self.view.counts.setText(text(key, shown=len(found), total=total))
        self.view.table.say("" if found or awaited else self._why_none(total))
        self._select()

    def _choose(self, row: int) -> None:
        region = self._model.rows[row].region
        if region is not self._session.region:
            actions.select_region(self._bench, region)

    def _filter(self, expression: str) -> None:
        problem = ""
        try:
            self._meets = condition(expression, NAMES) if expression.strip() else None
        except InputError as error:
            # What was understood last stays in force while one types.
            problem = str(error)
        say(self.view.problem, problem)
        self.show()

    def _why_none(self, total: int) -> str:
        if self._session.inspection is None:
            return ""
        return text("defects.none_meets" if total else "defects.none")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_csv(self._model.rows))

    def _select(self) -> None:
        self.view.select(self._model.row_of(self._session.region))
