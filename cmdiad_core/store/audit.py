"""The audit trail: who did what, when and why; each entry is chained to the one before by hash."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from cmdiad_core.content import storable
from cmdiad_core.store.journal import walked
from cmdiad_core.store.schema import HASH, audit_trail

#: What the first entry is chained to.
START = "0" * HASH
#: Action of the entry that stands for the journal as it was before there was an audit trail.
ADOPTED = "adopt"
#: Who did what no person did.
PROGRAM = "cmdiad"


class Entry(NamedTuple):
    """An entry of the audit trail.

    Parameters
    ----------
    id : int
        Its number; grows with every entry.
    made_at : datetime
        When, in UTC.
    person : str
        Who did it.
    action : str
        What, in one word.
    subject : str
        To what.
    reason : str
        Why, where the person said so.
    before, after : str or None
        The subject, as far as it changed, as JSON.
    previous, hash : str
        Hash of the entry before, and of this one.
    """

    id: int
    made_at: datetime
    person: str
    action: str
    subject: str
    reason: str
    before: str | None
    after: str | None
    previous: str
    hash: str

    def chained(self) -> str:
        """Return the hash that this entry has as long as nobody changes it."""
        return _chained(self._asdict())


def record(
    connection: sa.Connection,
    *,
    person: str,
    action: str,
    subject: str,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry to the audit trail in the transaction of what it tells.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`, which lets one program write at a time: two entries after the
        same one would fork the chain.
    person : str
        Who did it.
    action : str
        What, in one word: ``"review"``, ``"promote"``.
    subject : str
        To what: the content hash of a part, the id of a model, the name of a user.
    reason : str
        Why, where the person said so.
    before, after : mapping or None
        The subject, as far as it changed; what JSON takes.
    """
    newest = sa.select(audit_trail.c.hash).order_by(audit_trail.c.id.desc()).limit(1)
    values = {
        "made_at": datetime.now(UTC),
        "person": storable(person),
        "action": action,
        "subject": storable(subject),
        "reason": storable(reason),
        "before": packed(before),
        "after": packed(after),
        "previous": connection.scalar(newest) or START,
    }
    values["hash"] = _chained(values)
    connection.execute(audit_trail.insert().values(values))


def entries(connection: sa.Connection) -> Iterator[Entry]:
    """Yield every entry, oldest first."""
    query = sa.select(*(audit_trail.c[name] for name in Entry._fields))
    yield from map(Entry._make, walked(connection, query, audit_trail.c.id))


def packed(content: Mapping[str, Any] | None) -> str | None:
    """Return what an entry holds of a subject, as JSON."""
    return None if content is None else json.dumps(content, sort_keys=True)


def _chained(entry: Mapping[str, Any]) -> str:
    content = {name: entry[name] for name in entry if name not in ("id", "hash")}
    content["made_at"] = entry["made_at"].isoformat(timespec="microseconds")
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
