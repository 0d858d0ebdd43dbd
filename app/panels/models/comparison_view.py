"""A comparison of two models: gates, differences, changed verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.decision import gate_line
from app.panels.models.picture_pair import PicturePair
from app.text import number, text
from app.widgets.pane import heading, say, sentence
from cmdiad_core.models import GateResult
from cmdiad_core.workflows import comparison_words
from cmdiad_core.workflows.comparison_words import figure

if TYPE_CHECKING:
    from cmdiad_core.metrics.paired import Difference
    from cmdiad_core.workflows.comparison import ChangedVerdict, Comparison, Group

_DIFFERENCES = ("group", "parts", "auroc", "aupro", "escapes", "false_rejects")
_CHANGES = ("part", "truth", "before", "after", "remark")


class ComparisonView(QWidget):
    """What was found, or how far the work is.

    Attributes
    ----------
    cancelled, page_wanted : Signal
        The user wants the work to end; wants the page.
    """

    cancelled = Signal()
    page_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.headline = heading(text("models.no_comparison"), "")
        self.headline.setWordWrap(True)
        self.page = QPushButton(text("models.page"))
        self.page.setToolTip(text("models.page.tip"))
        self.page.clicked.connect(self.page_wanted)
        self.stage = heading("", "faint")
        self.progress = QProgressBar()
        self.progress.setAccessibleName(text("models.progress"))
        self.cancel = QPushButton(text("dialog.cancel"))
        self.cancel.clicked.connect(self.cancelled)
        self.log = sentence("faint")
        self.differences = _table("differences", _DIFFERENCES)
        self.changes = _table("changes", _CHANGES)
        self.gates = QWidget()
        head = QHBoxLayout()
        head.addWidget(self.headline, 1)
        head.addWidget(self.page, 0, Qt.AlignmentFlag.AlignTop)
        self._work = QWidget()
        work = QHBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.addWidget(self.stage, 1)
        work.addWidget(self.progress, 1)
        work.addWidget(self.cancel)
        inside = QWidget()
        self._column = found = QVBoxLayout(inside)
        found.setContentsMargins(0, 0, 6, 0)
        found.addWidget(self.gates)
        self._difference_title = heading(text("models.differences"))
        self._change_title = heading("")
        found.addWidget(self._difference_title)
        found.addWidget(self.differences)
        found.addWidget(self._change_title)
        found.addWidget(self.changes)
        self.pictures = PicturePair()
        found.addWidget(self.pictures)
        self._changed: tuple[ChangedVerdict, ...] = ()
        self.changes.currentCellChanged.connect(self._show_pictures)
        found.addStretch()
        self._found = QScrollArea()
        self._found.setWidgetResizable(True)
        self._found.setWidget(inside)
        inside.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self._work)
        column.addWidget(self.log)
        column.addWidget(self._found, 1)
        self.page.hide()
        self._work.hide()
        self._found.hide()
        column.addStretch()

    def begin(self, words: str) -> None:
        """Show that the work began."""
        self.headline.setText(words)
        self.show_progress(text("models.begins"), 0, 0)
        say(self.log, "")
        self._work.show()
        self._found.hide()
        self.page.hide()

    def show_progress(self, stage: str, done: int, total: int) -> None:
        """Show how far the work is."""
        self.stage.setText(stage)
        self.progress.setMaximum(total)
        self.progress.setValue(done)

    def end(self, words: str) -> None:
        """Show that the work ended without anything found."""
        self._work.hide()
        self.headline.setText(words)

    def clear(self) -> None:
        """Show that there is no comparison."""
        self.end(text("models.no_comparison"))
        say(self.log, "")
        self._found.hide()
        self.page.hide()

    def show_comparison(self, found: Comparison) -> None:
        """Show what was found."""
        self._work.hide()
        self.page.show()
        self._found.show()
        self.headline.setText(
            text(
                "models.compared",
                candidate=f"{found.candidate.name} ({found.candidate.id})",
                champion=f"{found.champion.name} ({found.champion.id})",
                count=found.n_validation,
                data=found.data,
                corrected=found.n_corrected,
                left_out=found.n_left_out,
            )
        )
        self._show_gates([GateResult(**one.model_dump()) for one in found.gates])
        rows = [_difference_row(one) for one in (*found.patterns, *found.defect_types)]
        for row, used in zip(rows, comparison_words.used(found), strict=False):
            row[0] = used
        _fill(self.differences, rows)
        key = "models.changes" if found.changed else "models.no_changes"
        self._change_title.setText(text(key, count=len(found.changed)))
        self.changes.setVisible(bool(found.changed))
        self._changed = found.changed
        _fill(self.changes, [_change_row(one) for one in found.changed])
        # The first one is the most important.
        self.changes.setCurrentCell(0, 0)
        self._show_pictures(0)

    def _show_pictures(self, row: int) -> None:
        there = 0 <= row < len(self._changed)
        self.pictures.show_part(self._changed[row] if there else None)

    def _show_gates(self, gates: Sequence[GateResult]) -> None:
        fresh = QWidget()
        column = QVBoxLayout(fresh)
        column.setContentsMargins(0, 0, 0, 6)
        for gate in gates:
            column.addLayout(gate_line(gate))
        self._column.replaceWidget(self.gates, fresh)
        self.gates.deleteLater()
        self.gates = fresh


def _table(key: str, columns: Sequence[str]) -> QTableWidget:
    table = QTableWidget(0, len(columns))
    table.setAccessibleName(text(f"models.{key}.name"))
    for place, column in enumerate(columns):
        item = QTableWidgetItem(text(f"models.{key}.{column}"))
        item.setToolTip(text(f"models.{key}.{column}.tip"))
        item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalHeaderItem(place, item)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.horizontalHeader().setStretchLastSection(True)
    return table


_MOST_ROWS = 12


def _fill(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    table.setRowCount(len(rows))
    for place, row in enumerate(rows):
        for column, words in enumerate(row):
            item, heading = QTableWidgetItem(words), table.horizontalHeaderItem(column)
            item.setToolTip(f"{words}\n{heading.toolTip() if heading else ''}")
            table.setItem(place, column, item)
    table.resizeColumnsToContents()
    table.resizeRowsToContents()
    shown = min(len(rows), _MOST_ROWS)
    height = sum(table.rowHeight(row) for row in range(shown))
    bar = table.horizontalScrollBar().sizeHint().height()
    table.setFixedHeight(table.horizontalHeader().sizeHint().height() + height + bar + 4)


def _difference_row(group: Group) -> list[str]:
    before, after = group.champion, group.candidate
    return [
        group.name,
        text("models.good_and_bad", good=group.n_good, defective=group.n_defective),
        _both(figure(before.image_auroc), figure(after.image_auroc), group.image_auroc),
        _both(figure(before.aupro_30), figure(after.aupro_30), group.aupro_30),
        _both(str(before.escapes), str(after.escapes), group.escapes),
        _both(str(before.false_rejects), str(after.false_rejects), group.false_rejects),
    ]


def _both(before: str, after: str, difference: Difference | None) -> str:
    if difference is None:
        return f"{before} → {after}"
    low, high = number(difference.low, "+z.3f"), number(difference.high, "+z.3f")
    return f"{before} → {after}\n{number(difference.value, '+z.3f')} ({low} … {high})"


def _change_row(one: ChangedVerdict) -> list[str]:
    remarks = [comparison_words.news(one), text("models.corrected") if one.corrected else ""]
    return [
        one.part,
        comparison_words.truth(one),
        f"{text(f'verdict.{one.champion}')}  {number(one.champion_score)}",
        f"{text(f'verdict.{one.candidate}')}  {number(one.candidate_score)}",
        ", ".join(filter(None, remarks)),
    ]
