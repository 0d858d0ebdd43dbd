"""The audit trail as people read it: the newest entries first, a page at a time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from cmdiad_core.store.audit import Entry
from cmdiad_core.store.database import Database
from cmdiad_core.store.schema import audit_trail, comparisons, defect_types, models, parts, studies

PAGE = 200

#: Actions, the key by which their entries name what they were done to, and what people call it.
_CALLED: Sequence[tuple[Sequence[str], sa.ColumnElement[str], sa.Column[str]]] = (
    (("review", "stroke", "undo", "redo", "nearline", "withdraw"), parts.c.hash, parts.c.name),
    (("model", "promote", "rollback"), models.c.digest, models.c.name),
    (("operating_point",), models.c.id, models.c.name),
    (("study", "answer"), sa.cast(studies.c.id, sa.Text), studies.c.name),
)


@dataclass(frozen=True)
class Wanted:
    """Which entries are asked for; what is empty asks for nothing.

    Parameters
    ----------
    person, action : str
        Exactly as in the entries.
    words : str
        What occurs in the subject, its name, the reason or the content; case does not count.
    since, before : datetime or None
        The first moment, and the first one after the last.
    """

    person: str = ""
    action: str = ""
    words: str = ""
    since: datetime | None = None
    before: datetime | None = None


class NamedEntry(NamedTuple):
    """An entry, what its subject is called, and what defect types are called by their ids."""

    entry: Entry
    name: str
    types: Mapping[int, str]


class AuditPages:
    """Reads the audit trail from its end.

    Parameters
    ----------
    database : Database
        Where it is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def people(self) -> list[str]:
        """Return everybody who ever did something, by name."""
        return self._each(audit_trail.c.person)

    def actions(self) -> list[str]:
        """Return everything that was ever done."""
        return self._each(audit_trail.c.action)

    def count(self, wanted: Wanted) -> int:
        """Return how many entries there are of those asked for."""
        query = sa.select(sa.func.count()).select_from(audit_trail).where(*_conditions(wanted))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def page(self, wanted: Wanted, older_than: int | None = None) -> list[NamedEntry]:
        """Return the newest `PAGE` entries of those asked for, all older than one by its number."""
        columns = [audit_trail.c[name] for name in Entry._fields]
        query = sa.select(*columns).where(*_conditions(wanted))
        if older_than is not None:
            query = query.where(audit_trail.c.id < older_than)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(audit_trail.c.id.desc()).limit(PAGE))
            found = [Entry(*row) for row in rows]
            names = _names(connection, found)
            rows = connection.execute(sa.select(defect_types.c.id, defect_types.c.name))
            types = {row.id: row.name for row in rows}
        return [
            NamedEntry(one, names.get((one.action, one.subject), one.subject), types)
            for one in found
        ]

    def _each(self, column: sa.Column[str]) -> list[str]:
        with self._database.reading() as connection:
            return list(connection.scalars(sa.select(column).distinct().order_by(column)))


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    column = audit_trail.c
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.person:
        conditions.append(column.person == wanted.person)
    if wanted.action:
        conditions.append(column.action == wanted.action)
    if wanted.since is not None:
        conditions.append(column.made_at >= wanted.since)
    if wanted.before is not None:
        conditions.append(column.made_at < wanted.before)
    if words := wanted.words.strip():
        # Content is JSON, which writes other letters than those of English as numbers.
        content = json.dumps(words)[1:-1]
        conditions.append(
            sa.or_(
                *(column[name].icontains(words, autoescape=True) for name in ("subject", "reason")),
                *(column[name].icontains(content, autoescape=True) for name in ("before", "after")),
                *_called(words),
            )
        )
    return conditions


def _called(words: str) -> Iterator[sa.ColumnElement[bool]]:
    for actions, key, name in _CALLED:
        subjects = sa.select(key).where(name.icontains(words, autoescape=True))
        yield audit_trail.c.action.in_(actions) & audit_trail.c.subject.in_(subjects)


def _names(connection: sa.Connection, found: Sequence[Entry]) -> dict[tuple[str, str], str]:
    """Return what the subjects of entries are called, by action and subject."""
    called: dict[tuple[str, str], str] = {}

    def look_up(
        actions: Sequence[str], key: sa.ColumnElement[str], name: sa.ColumnElement[str]
    ) -> None:
        wanted = {one.subject for one in found if one.action in actions}
        if wanted:
            rows = connection.execute(sa.select(key, name).where(key.in_(wanted)))
            called.update(((action, key), name) for key, name in rows for action in actions)

    for row in _CALLED:
        look_up(*row)
    # A comparison is called by its two models.
    both = _compared("champion") + " – " + _compared("candidate")
    look_up(["comparison"], comparisons.c.digest, both)
    for one in found:
        if one.action == "retrain":
            called[one.action, one.subject] = Path(one.subject).name
    return called


def _compared(side: str) -> sa.ColumnElement[str]:
    digest = comparisons.c[side]
    name = sa.select(models.c.name).where(models.c.digest == digest).scalar_subquery()
    return sa.func.coalesce(name, sa.func.substr(digest, 1, 12))
