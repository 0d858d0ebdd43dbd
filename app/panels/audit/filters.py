"""Which entries of the audit trail are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from app.panels.audit import words
from app.text import text

if TYPE_CHECKING:
    from cmdiad_core.store.audit_pages import Wanted

#: Milliseconds after the last key.
_TYPED_MS = 250


class AuditFilters(QWidget):
    """Person, kind, day and words.

    Attributes
    ----------
    changed : Signal
        Other entries are wanted.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.person, self.action = self._choice("person"), self._choice("action")
        self.on_day = QCheckBox(text("audit.filter.day"))
        self.on_day.setToolTip(text("audit.filter.day.tip"))
        self.day = QDateEdit(QDate.currentDate())
        self.day.setAccessibleName(text("audit.filter.day"))
        self.day.setToolTip(text("audit.filter.day.tip"))
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setCalendarPopup(True)
        self.day.setEnabled(False)
        self.on_day.toggled.connect(self.day.setEnabled)
        self.on_day.toggled.connect(self.changed)
        self.day.dateChanged.connect(self.changed)
        self.words = QLineEdit()
        self.words.setAccessibleName(text("audit.filter.words"))
        self.words.setPlaceholderText(text("audit.filter.words"))
        self.words.setToolTip(text("audit.filter.words.tip"))
        self.words.setClearButtonEnabled(True)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPED_MS)
        self._typed.timeout.connect(self.changed)
        self.words.textChanged.connect(lambda: self._typed.start())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for key, box in ("person", self.person), ("action", self.action):
            label = QLabel(text(f"audit.filter.{key}"))
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
            row.addSpacing(8)
        row.addWidget(self.on_day)
        row.addWidget(self.day)
        row.addSpacing(8)
        row.addWidget(self.words, 1)

    @property
    def wanted(self) -> Wanted:
        """What the user asks for; a day is one of this place."""
        from cmdiad_core.store.audit_pages import Wanted

        since = before = None
        if self.on_day.isChecked():
            day = self.day.date()
            chosen = date(day.year(), day.month(), day.day())
            since, before = _midnight(chosen), _midnight(chosen + timedelta(days=1))
        person, action = self.person.currentData() or "", self.action.currentData() or ""
        return Wanted(person, action, self.words.text(), since, before)

    def offer(self, people: Sequence[str], actions: Sequence[str]) -> None:
        """Offer these; what was chosen stays chosen."""
        _fill(self.person, [(name, name) for name in people])
        _fill(self.action, sorted((words.deed(one), one) for one in actions))

    def _choice(self, key: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(text(f"audit.filter.{key}"))
        box.setToolTip(text(f"audit.filter.{key}.tip"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.addItem(text(f"audit.filter.{key}.all"), "")
        box.activated.connect(self.changed)
        return box


def _fill(box: QComboBox, choices: Sequence[tuple[str, str]]) -> None:
    chosen = box.currentData()
    with QSignalBlocker(box):
        while box.count() > 1:
            box.removeItem(1)
        for said, value in choices:
            box.addItem(said, value)
        box.setCurrentIndex(max(box.findData(chosen), 0))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()
