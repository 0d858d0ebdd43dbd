"""The page of quality over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.panels.quality.drift_view import DriftView
from app.panels.quality.p_chart_view import PChartView
from app.panels.quality.tables import WordTable
from app.text import text
from app.widgets.first_size import give_size
from app.widgets.pane import heading, say, sentence
from cmdiad_core.report import quality_words as words

if TYPE_CHECKING:
    from cmdiad_core.quality import Drift, PChart, StudyResult
    from cmdiad_core.workflows.quality import Quality

_SIZE = (1060, 740)
_LOW = 260


class QualityView(QDialog):
    """Charts and tables on five tabs; each says in words what it shows or what it still needs.

    Parameters
    ----------
    model : str
        Name of the open model; empty where none is open.

    Attributes
    ----------
    scope_chosen : Signal(bool)
        The user wants the words of the open model alone.
    """

    scope_chosen = Signal(bool)

    def __init__(self, model: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("quality.title"))
        give_size(self, *_SIZE)
        self._drifts: Sequence[Drift] = ()
        self._studies: Sequence[StudyResult] = ()
        self.scope = QComboBox()
        self.scope.setAccessibleName(text("quality.scope"))
        self.scope.setToolTip(text("quality.scope.tip"))
        if model:
            self.scope.addItem(text("quality.scope.model", model=model), True)
        self.scope.addItem(text("quality.scope.all"), False)
        self.scope.activated.connect(
            lambda row: self.scope_chosen.emit(bool(self.scope.itemData(row)))
        )
        self.coverage = heading(text("quality.computing"), "explain")
        self.coverage.setWordWrap(True)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.false_rejects = _Errors("false_rejects")
        self.escapes = _Errors("escapes")
        self.inspected_words = sentence("")
        self.flagged = _Errors("flagged")
        # The table below needs the room.
        self.flagged.setMaximumHeight(_LOW)
        self.inspected = WordTable(text("quality.inspected"), words.INSPECTED)
        self.drift = DriftView(text("quality.drift.chart"))
        self.drift_of = QComboBox()
        self.drift_of.setAccessibleName(text("quality.drift.of"))
        self.drift_of.setToolTip(text("quality.drift.of.tip"))
        self.drift_of.activated.connect(self._show_drift)
        self.alarm, self.drift_basis, self.no_drift = (
            sentence(""),
            sentence(),
            sentence("explain"),
        )
        self.alarm.setProperty("role", "headline")
        self.periods = WordTable(text("quality.periods"), words.PERIODS)
        self.agreement = WordTable(text("quality.agreement"), words.AGREEMENT)
        self.no_agreement = sentence("explain")
        self.no_stations = sentence("explain")
        self.stations = WordTable(text("quality.inspectors"), words.INSPECTORS)
        self.study = QComboBox()
        self.study.setAccessibleName(text("quality.study"))
        self.study.activated.connect(self._show_study)
        self.study_words, self.no_study = sentence(""), sentence("explain")
        self.inspectors = WordTable(text("quality.inspectors"), words.INSPECTORS)
        self.study_agreement = WordTable(text("quality.agreement"), words.AGREEMENT)
        self._lay_out()

    @property
    def model_only(self) -> bool:
        """Whether the words of the open model alone are wanted."""
        return bool(self.scope.currentData())

    def show_quality(self, quality: Quality) -> None:
        """Show what was computed."""
        self.coverage.setText(words.coverage(quality))
        self.false_rejects.show_chart(quality.false_rejects)
        self.escapes.show_chart(quality.escapes)
        say(self.inspected_words, words.inspected(quality.inspected))
        self.flagged.show_chart(quality.inspected.flagged)
        rows = words.inspected_rows(quality.inspected)
        self.inspected.show_rows(rows)
        for widget in (self.flagged, self.inspected, self._inspected_label):
            widget.setVisible(bool(rows))
        self._drifts, self._studies = quality.drifts, quality.studies
        self.drift_of.clear()
        self.drift_of.addItems([words.modalities(one) for one in quality.drifts])
        say(self.no_drift, words.no_drift(quality))
        self._show_drift()
        rows = [words.agreement_row(one) for one in (*quality.between, *quality.with_model)]
        self.agreement.show_rows(rows)
        self.agreement.setVisible(bool(rows))
        say(self.no_agreement, "" if quality.between else text("quality.agreement.none"))
        self.stations.show_rows([words.inspector_row(one) for one in quality.inspectors])
        self.stations.setVisible(bool(quality.inspectors))
        say(self.no_stations, "" if quality.inspectors else text("quality.stations.none"))
        self.study.clear()
        self.study.addItems([one.study.name for one in quality.studies])
        say(self.no_study, "" if quality.studies else text("quality.study.none"))
        self._show_study()

    def complain(self, problem: str) -> None:
        """Say why nothing can be shown."""
        self.coverage.setText(problem)

    def _show_drift(self) -> None:
        row = self.drift_of.currentIndex()
        drift = self._drifts[row] if row >= 0 else None
        for widget in (self.drift, self._drift_row, self._drift_label, self.periods):
            widget.setVisible(drift is not None)
        say(self.alarm, "" if drift is None else words.alarm(drift))
        say(self.drift_basis, "" if drift is None else words.drift_basis(drift))
        if drift is not None:
            self.drift.show_drift(drift)
            # The newest first.
            self.periods.show_rows([words.period_row(one) for one in drift.periods[::-1]])

    def _show_study(self) -> None:
        row = self.study.currentIndex()
        result = self._studies[row] if row >= 0 else None
        for widget in (self._study_row, self.inspectors, self.study_agreement):
            widget.setVisible(result is not None)
        say(self.study_words, "" if result is None else words.study(result))
        if result is not None:
            self.inspectors.show_rows([words.inspector_row(one) for one in result.inspectors])
            found = (*result.between, *result.with_model, *result.with_self)
            self.study_agreement.show_rows([words.agreement_row(one) for one in found])

    def _lay_out(self) -> None:
        self._drift_row = _labelled(self.drift_of)
        self._study_row = _labelled(self.study)
        self._drift_label = heading(text("quality.drift.explain"), "faint")
        self._drift_label.setWordWrap(True)
        self._inspected_label = heading(text("quality.inspected.bounds"), "faint")
        self._inspected_label.setWordWrap(True)
        everyday = heading(text("quality.agreement.explain"), "faint")
        everyday.setWordWrap(True)
        tabs: list[tuple[str, list[tuple[QWidget, int]]]] = [
            ("weeks", [(self.false_rejects, 1), (self.escapes, 1)]),
            (
                "inspected",
                [
                    (self.inspected_words, 0),
                    (self.flagged, 1),
                    (self._inspected_label, 0),
                    (self.inspected, 1),
                ],
            ),
            (
                "drift",
                [
                    (self.no_drift, 0),
                    (self._drift_row, 0),
                    (self.alarm, 0),
                    (self.drift_basis, 0),
                    (self._drift_label, 0),
                    (self.drift, 3),
                    (self.periods, 2),
                ],
            ),
            (
                "agreement",
                [
                    (everyday, 0),
                    (self.no_agreement, 0),
                    (self.agreement, 1),
                    (heading(text("quality.stations")), 0),
                    (self.no_stations, 0),
                    (self.stations, 1),
                ],
            ),
            (
                "studies",
                [
                    (self.no_study, 0),
                    (self._study_row, 0),
                    (self.study_words, 0),
                    (self.inspectors, 1),
                    (self.study_agreement, 1),
                ],
            ),
        ]
        for name, widgets in tabs:
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(4, 12, 4, 4)
            column.setSpacing(8)
            for widget, stretch in widgets:
                column.addWidget(widget, stretch)
            # What is said stays at the top where there is no table yet.
            column.addStretch()
            self.tabs.addTab(page, text(f"quality.tab.{name}"))
        buttons = QDialogButtonBox()
        close = buttons.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(_labelled(self.scope))
        column.addWidget(self.coverage)
        column.addWidget(self.tabs, 1)
        column.addWidget(buttons)


class _Errors(QWidget):
    """A p-chart under its heading and what it says."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self.chart = PChartView(text(f"quality.{kind}"))
        self.chart.setToolTip(text("quality.chart.tip"))
        self.words = heading("", "faint")
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading(text(f"quality.{kind}")))
        column.addWidget(self.words)
        column.addWidget(self.chart, 1)
        column.addStretch()
        self.chart.hide()

    def show_chart(self, chart: PChart) -> None:
        """Show another chart."""
        said = words.weeks(chart, self._kind)
        self.words.setText(said)
        self.chart.setAccessibleDescription(said)
        self.chart.show_chart(chart)
        self.chart.setVisible(bool(chart.weeks))


def _labelled(box: QComboBox) -> QWidget:
    """Return a row with a choice behind its name."""
    result = QWidget()
    row = QHBoxLayout(result)
    row.setContentsMargins(0, 0, 0, 0)
    label = QLabel(box.accessibleName())
    label.setBuddy(box)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    row.addWidget(label)
    row.addWidget(box)
    row.addStretch()
    return result
