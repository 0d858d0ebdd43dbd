"""The jobs of a store."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cmdiad_core.content import storable
from cmdiad_core.errors import InputError
from cmdiad_core.jobs import Job, JobState, ProcessMark
from cmdiad_core.people import Right
from cmdiad_core.store import audit
from cmdiad_core.store.database import Database
from cmdiad_core.store.schema import jobs
from cmdiad_core.store.users import require


class Jobs:
    """What retrainings there are and were; every beginning and end is in the audit trail.

    Parameters
    ----------
    database : Database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self,
        kind: str,
        model: Path,
        candidate: Path,
        arguments: Sequence[str],
        person: str,
        log: Path,
    ) -> int:
        """Keep that this process begins a job; return its number.

        Raises
        ------
        InputError
            The person may not retrain, or a job of this kind runs on the model already.
        """
        process = ProcessMark.own()
        values: dict[str, Any] = {
            "kind": kind,
            "model": storable(str(model)),
            "candidate": storable(str(candidate)),
            "arguments": [storable(one) for one in arguments],
            "person": storable(person),
            "started": datetime.now(UTC),
            "state": JobState.RUNNING,
            "host": process.host,
            "process": process.number,
            "process_started": process.started,
            "log": storable(str(log)),
            "problem": "",
        }
        with self._database.writing() as connection:
            require(connection, person, Right.RETRAIN)
            _find_lost(connection)
            same = jobs.c.kind == kind, jobs.c.model == values["model"]
            if (other := _running(connection, *same)) is not None:
                raise InputError(model, f"is being retrained by {other.person}; wait until it ends")
            job = int(
                connection.execute(jobs.insert().values(values).returning(jobs.c.id)).scalar_one()
            )
            told = {"job": job, "candidate": values["candidate"], "arguments": values["arguments"]}
            told |= {"state": JobState.RUNNING}
            audit.record(
                connection, person=person, action=kind, subject=values["model"], after=told
            )
        return job

    def expect(self, job: int, seconds: float, memory: float, pace: float) -> None:
        """Keep what a running job is expected to take, as in `Job`."""
        with self._database.writing() as connection:
            expected = {"expected_seconds": seconds, "expected_bytes": memory, "pace": pace}
            connection.execute(jobs.update().where(jobs.c.id == job).values(expected))

    def end(
        self,
        job: int,
        state: JobState,
        person: str,
        *,
        problem: str = "",
        peak_bytes: int | None = None,
    ) -> None:
        """Keep how a job ended; one that ended already stays as it is, unless it was lost."""
        with self._database.writing() as connection:
            row = connection.execute(sa.select(jobs).where(jobs.c.id == job)).mappings().one()
            if row["state"] in (JobState.RUNNING, JobState.LOST):
                _end(connection, row, state, person, problem=problem, peak_bytes=peak_bytes)

    def running(self, model: Path) -> Job | None:
        """Return the job that runs on a model."""
        self._look_after()
        with self._database.reading() as connection:
            return _running(connection, jobs.c.model == storable(str(model)))

    def lost(self) -> list[Job]:
        """Return the jobs whose process went away without a word, and that nobody dealt with."""
        self._look_after()
        query = sa.select(jobs).where(jobs.c.state == JobState.LOST).order_by(jobs.c.id)
        with self._database.reading() as connection:
            return [_job(row) for row in connection.execute(query).mappings()]

    def done(self, kind: str, count: int = 20) -> list[Job]:
        """Return the last jobs of a kind that were done, newest first."""
        query = sa.select(jobs).where(jobs.c.kind == kind, jobs.c.state == JobState.DONE)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(jobs.c.id.desc()).limit(count))
            return [_job(row) for row in rows.mappings()]

    def _look_after(self) -> None:
        query = sa.select(jobs).where(jobs.c.state == JobState.RUNNING)
        with self._database.reading() as connection:
            gone = any(_job(row).process.is_gone for row in connection.execute(query).mappings())
        if gone:
            with self._database.writing() as connection:
                _find_lost(connection)


def _find_lost(connection: sa.Connection) -> None:
    query = sa.select(jobs).where(jobs.c.state == JobState.RUNNING)
    for row in connection.execute(query).mappings().all():
        if _job(row).process.is_gone:
            _end(connection, row, JobState.LOST, audit.PROGRAM)


def _running(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> Job | None:
    query = sa.select(jobs).where(jobs.c.state == JobState.RUNNING, *which)
    row = connection.execute(query).mappings().first()
    return None if row is None else _job(row)


def _end(
    connection: sa.Connection,
    row: sa.RowMapping,
    state: JobState,
    person: str,
    *,
    problem: str = "",
    peak_bytes: int | None = None,
) -> None:
    values = {
        "state": state,
        "ended": datetime.now(UTC),
        "problem": storable(problem),
        "peak_bytes": peak_bytes,
    }
    connection.execute(jobs.update().where(jobs.c.id == row["id"]).values(values))
    audit.record(
        connection,
        person=person,
        action=row["kind"],
        subject=row["model"],
        before={"job": row["id"], "state": row["state"]},
        after={"job": row["id"], "state": state, "problem": values["problem"]},
    )


def _job(row: sa.RowMapping) -> Job:
    values: dict[str, Any] = dict(row)
    process = values.pop("host"), values.pop("process"), values.pop("process_started")
    values["process"] = ProcessMark(*process)
    values["state"] = JobState(values["state"])
    values["arguments"] = tuple(values["arguments"])
    for name in ("model", "candidate", "log"):
        values[name] = Path(values[name])
    return Job(**values)
