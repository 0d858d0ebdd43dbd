"""The audit trail as a whole: read it, export it, find what was changed behind its back."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress, silent
from cmdiad_core.store._verification import Problem, problems
from cmdiad_core.store.audit import START, Entry, entries
from cmdiad_core.store.database import Database
from cmdiad_core.store.journal import BATCH
from cmdiad_core.store.schema import audit_trail
from cmdiad_core.writing import write_file


@dataclass(frozen=True)
class Examined:
    """What an examination of the trail gave.

    Parameters
    ----------
    newest : Entry or None
        The last entry; its hash covers all before it.
    problems : list of Problem
        Empty where the trail is whole and the tables are as it tells.
    """

    newest: Entry | None
    problems: list[Problem]


class AuditTrail:
    """Who did what, when and why, in a chain that shows where it was broken.

    Parameters
    ----------
    database : Database
        Where it is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self, *, action: str | None = None, subject: str | None = None) -> list[Entry]:
        """Return the entries of an action, on a subject, or all; oldest first."""
        with self._database.reading() as connection:
            return [
                one
                for one in entries(connection)
                if action in (None, one.action) and subject in (None, one.subject)
            ]

    def verify(self, against: Path | None = None, progress: Progress = silent) -> Examined:
        """Compute every hash again and compare the trail with the tables it tells of.

        Whether its newest entries were taken away, with what they tell of, cannot be seen from
        inside; an export from before shows that.

        Parameters
        ----------
        against : Path or None
            What `export` wrote as JSON lines.
        progress : Progress
            Told of the stage ``"audit"``, now and then.

        Raises
        ------
        InputError
            `against` is no export, or was changed.
        """
        exported = {} if against is None else {one.id: one for one in _exported(against)}
        found: list[Problem] = []
        newest: Entry | None = None
        total = 0

        def watched(every: Iterator[Entry]) -> Iterator[Entry]:
            nonlocal newest
            for done, newest in enumerate(every):
                if done % BATCH == 0:
                    progress("audit", done, total)
                then = exported.pop(newest.id, None)
                if then is not None and then != newest:
                    found.append(Problem(newest.id, "not_exported", {"export": against}))
                yield newest

        with self._database.reading() as connection:
            total = connection.scalar(sa.select(sa.func.count()).select_from(audit_trail)) or 0
            try:
                for problem in problems(connection, watched(entries(connection))):
                    found.append(problem)  # noqa: PERF402  (`watched` adds to it meanwhile)
            except ValueError as error:
                # The database holds a date that is none, for instance.
                after = 0 if newest is None else newest.id
                found.append(Problem(None, "unreadable", {"after": after, "error": error}))
        found += [Problem(n, "exported_only", {"export": against}) for n in exported]
        return Examined(newest, found)

    def export(self, target: Path) -> Entry | None:
        """Write every entry to a file and return the newest one.

        Parameters
        ----------
        target : Path
            ``.csv`` for a table, else JSON lines, which `verify` takes.

        Raises
        ------
        InputError
            It cannot be written.
        """
        written = io.StringIO(newline="")
        table = csv.writer(written) if target.suffix.lower() == ".csv" else None
        if table is not None:
            table.writerow(Entry._fields)
        newest = None
        with self._database.reading() as connection:
            for newest in entries(connection):
                row = newest._asdict()
                row["made_at"] = newest.made_at.isoformat(timespec="microseconds")
                if table is not None:
                    table.writerow(row.values())
                else:
                    written.write(json.dumps(row) + "\n")
        write_file(target, written.getvalue().encode())
        return newest


def _exported(path: Path) -> Iterator[Entry]:
    previous = START
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                entry = _read(line)
                if entry is None or entry.previous != previous or entry.chained() != entry.hash:
                    problem = f"is no export of an audit trail as JSON lines (line {number})"
                    raise InputError(path, problem)
                previous = entry.hash
                yield entry
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise InputError(path, "is no export of an audit trail as JSON lines") from error


def _read(line: str) -> Entry | None:
    try:
        content: dict[str, Any] = json.loads(line)
        made_at = datetime.fromisoformat(content["made_at"]).astimezone(UTC)
        return Entry(**{**content, "made_at": made_at})
    except (ValueError, TypeError, KeyError):
        return None
