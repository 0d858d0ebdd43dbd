"""Compare the audit trail with itself and with the tables that it tells of."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, NamedTuple

import sqlalchemy as sa

from cmdiad_core.edits import DefectType
from cmdiad_core.store._model_rows import comparison_told, model_told, promotion_told
from cmdiad_core.store._types import type_told
from cmdiad_core.store.audit import ADOPTED, START, Entry
from cmdiad_core.store.journal import JournalRow, digest, journal_rows, orphans
from cmdiad_core.store.schema import (
    comparisons,
    defect_types,
    models,
    operating_points,
    promotions,
    study_answers,
    users,
)
from cmdiad_core.store.studies import answer_told, read_studies, study_told
from cmdiad_core.store.users import user_told

Content = dict[str, Any]


class Difference(NamedTuple):
    """A value that is not the one of the entry."""

    name: str
    told: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.name} was {self.told!r} and is {self.found!r}"


#: What can be wrong, as the rest of a sentence after the entry that tells of it, if any does.
SENTENCES = {
    "order": "does not follow the one before; one was changed or removed",
    "changed": "was changed after it was written",
    "beginning": "is the first, but the trail did not begin with it",
    "empty": "the trail has no readable entry",
    "unreadable": "what comes after entry {after} cannot be read ({error})",
    "older": "tells of {rows} older rows of the journal; they were changed, or some were added or "
    "removed ({there} are there)",
    "row_removed": "tells of row {row} of the journal; it was removed",
    "row_differs": "and row {row} of the journal differ",
    "row_added": "row {row} of the journal ({action} by {person}) has no entry",
    "orphan": "{name} was added; the journal does not know it",
    "added": "{action} {subject} was added; the trail does not know it",
    "differs": "and {action} {subject} differ",
    "removed": "tells of {action} {subject}; it was removed",
    "not_exported": "is not the one in {export}",
    "exported_only": "is in {export} only",
}


@dataclass(frozen=True)
class Problem:
    """Something that no honest program does.

    Parameters
    ----------
    entry : int or None
        Number of the entry of the trail; None where none speaks of it.
    kind : str
        What is wrong: a key of `SENTENCES`.
    values : mapping
        What its sentence names.
    differences : tuple of Difference
        Between the entry and the row that it tells of.
    """

    entry: int | None
    kind: str
    values: Mapping[str, object] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()

    def __str__(self) -> str:
        what = SENTENCES[self.kind].format(**self.values)
        if self.differences:
            what += ": " + ", ".join(map(str, self.differences))
        return what if self.entry is None else f"entry {self.entry} {what}"


def problems(connection: sa.Connection, entries: Iterator[Entry]) -> Iterator[Problem]:
    """Yield what is wrong with the trail, and where the tables are not as it tells."""
    journal, tables = _Journal(connection), _Tables()
    previous, is_first = START, True
    for entry in entries:
        if entry.previous != previous:
            yield Problem(entry.id, "order")
        previous = entry.hash
        if entry.chained() != entry.hash:
            yield Problem(entry.id, "changed")
            continue
        if is_first and entry.action != ADOPTED:
            yield Problem(entry.id, "beginning")
        is_first = False
        after = {} if entry.after is None else json.loads(entry.after)
        if entry.action == ADOPTED:
            yield from journal.adopted(entry, after)
        elif "edit" in after:
            yield from journal.told(entry, after)
        elif entry.action in _TABLES:
            tables.told(entry, after)
    if is_first:
        yield Problem(None, "empty")
    yield from journal.rest()
    yield from tables.rest(connection)


class _Journal:
    """Walks the journal beside the trail."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = journal_rows(connection)
        self._row = next(self._rows, None)

    def adopted(self, entry: Entry, after: Content) -> Iterator[Problem]:
        rows = digest(takewhile(lambda row: row.id <= after["last"], self._each()))
        if rows != after:
            values = {"rows": after["rows"], "there": rows["rows"]}
            yield Problem(entry.id, "older", values)

    def told(self, entry: Entry, after: Content) -> Iterator[Problem]:
        while self._row is not None and self._row.id < after["edit"]:
            yield self._untold(self._row)
            self._go_on()
        if self._row is None or self._row.id > after["edit"]:
            yield Problem(entry.id, "row_removed", {"row": after["edit"]})
            return
        said = JournalRow(after["edit"], entry.action, entry.subject, entry.person, after)
        if self._row != said:
            differences = _differences(_flat(said), _flat(self._row))
            yield Problem(entry.id, "row_differs", {"row": after["edit"]}, differences)
        self._go_on()

    def rest(self) -> Iterator[Problem]:
        yield from map(self._untold, self._each())
        for name in orphans(self._connection):
            yield Problem(None, "orphan", {"name": name})

    def _each(self) -> Iterator[JournalRow]:
        while self._row is not None:
            yield self._row
            self._go_on()

    def _go_on(self) -> None:
        self._row = next(self._rows, None)

    @staticmethod
    def _untold(row: JournalRow) -> Problem:
        values = {"row": row.id, "action": row.action, "person": row.person}
        return Problem(None, "row_added", values)


class _Tables:
    """What the trail says of rows that are no part of the journal; the last word counts."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str, int | None], tuple[int, Content]] = {}

    def told(self, entry: Entry, after: Content) -> None:
        self._told[entry.action, entry.subject, after.get("id")] = entry.id, after

    def rest(self, connection: sa.Connection) -> Iterator[Problem]:
        told = dict(self._told)
        for action, read in _TABLES.items():
            for subject, content in read(connection):
                number, after = told.pop((action, subject, content.get("id")), (None, None))
                values = {"action": action, "subject": subject}
                if number is None or after is None:
                    yield Problem(None, "added", values)
                # Entries of older versions tell less of a row.
                elif differences := _differences(after, {n: content.get(n) for n in after}):
                    yield Problem(number, "differs", values, differences)
        for (action, subject, _), (number, _) in told.items():
            yield Problem(number, "removed", {"action": action, "subject": subject})


def _types(connection: sa.Connection) -> Iterator[tuple[str, Content]]:
    rows = connection.execute(sa.select(defect_types)).all()
    return (type_told(DefectType(*row)) for row in rows)


def _users(connection: sa.Connection) -> Iterator[tuple[str, Content]]:
    rows = connection.execute(sa.select(users)).mappings().all()
    return ((row["name"], user_told(row)) for row in rows)


def _limits(connection: sa.Connection) -> Iterator[tuple[str, Content]]:
    rows = connection.execute(sa.select(operating_points)).mappings().all()
    return ((row["model_id"], {k: row[k] for k in row if k != "model_id"}) for row in rows)


def _studies(connection: sa.Connection) -> Iterator[tuple[str, Content]]:
    return (study_told(study) for study in read_studies(connection))


def _answers(connection: sa.Connection) -> Iterator[tuple[str, Content]]:
    return map(answer_told, connection.execute(sa.select(study_answers)).mappings().all())


def _models(connection: sa.Connection) -> Iterator[tuple[str, Content]]:
    return map(model_told, connection.execute(sa.select(models)).mappings().all())


def _comparisons(connection: sa.Connection) -> Iterator[tuple[str, Content]]:
    return map(comparison_told, connection.execute(sa.select(comparisons)).mappings().all())


def _promotions(connection: sa.Connection) -> Iterator[tuple[str, Content]]:
    query = sa.select(promotions).where(promotions.c.returns_to.is_(None))
    return map(promotion_told, connection.execute(query).mappings().all())


def _rollbacks(connection: sa.Connection) -> Iterator[tuple[str, Content]]:
    query = sa.select(promotions).where(promotions.c.returns_to.is_not(None))
    return map(promotion_told, connection.execute(query).mappings().all())


#: Tables whose rows the trail tells of, by the action of their entries.
_TABLES: dict[str, Callable[[sa.Connection], Iterator[tuple[str, Content]]]] = {
    "user": _users,
    "defect_type": _types,
    "operating_point": _limits,
    "study": _studies,
    "answer": _answers,
    "model": _models,
    "comparison": _comparisons,
    "promote": _promotions,
    "rollback": _rollbacks,
}


def _flat(row: JournalRow) -> Content:
    return {"kind": row.action, "part": row.subject, "person": row.person, **row.after}


def _differences(told: Content, found: Content) -> tuple[Difference, ...]:
    return tuple(
        Difference(name, told.get(name), found.get(name))
        for name in sorted(told.keys() | found.keys())
        if told.get(name) != found.get(name)
    )
