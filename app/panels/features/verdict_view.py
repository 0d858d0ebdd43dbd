"""The verdict with and without what was predicted."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.text import number, text
from app.theme import tones
from app.widgets.pane import Pane, heading
from cmdiad_core.inspection import Inspection, Verdict

_COLUMNS = ("verdict", "score", "p_value")


class VerdictTable(Pane):
    """Verdict, score and p-value, with the predictions and from the measurements alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("both.title"), parent)
        self.words = heading("", "faint")
        self.words.setWordWrap(True)
        self.body.addWidget(self.words)
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setColumnStretch(len(_COLUMNS) + 1, 1)
        for column, key in enumerate(_COLUMNS, start=1):
            label = heading(text(f"both.{key}"), "faint")
            label.setToolTip(text(f"both.{key}.tip"))
            grid.addWidget(label, 0, column)
        self.names: list[QLabel] = []
        self.cells: list[dict[str, QLabel]] = []
        for row, key in enumerate(("both.with", "both.without"), start=1):
            self.names.append(heading(text(key), ""))
            grid.addWidget(self.names[-1], row, 0)
            self.cells.append({key: heading("", "") for key in _COLUMNS})
            for column, cell in enumerate(self.cells[-1].values(), start=1):
                grid.addWidget(cell, row, column)
        self.body.addLayout(grid)
        self._shown: Inspection | None = None

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the look of the application."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_shown"):
            self.show_inspection(self._shown)

    def show_inspection(self, inspection: Inspection | None) -> None:
        """Show both verdicts; None empties the table."""
        self._shown = inspection
        if inspection is None:
            self.words.setText("")
            for cells in self.cells:
                for cell in cells.values():
                    cell.setText("")
            return
        self._fill(
            1,
            inspection.verdict_without_predictions,
            inspection.score_without_predictions,
            inspection.p_value_without_predictions,
        )
        if inspection.predicting:
            self._fill(0, inspection.verdict, inspection.score, inspection.p_value)
            same = inspection.verdict is inspection.verdict_without_predictions
            self.words.setText(text("both.same" if same else "both.other"))
        else:
            for cell in self.cells[0].values():
                cell.setText("–")
                cell.setStyleSheet("")
            self.cells[0]["verdict"].setText(text("both.nothing"))
            self.words.setText(text("both.measured_only"))

    def _fill(self, row: int, verdict: Verdict, score: float, p_value: float) -> None:
        cells = self.cells[row]
        cells["verdict"].setText(text(f"verdict.{verdict}"))
        cells["verdict"].setStyleSheet(f"color: {tones().verdict(verdict)}; font-weight: 600;")
        cells["score"].setText(number(score))
        cells["p_value"].setText(number(p_value, ".3f"))
