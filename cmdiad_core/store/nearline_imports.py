"""Imports of near-line results: which there are, and taking one back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import sqlalchemy as sa

from cmdiad_core.edits import NearLineImport, NearLineResult
from cmdiad_core.errors import InputError
from cmdiad_core.store import _rows
from cmdiad_core.store.database import Database
from cmdiad_core.store.schema import edits

_Results = dict[object, list[NearLineResult]]


class NearLineImports:
    """What was taken in together can be taken back together; the journal keeps both.

    Parameters
    ----------
    database : Database
        Where results are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[NearLineImport]:
        """Return every import, the newest first."""
        with self._database.reading() as connection:
            standing = _standing(connection)
            found = [_told(results, standing) for results in _batches(connection).values()]
        return sorted(found, key=lambda one: -one.number)

    def withdraw(self, number: int, person: str, reason: str = "") -> list[str]:
        """Take back the results of an import with their strokes and modalities.

        Where the station, or another one, said something of a part before, that stands again.

        Parameters
        ----------
        number : int
            Of the import.
        person, reason : str
            Who takes it back, and why; for the audit trail.

        Returns
        -------
        list of str
            Content hashes of the in-line parts.

        Raises
        ------
        InputError
            There is no such import, it is withdrawn already, another one was joined with its
            modalities, or the person may not label parts. Nothing was written.
        """
        with self._database.writing() as connection:
            standing = _standing(connection)
            batches = _batches(connection).values()
            results = next((found for found in batches if found[0].id == number), [])
            if not results:
                raise InputError(f"near-line import {number}", "is unknown")
            results = [one for one in results if one.id in standing]
            if not results:
                raise InputError(f"near-line import {number}", "is withdrawn already")
            _require_last(connection, number, results, batches, standing)
            for one in results:
                for stroke in reversed(_strokes(connection, one)):
                    _withdraw(connection, stroke, one.part, person, reason)
                said = asdict(one.found)
                _withdraw(connection, one.id, one.part, person, reason, said)
        return [one.part for one in results]


def _batches(connection: sa.Connection) -> _Results:
    """Return all results by import; those of which none was kept by folder, station and person."""
    found: _Results = defaultdict(list)
    for row in connection.execute(_rows.NEARLINE.order_by(edits.c.id)):
        one = _rows.to_result(row)
        key = one.batch or (one.found.source, one.found.origin, one.person)
        found[key].append(one)
    return found


def _standing(connection: sa.Connection) -> set[int]:
    query = sa.select(edits.c.id).where(edits.c.kind == "nearline", _rows.STANDS)
    return set(connection.scalars(query))


def _told(results: Sequence[NearLineResult], standing: set[int]) -> NearLineImport:
    first = results[0]
    return NearLineImport(
        first.id,
        first.found.source,
        first.found.origin,
        first.person,
        first.made_at,
        len({one.part for one in results}),
        withdrawn=not any(one.id in standing for one in results),
    )


def _require_last(
    connection: sa.Connection,
    number: int,
    results: Sequence[NearLineResult],
    batches: Iterable[Sequence[NearLineResult]],
    standing: set[int],
) -> None:
    """Refuse where a later import holds modalities that only this one brought."""
    mine = {one.part: one for one in results}
    inline = _rows.part_files(connection, set(mine))
    for later in batches:
        for one in later:
            before = mine.get(one.part)
            if before is None or one.id <= before.id or one.id not in standing:
                continue
            own = inline[one.part].files if one.part in inline else {}
            if before.found.files.keys() - one.found.files.keys() - own.keys():
                raise InputError(
                    f"near-line import {number}",
                    f"was joined with import {later[0].id}; withdraw that one first",
                )


def _strokes(connection: sa.Connection, result: NearLineResult) -> list[int]:
    """Return the strokes that were made with a result, undone ones too."""
    last = result.last or result.stroke or result.id
    query = sa.select(edits.c.id).where(
        edits.c.part == result.part,
        edits.c.person == result.person,
        edits.c.kind == "stroke",
        edits.c.id > result.id,
        edits.c.id <= last,
    )
    return list(connection.scalars(query.order_by(edits.c.id)))


def _withdraw(
    connection: sa.Connection,
    target: int,
    part: str,
    person: str,
    reason: str,
    before: dict[str, object] | None = None,
) -> None:
    told = {"target": target}
    _rows.add_edit(
        connection, "withdraw", part, person, told, before=before, target=target, reason=reason
    )
