"""What one model is: where it comes from, and the parts that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.panels.models.model import use_words
from app.text import text
from app.widgets.pane import heading, say, sentence
from app.widgets.table import dress
from cmdiad_core.models import RegisteredModel

if TYPE_CHECKING:
    from cmdiad_core.detector.saving import Card

_COLUMNS = ("part", "use", "defect_type", "content")
_SHORT, _HALF = 12, 32
_WIDTHS = [520, 640]


class AboutView(QWidget):
    """Facts on the left, the snapshot of the data on the right."""

    def __init__(self) -> None:
        super().__init__()
        self.problem = sentence("explain")
        self._facts = QScrollArea()
        self._facts.setWidgetResizable(True)
        self.facts: dict[str, str] = {}
        self.snapshot = QTableWidget(0, len(_COLUMNS))
        for place, key in enumerate(_COLUMNS):
            item = QTableWidgetItem(text(f"models.part.{key}"))
            self.snapshot.setHorizontalHeaderItem(place, item)
            item.setToolTip(text(f"models.part.{key}.tip"))
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        dress(self.snapshot, text("models.snapshot"))
        self.snapshot.horizontalHeader().setStretchLastSection(True)
        parts = QWidget()
        column = QVBoxLayout(parts)
        column.setContentsMargins(0, 0, 0, 0)
        self._title = heading("", "title")
        column.addWidget(self._title)
        column.addWidget(self.snapshot)
        self._both = both = QSplitter()
        both.setChildrenCollapsible(False)
        both.addWidget(self._facts)
        both.addWidget(parts)
        both.setSizes(_WIDTHS)
        layout = QVBoxLayout(self)
        layout.addWidget(self.problem)
        layout.addWidget(both, 1)
        layout.addStretch()

    def show_problem(self, words: str) -> None:
        """Say why there is nothing to show."""
        say(self.problem, words)
        self._both.hide()
        self.facts = {}

    def show_card(self, model: RegisteredModel, card: Card) -> None:
        """Show what a model says of itself."""
        say(self.problem, "")
        self._both.show()
        lineage, limits = card.lineage, card.operating_point
        facts = {
            "folder": str(model.folder),
            # It has no space to break at.
            "digest": f"{model.digest[:_HALF]}\n{model.digest[_HALF:]}",
            "limits": text("models.limits", accept=limits.accept_below, reject=limits.reject_from),
            "encoders": ", ".join(f"{name}: {one}" for name, one in card.recipe.encoders.items()),
            "software": card.software,
        }
        if lineage is not None:
            changed = sum(one.before is not one.after for one in lineage.confirmed)
            facts["retrained"] = text(
                "models.retrained",
                depth=text(f"models.depth.{lineage.depth}"),
                parent=lineage.parent,
                date=f"{lineage.made_at.astimezone():%Y-%m-%d %H:%M}",
            )
            facts["confirmed"] = text(
                "models.confirmed", count=len(lineage.confirmed), changed=changed
            )
        self._show_facts(facts)
        if lineage is not None and lineage.snapshot:
            rows = [
                (one.id, use_words(one.use.value), one.defect_type, one.content[:_SHORT])
                for one in lineage.snapshot
            ]
        else:
            rows = [(part.id, use_words("train"), "", "") for part in card.training_parts]
            rows += [(part.id, use_words("calibrate"), "", "") for part in card.calibration_parts]
        self._show_parts(rows)

    def _show_facts(self, facts: dict[str, str]) -> None:
        self.facts = facts
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(0, 0, 8, 0)
        for key, words in facts.items():
            value = QLabel(words)
            value.setWordWrap(True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setToolTip(text(f"models.fact.{key}.tip"))
            value.setAccessibleName(text(f"models.fact.{key}"))
            form.addRow(text(f"models.fact.{key}"), value)
        self._facts.setWidget(inside)
        inside.setAutoFillBackground(False)

    def _show_parts(self, rows: Sequence[Sequence[str]]) -> None:
        self._title.setText(text("models.rests_on", count=len(rows)))
        self.snapshot.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, words in enumerate(row):
                self.snapshot.setItem(place, column, QTableWidgetItem(words))
        self.snapshot.resizeColumnsToContents()
        # What was resized does not stretch any more.
        header = self.snapshot.horizontalHeader()
        header.setStretchLastSection(False)
        header.setStretchLastSection(True)
