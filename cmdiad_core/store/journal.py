"""The journal as the audit trail tells of it, row by row."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from cmdiad_core.store.schema import edits, nearline_results, reviews, strokes

#: Rows that are fetched at once where all are walked.
BATCH = 5_000

_EDIT = (
    edits.c.id,
    edits.c.kind,
    edits.c.part,
    edits.c.person,
    edits.c.made_at,
    edits.c.software,
    edits.c.target,
)
#: Tables with rows that belong to an edit, and the columns that its entry tells of.
BELONGING: Mapping[sa.Table, Sequence[str]] = {
    reviews: ("verdict", "comment", "model_id", "score", "model_verdict", "provenance"),
    strokes: ("defect_type", "top", "left", "bottom", "right", "changes", "grid"),
    nearline_results: (
        "source",
        "verdict",
        "defect_type",
        "merged",
        "mask_digest",
        "origin",
        "files",
        "mask",
    ),
}
_JSON = "provenance", "files"
#: Entries tell of it only where it says something; older ones never do.
_SELDOM = "grid"


class JournalRow(NamedTuple):
    """A row of the journal, with what belongs to it, in the words of the audit trail."""

    id: int
    action: str
    subject: str
    person: str
    after: dict[str, Any]


def journal_rows(
    connection: sa.Connection, belonging: Mapping[sa.Table, Sequence[str]] = BELONGING
) -> Iterator[JournalRow]:
    """Yield every row of the journal in the order of its id."""
    columns: list[sa.ColumnElement[Any]] = [*_EDIT]
    joined: sa.FromClause = edits
    for table, names in belonging.items():
        joined = joined.outerjoin(table, table.c.edit == edits.c.id)
        columns += [table.c.edit, *(_raw(table.c[name]) for name in names)]
    for row in walked(connection, sa.select(*columns).select_from(joined), edits.c.id):
        edit, kind, part, person, made_at, software, target = row[: len(_EDIT)]
        after = {"edit": edit, **said_with(made_at, software)}
        if target is not None:
            after["target"] = target
        place = len(_EDIT)
        for names in belonging.values():
            end = place + 1 + len(names)
            if row[place] is not None:
                told = map(_told, names, row[place + 1 : end])
                after |= ((name, value) for name, value in told if name != _SELDOM or value)
            place = end
        yield JournalRow(edit, kind, part, person, after)


def said_with(made_at: datetime, software: str) -> dict[str, str]:
    """Return when and with what an edit was made, as its entry holds it."""
    moment = made_at.astimezone(UTC).isoformat(timespec="microseconds")
    return {"made_at": moment, "software": software}


def digest(rows: Iterable[JournalRow]) -> dict[str, Any]:
    """Return the number of rows, the id of the last one, and a SHA-256 over all of them."""
    count, last, found = 0, 0, hashlib.sha256()
    for row in rows:
        count, last = count + 1, row.id
        found.update(json.dumps(row, sort_keys=True).encode() + b"\n")
    return {"rows": count, "last": last, "sha256": found.hexdigest()}


def orphans(connection: sa.Connection) -> list[str]:
    """Return reviews and strokes of no edit, which only somebody else's tool can have made."""
    found = []
    for table in BELONGING:
        lost = sa.select(table.c.edit).where(table.c.edit.not_in(sa.select(edits.c.id)))
        found += [f"row {edit} of {table.name}" for edit in connection.scalars(lost)]
    return found


def walked(
    connection: sa.Connection, query: sa.Select[Any], key: sa.Column[int]
) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query by a key that is its first column, a batch at a time."""
    last: int | None = None
    while True:
        rest = query if last is None else query.where(key > last)
        rows: Sequence[Any] = connection.execute(rest.order_by(key).limit(BATCH)).all()
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


def _raw(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    # What somebody wrote into it by hand need not be JSON.
    return sa.cast(column, sa.Text) if column.name in _JSON else column


def _told(name: str, value: Any) -> tuple[str, Any]:
    if isinstance(value, bytes):
        return "sha256", hashlib.sha256(value).hexdigest()
    if name in _JSON:
        try:
            return name, json.loads(value)
        except ValueError:
            return name, value
    return name, value
