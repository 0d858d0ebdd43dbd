"""The audit trail: who did what, when and why; each entry is chained to the one before by hash."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from cmdiad_core.store.content import storable
from cmdiad_core.store.schema import HASH, audit_trail

#: What the first entry is chained to.
START = "0" * HASH

# Two entries after the same one would fork the chain; SQLite has one writer anyway.
_LOCK = 0x636D64696164


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
        From `Database.writing`.
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
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    newest = sa.select(audit_trail.c.hash).order_by(audit_trail.c.id.desc()).limit(1)
    values = {
        "made_at": datetime.now(UTC),
        "person": storable(person),
        "action": action,
        "subject": storable(subject),
        "reason": storable(reason),
        "before": _packed(before),
        "after": _packed(after),
        "previous": connection.scalar(newest) or START,
    }
    values["hash"] = chained(values)
    connection.execute(audit_trail.insert().values(values))


def chained(entry: Mapping[str, Any]) -> str:
    """Return the hash of an entry, which covers that of the one before."""
    content = {name: entry[name] for name in entry if name not in ("id", "hash")}
    content["made_at"] = entry["made_at"].isoformat(timespec="microseconds")
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _packed(content: Mapping[str, Any] | None) -> str | None:
    return None if content is None else json.dumps(content, sort_keys=True)
