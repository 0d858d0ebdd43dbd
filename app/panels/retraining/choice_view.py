"""What is new, and how much is to be learned anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.retraining.model import cost
from app.panels.retraining.part_lists import PartLists
from app.text import text
from app.widgets.pane import heading, say, sentence

if TYPE_CHECKING:
    from cmdiad_core.workflows.news import News

#: As in `cmdiad_core.detector.lineage`, which would import the detector.
DEPTHS = ("teach", "refine", "rebuild")
_KINDS = ("false_alarm", "escape", "decided", "new_pair", "agreed")


class ChoiceView(QWidget):
    """Asks for a depth and a name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = sentence("explain")
        self.lists = PartLists(text("retrain.news"))
        self.depths = QButtonGroup(self)
        self._costs: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        self.radios: dict[str, QRadioButton] = {}
        for row, depth in enumerate(DEPTHS):
            self._add_depth(grid, 2 * row, depth)
        self.advice = sentence("explain")
        self.name = QLineEdit()
        self.name.setAccessibleName(text("retrain.name"))
        self.name.setToolTip(text("retrain.name.tip"))
        self.folder = heading("", "faint")
        self.folder.setWordWrap(True)
        form = QFormLayout()
        label = QLabel(text("retrain.name"))
        label.setBuddy(self.name)
        form.addRow(label, self.name)
        form.addRow("", self.folder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.state)
        column.addWidget(heading(text("retrain.news")))
        column.addWidget(self.lists, 1)
        column.addWidget(heading(text("retrain.depth")))
        column.addLayout(grid)
        column.addWidget(self.advice)
        column.addLayout(form)

    @property
    def chosen_depth(self) -> str | None:
        """The chosen depth."""
        return next((name for name, radio in self.radios.items() if radio.isChecked()), None)

    def show_state(self, words: str) -> None:
        """Say why nothing can be done now; empty where it can."""
        say(self.state, words)

    def show_news(self, news: News) -> None:
        """Show what there is to learn and what it takes."""
        parts = {str(kind): names for kind, names in news.parts.items()}
        self.lists.fill(
            [
                *((f"retrain.kind.{kind}", parts[kind]) for kind in _KINDS),
                ("retrain.kind.unusable", news.unusable),
            ]
        )
        possible = {str(depth): one for depth, one in news.estimates.items()}
        for depth, radio in self.radios.items():
            radio.setEnabled(depth in possible)
            words = cost(possible[depth]) if depth in possible else text("retrain.impossible")
            self._costs[depth].setText(words)
        self.radios[str(news.advised)].setChecked(True)
        title = self.radios[str(news.advised)].text().replace("&", "")
        reason = text(f"retrain.reason.{news.reason}")
        words = text("retrain.advised", depth=title, reason=reason)
        say(self.advice, words if news.anything else "")

    def show_place(self, folder: Path, name: str) -> None:
        """Propose a place for the candidate."""
        self.name.setText(name)
        self.folder.setText(text("retrain.folder", folder=folder))

    def _add_depth(self, grid: QGridLayout, row: int, depth: str) -> None:
        radio = QRadioButton(text(f"retrain.{depth}"))
        radio.setAccessibleDescription(text(f"retrain.{depth}.explain"))
        radio.setEnabled(False)
        explain = heading(text(f"retrain.{depth}.explain"), "faint")
        explain.setWordWrap(True)
        explain.setIndent(24)
        self._costs[depth] = heading("", "")
        self._costs[depth].setToolTip(text("retrain.cost.tip"))
        self.radios[depth] = radio
        self.depths.addButton(radio)
        grid.addWidget(radio, row, 0)
        grid.addWidget(self._costs[depth], row, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(explain, row + 1, 0, 1, 2)
