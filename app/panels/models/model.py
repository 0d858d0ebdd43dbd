"""The registry as a Qt table model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from app.icons import pixmap
from app.registered import Registered
from app.text import number, text
from app.theme import tones
from cmdiad_core.models import Figures, Promotion, RegisteredModel

_SIGN = 32
Index = QModelIndex | QPersistentModelIndex
_UNKNOWN = "–"
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class _Column:
    """What one column says of a model; its words are those of ``models.column.KEY``."""

    key: str
    width: int
    say: Callable[[Registered, RegisteredModel], str]
    is_number: bool = False


def _figure(say: Callable[[Figures], str]) -> Callable[[Registered, RegisteredModel], str]:
    return lambda _, one: _UNKNOWN if one.figures is None else say(one.figures)


def _score(value: float | None) -> str:
    return _UNKNOWN if value is None else number(value, ".3f")


def _parent(known: Registered, one: RegisteredModel) -> str:
    found = next((other.name for other in known.models if other.id == one.parent), one.parent)
    return found or _UNKNOWN


def _taken(known: Registered, one: RegisteredModel) -> str:
    taken = known.taken(one.digest)
    return _UNKNOWN if taken is None else said_of(taken)


def said_of(promotion: Promotion) -> str:
    """Say who took a model into use when, and why."""
    key = "models.taken.overridden" if promotion.overridden else "models.taken"
    date = f"{promotion.made_at.astimezone():%Y-%m-%d %H:%M}"
    return text(key, date=date, person=promotion.person, reason=promotion.reason)


COLUMNS = (
    _Column("state", 112, lambda known, one: _state(known, one)),
    _Column("name", 130, lambda _, one: one.name),
    _Column("id", 124, lambda _, one: one.id),
    _Column("parent", 96, _parent),
    _Column("added", 100, lambda _, one: f"{one.added_at.astimezone():%Y-%m-%d}"),
    _Column("auroc", 66, _figure(lambda f: _score(f.image_auroc)), True),
    _Column("aupro", 66, _figure(lambda f: _score(f.aupro_30)), True),
    _Column("escapes", 74, _figure(lambda f: f"{f.escapes} / {f.n_defective}"), True),
    _Column("false_rejects", 104, _figure(lambda f: f"{f.false_rejects} / {f.n_good}"), True),
    _Column("size", 60, lambda _, one: number(one.megabytes, ".1f"), True),
    _Column("speed", 60, _figure(lambda f: number(f.ms_per_part, ".0f")), True),
    _Column("parts", 60, lambda _, one: str(sum(one.parts.values())), True),
    _Column("taken", 220, _taken),
)


def _state(known: Registered, one: RegisteredModel) -> str:
    champion = known.champion
    is_champion = champion is not None and champion.digest == one.digest
    return text("models.in_use") if is_champion else ""


class ModelsModel(QAbstractTableModel):
    """A row a model."""

    def __init__(self) -> None:
        super().__init__()
        self.known = Registered()

    def show(self, known: Registered) -> None:
        """Take what is known now."""
        self.beginResetModel()
        self.known = known
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return the number of models."""
        return 0 if parent.isValid() else len(self.known.models)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the heading of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return text(f"models.column.{COLUMNS[section].key}")
        if role == Qt.ItemDataRole.ToolTipRole:
            return text(f"models.column.{COLUMNS[section].key}.tip")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[section].is_number else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        column, model = COLUMNS[index.column()], self.known.models[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.say(self.known, model)
        if role == Qt.ItemDataRole.DecorationRole and column.key == "state":
            return _star() if _state(self.known, model) else None
        if role == Qt.ItemDataRole.TextAlignmentRole and column.is_number:
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(column, model)
        return None

    def _tip(self, column: _Column, model: RegisteredModel) -> str:
        about = text(f"models.column.{column.key}.tip")
        if column.key in ("taken", "name", "parent"):
            about = f"{column.say(self.known, model)}\n{about}"
        if column.key == "added":
            about = text("models.added_by", person=model.added_by)
        if column.key == "parts":
            about += "".join(f"\n{count} {use_words(use)}" for use, count in model.parts.items())
        if column.key in ("auroc", "aupro", "escapes", "false_rejects", "speed") and model.figures:
            about += "\n" + text("models.measured_on", data=model.figures.data)
        return about


def _star() -> QIcon:
    star = QIcon(pixmap("champion", tones().accent, _SIGN))
    # On a chosen row the accent is the ground.
    star.addPixmap(pixmap("champion", tones().on_accent, _SIGN), QIcon.Mode.Selected)
    return star


def use_words(use: str) -> str:
    """Return what a part was used for, in the words of the screen."""
    return text(f"models.use.{use.replace(' ', '_')}")
