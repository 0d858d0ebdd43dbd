"""What models said of the parts they inspected, whether or not anybody looked at them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from math import isclose
from typing import Any, NamedTuple

import sqlalchemy as sa

from cmdiad_core import __version__
from cmdiad_core.inspection import OperatingPoint, Provenance, Verdict
from cmdiad_core.store._rows import batches
from cmdiad_core.store.database import Database, uncollected
from cmdiad_core.store.operating_points import newest_limits
from cmdiad_core.store.schema import inspections

#: Scores that differ by less are the same: another number of threads may change the last digits.
_SAME = 1e-4

_COLUMNS = (
    inspections.c.part,
    inspections.c.model,
    inspections.c.model_id,
    inspections.c.provenance,
    inspections.c.score,
    inspections.c.p_value,
    inspections.c.verdict,
    inspections.c.made_at,
)
_VERDICTS = {one.value: one for one in Verdict}


class Inspected(NamedTuple):
    """What a model said of a part.

    Parameters
    ----------
    part : str
        Content hash.
    model, model_id : str
        Digest of the files of the model, which tells models apart, and its id.
    provenance : mapping of str to Provenance
        What the score rests on.
    score, p_value : float
        As in `Inspection`.
    verdict : Verdict
        At the limits that counted for the model.
    made_at : datetime
        When, in UTC.
    """

    part: str
    model: str
    model_id: str
    provenance: Mapping[str, Provenance]
    score: float
    p_value: float
    verdict: Verdict
    made_at: datetime

    @property
    def measured(self) -> tuple[str, ...]:
        """The measured modalities, in alphabetical order."""
        found = (n for n, one in self.provenance.items() if one is Provenance.MEASURED)
        return tuple(sorted(found))


class Inspections:
    """The inspections of a store.

    Rows are never changed. They stand outside of the audit trail: nobody decides anything by
    them, and the parts can be inspected again.

    Parameters
    ----------
    database : Database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, found: Collection[Inspected], came_with: Mapping[str, OperatingPoint] | None = None
    ) -> None:
        """Keep what a model said of parts that the store knows.

        What the same model said last of a part with the same modalities is not kept again, unless
        the score is another one.

        Parameters
        ----------
        found : collection of Inspected
            What it said.
        came_with : mapping of str to OperatingPoint, optional
            The limits of each model itself, by digest. Where others were kept for a model in their
            place, those decide on the verdict.
        """
        with self._database.writing() as connection:
            latest = _latest_scores(connection, {one.part for one in found})
            ids = {one.model: one.model_id for one in found}
            limits = {
                model: newest_limits(connection, ids[model], own)
                for model, own in (came_with or {}).items()
                if model in ids
            }
            rows = []
            for one in found:
                key = one.part, one.model, tuple(sorted(one.provenance.items()))
                if isclose(latest.get(key, float("nan")), one.score, rel_tol=0, abs_tol=_SAME):
                    continue
                latest[key] = one.score
                rows.append(_row(one, limits.get(one.model)))
            if rows:
                # Asked for what was added, a server is told all rows at once.
                connection.execute(inspections.insert().returning(inspections.c.id), rows)

    def all(self, model_id: str | None = None) -> list[Inspected]:
        """Return every inspection, oldest first; those of one model where it is named."""
        query = sa.select(*_COLUMNS).order_by(inspections.c.id)
        if model_id is not None:
            query = query.where(inspections.c.model_id == model_id)
        with self._database.reading() as connection, uncollected():
            rows: Sequence[Any] = connection.execute(query).all()
            return [Inspected._make((*row[:6], _VERDICTS[row[6]], row[7])) for row in rows]


_Key = tuple[str, str, tuple[tuple[str, Provenance], ...]]


def _latest_scores(connection: sa.Connection, parts: Iterable[str]) -> dict[_Key, float]:
    table = inspections.c
    found: dict[_Key, float] = {}
    for batch in batches(parts):
        query = sa.select(table.part, table.model, table.provenance, table.score)
        for part, model, provenance, score in connection.execute(
            query.where(table.part.in_(batch)).order_by(table.id)
        ):
            found[part, model, tuple(sorted(provenance.items()))] = score
    return found


def _row(one: Inspected, limits: OperatingPoint | None) -> dict[str, Any]:
    return {
        "part": one.part,
        "model": one.model,
        "model_id": one.model_id,
        "provenance": dict(one.provenance),
        "score": one.score,
        "p_value": one.p_value,
        "verdict": one.verdict if limits is None else limits.judge(one.score),
        "made_at": one.made_at,
        "software": __version__,
    }
