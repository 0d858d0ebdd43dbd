"""One entry of the audit trail in full."""

from __future__ import annotations

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

from app.panels.audit import words
from app.text import text
from app.widgets.table import dress

if TYPE_CHECKING:
    from cmdiad_core.store.audit_pages import NamedEntry

_FACTS = ("number", "time", "person", "action", "subject", "reason", "hash", "previous")
_CHANGES = ("field", "before", "after")
_WIDTHS = [560, 660]
_FIELD, _HALF = 150, 32


class EntryView(QWidget):
    """Facts on the left, what was before and after on the right."""

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(4, 2, 8, 2)
        form.setVerticalSpacing(3)
        self.facts: dict[str, QLabel] = {}
        for key in _FACTS:
            value = QLabel()
            value.setWordWrap(True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setToolTip(text(f"audit.fact.{key}.tip"))
            value.setAccessibleName(text(f"audit.fact.{key}"))
            form.addRow(text(f"audit.fact.{key}"), value)
            self.facts[key] = value
        facts = QScrollArea()
        facts.setWidgetResizable(True)
        facts.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.changes = QTableWidget(0, len(_CHANGES))
        for place, key in enumerate(_CHANGES):
            item = QTableWidgetItem(text(f"audit.change.{key}"))
            item.setToolTip(text(f"audit.change.{key}.tip"))
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.changes.setHorizontalHeaderItem(place, item)
        dress(self.changes, text("audit.changes"))
        header = self.changes.horizontalHeader()
        header.resizeSection(0, _FIELD)
        header.resizeSection(1, (_WIDTHS[1] - _FIELD) // 2)
        header.setStretchLastSection(True)
        both = QSplitter()
        both.setChildrenCollapsible(False)
        both.addWidget(facts)
        both.addWidget(self.changes)
        both.setSizes(_WIDTHS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(both)

    def show_entry(self, one: NamedEntry | None) -> None:
        """Show another entry, or none."""
        facts = dict.fromkeys(_FACTS, "") if one is None else _facts(one)
        for key, said in facts.items():
            self.facts[key].setText(said)
        rows = [] if one is None else words.changes(one)
        self.changes.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for place, said in enumerate(cells):
                item = QTableWidgetItem(said)
                item.setToolTip(said)
                self.changes.setItem(row, place, item)


def _facts(one: NamedEntry) -> dict[str, str]:
    entry = one.entry
    is_named = one.name != entry.subject
    return {
        "number": str(entry.id),
        "time": text("audit.times", local=words.local_time(entry), utc=words.utc_time(entry)),
        "person": entry.person,
        "action": words.deed(entry.action),
        "subject": f"{one.name}\n{_broken(entry.subject)}" if is_named else entry.subject,
        "reason": entry.reason or "–",
        "hash": _broken(entry.hash),
        "previous": _broken(entry.previous),
    }


def _broken(digest: str) -> str:
    # It has no space to break at.
    is_digest = len(digest) == 2 * _HALF and " " not in digest
    return f"{digest[:_HALF]}\n{digest[_HALF:]}" if is_digest else digest
