"""The journal as the audit trail tells of it, row by row."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from cmdiad_core.store.schema import edits, reviews, strokes

#: Rows that are fetched at once where all are walked.
BATCH = 5_000

_QUERY: sa.Select[Any] = (
    sa.select(
        edits.c.id,
        edits.c.kind,
        edits.c.part,
        edits.c.person,
        edits.c.made_at,
        edits.c.software,
        edits.c.target,
        reviews.c.edit,
        reviews.c.verdict,
        reviews.c.comment,
        reviews.c.model_id,
        reviews.c.score,
        reviews.c.model_verdict,
        sa.type_coerce(reviews.c.provenance, sa.Text),
        strokes.c.edit,
        strokes.c.defect_type,
        strokes.c.top,
        strokes.c.left,
        strokes.c.bottom,
        strokes.c.right,
        strokes.c.changes,
    )
    .outerjoin_from(edits, reviews)
    .outerjoin(strokes, strokes.c.edit == edits.c.id)
)


class JournalRow(NamedTuple):
    """A row of the journal, with its review or stroke, in the words of the audit trail."""

    id: int
    action: str
    subject: str
    person: str
    after: dict[str, Any]


def journal_rows(connection: sa.Connection) -> Iterator[JournalRow]:
    """Yield every row of the journal in the order of its id."""
    for row in walked(connection, _QUERY, edits.c.id):
        edit, kind, part, person, made_at, software, target = row[:7]
        after = {"edit": edit, **said_with(made_at, software)}
        if target is not None:
            after["target"] = target
        if row[7] is not None:
            names = "verdict", "comment", "model_id", "score", "model_verdict"
            after |= dict(zip(names, row[8:13], strict=True))
            after["provenance"] = _unpacked(row[13])
        if row[14] is not None:
            names = "defect_type", "top", "left", "bottom", "right"
            after |= dict(zip(names, row[15:20], strict=True))
            after["sha256"] = hashlib.sha256(row[20]).hexdigest()
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
    for table in (reviews, strokes):
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


def _unpacked(stored: str) -> Mapping[str, Any] | str:
    try:
        found: Mapping[str, Any] = json.loads(stored)
    except ValueError:
        return stored
    return found
