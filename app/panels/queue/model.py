"""The queue as a Qt table model."""

from collections.abc import Iterable
from dataclasses import replace
from enum import IntEnum
from posixpath import commonpath
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QIcon

from app.entry import Entry
from app.icons import icon
from app.panels.review.model import (
    account,
    sign,
    station_account,
    station_sign,
    station_taken_in,
)
from app.session import Session
from app.text import modality_title, number, text
from app.theme import tones
from cmdiad_core.inspection import Provenance
from cmdiad_core.modalities import modalities

Index = QModelIndex | QPersistentModelIndex
ROLE_ID = Qt.ItemDataRole.UserRole


class Column(IntEnum):
    """Columns of the queue."""

    VERDICT = 0
    SCORE = 1
    PART = 2
    MODALITIES = 3
    REVIEW = 4


class QueueModel(QAbstractTableModel):
    """The rows of the session's order, as of the last `follow`."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._ids: list[str] = []
        self._shared = ""
        self._rows: dict[str, int] = {}
        self._icons: dict[tuple[str, str], QIcon] = {}

    def shorten_names(self) -> None:
        """Leave out the folders that all parts of the queue share."""
        self._shared = _shared_folder(self._session.entries)

    def follow(self) -> None:
        """Take the session's order anew."""
        self.beginResetModel()
        self._ids = list(self._session.ordered)
        self._rows = {part_id: row for row, part_id in enumerate(self._ids)}
        self.endResetModel()

    def refresh(self, part_id: str) -> None:
        """Tell views that one part changed."""
        if (row := self.row(part_id)) >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask the session for another order; views call this when a heading is clicked."""
        descending = order is Qt.SortOrder.DescendingOrder
        wanted = replace(self._session.order, column=Column(column).name.lower())
        self._session.set_order(replace(wanted, descending=descending))

    def refresh_verdicts(self) -> None:
        """Tell views that the limits changed."""
        for column in (Column.VERDICT, Column.REVIEW):
            self._refresh_rows(column, 0, len(self._ids) - 1)

    def refresh_reviews(self, part_ids: frozenset[str]) -> None:
        """Tell views what people said of these parts."""
        rows = [row for part_id in part_ids if (row := self.row(part_id)) >= 0]
        if rows:
            self._refresh_rows(Column.REVIEW, min(rows), max(rows))

    def _refresh_rows(self, column: Column, first: int, last: int) -> None:
        if self._ids:
            roles = [Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.DecorationRole]
            self.dataChanged.emit(self.index(first, column), self.index(last, column), roles)

    def row(self, part_id: str) -> int:
        """Return the row of a part, -1 where there is none."""
        return self._rows.get(part_id, -1)

    def entry(self, row: int) -> Entry:
        """Return the part in a row."""
        return self._session.entries[self._ids[row]]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return the number of parts."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the heading of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if section == Column.REVIEW:
            return self._review_heading(role)
        if role == Qt.ItemDataRole.DisplayRole:
            return text(f"queue.{Column(section).name.lower()}")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        entry, column = self.entry(index.row()), Column(index.column())
        if role == ROLE_ID:
            return entry.part.id
        if column is Column.REVIEW:
            return self._review(entry, role)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(entry, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            told = entry.problem or f"{entry.part.id}\n{_provenances(entry)}"
            return "\n".join([told, *self._known(entry)])
        if role == Qt.ItemDataRole.DecorationRole and column is Column.VERDICT:
            return self._sign(entry)
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.SCORE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and (entry.waiting or entry.problem):
            return QColor(tones().faint)
        return None

    def _words(self, entry: Entry, column: Column) -> str:
        if column is Column.PART:
            return entry.part.id.removeprefix(self._shared)
        if column is Column.SCORE:
            return "" if entry.score is None else number(entry.score)
        if column is Column.MODALITIES:
            present = [m.short for m in modalities().values() if m.name in entry.part.files]
            return " · ".join(present)
        if (verdict := self._session.verdict(entry)) is not None:
            return text(f"verdict.{verdict}")
        return text("queue.failed" if entry.problem else "queue.waiting")

    def _review_heading(self, role: int) -> Any:
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon("person", tones().faint)
        # The column is too narrow for a word.
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return text("queue.review")
        return None

    def _review(self, entry: Entry, role: int) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(self._known(entry)) or None
        opinion = self._session.reviews.of(entry.part.id)
        if role == Qt.ItemDataRole.DecorationRole and (drawing := station_sign(opinion)):
            return self._icon(*drawing)
        said = self._session.reviews.verdict(entry.part.id)
        if said is None:
            return None
        model_verdict = self._session.verdict(entry)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(sign(said), tones().review(said))
        if role == Qt.ItemDataRole.DisplayRole and said.contradicts(model_verdict):
            return text("queue.disagrees")
        return None

    def _known(self, entry: Entry) -> list[str]:
        """Say what its folder and people say of a part, and whether the model learned from it."""
        said, part = [], entry.part
        if part.defective is not None:
            known = "defective" if part.defective else "good"
            kind = text("queue.truth.type", name=part.defect_type) if part.defect_type else ""
            said.append(text(f"queue.truth.{known}", type=kind))
        opinion = self._session.reviews.of(part.id)
        if opinion.verdict is not None:
            said.append(account(opinion, self._session.verdict(entry)))
        if found := station_account(opinion, self._session.aside.get(part.id, ())):
            said += filter(None, [found, station_taken_in(opinion)])
        if types := self._session.reviews.types(part.id):
            said.append(text("queue.marked", types=", ".join(sorted(types))))
        if self._session.learned_from(entry):
            said.append(text("verdict.learned_from"))
        return said

    def _sign(self, entry: Entry) -> QIcon:
        name, colour = "warning" if entry.problem else "waiting", tones().faint
        if (verdict := self._session.verdict(entry)) is not None:
            name, colour = str(verdict), tones().verdict(verdict)
        return self._icon(name, colour)

    def _icon(self, name: str, colour: str) -> QIcon:
        key = (name, colour)
        if key not in self._icons:
            self._icons[key] = icon(name, colour)
        return self._icons[key]


def _shared_folder(part_ids: Iterable[str]) -> str:
    """Return the folders that all parts share: they tell no part from another."""
    folders = {part_id.rpartition("/")[0] for part_id in part_ids}
    shared = commonpath(folders) if folders else ""
    return f"{shared}/" if shared else ""


def _provenances(entry: Entry) -> str:
    known = entry.provenance or dict.fromkeys(entry.part.files, Provenance.MEASURED)
    return "\n".join(
        f"{modality_title(name)}: {text(f'provenance.{known[name]}')}"
        for name in modalities()
        if name in known
    )
