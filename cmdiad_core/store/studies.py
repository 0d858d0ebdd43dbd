"""Blind studies and what was answered in them."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from cmdiad_core.content import storable
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.inspection import Verdict
from cmdiad_core.people import Right
from cmdiad_core.store import audit
from cmdiad_core.store.database import Database
from cmdiad_core.store.schema import studies, study_answers, study_parts
from cmdiad_core.store.users import require
from cmdiad_core.studies import Study, StudyAnswer, StudyPart

_SEED_BITS = 31


class Studies:
    """The blind studies of a store. Answers are no verdicts: nothing else in the store sees them.

    Parameters
    ----------
    database : Database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self,
        name: str,
        person: str,
        parts: Sequence[StudyPart],
        *,
        repeats: int = 0,
        model_id: str = "",
    ) -> Study:
        """Start a study.

        Parameters
        ----------
        name, person : str
            What it is called; who starts it.
        parts : sequence of StudyPart
            Each part once.
        repeats : int
            How many of them, drawn by chance, are shown a second time; at most all.
        model_id : str
            Whose verdicts the parts keep.

        Raises
        ------
        InputError
            The person may not.
        """
        seed = secrets.randbits(_SEED_BITS)
        again = np.random.default_rng(seed).permutation(len(parts))[:repeats]
        served = (*parts, *(parts[place] for place in sorted(again)))
        with self._database.writing() as connection:
            require(connection, person, Right.STUDY)
            head = {
                "name": storable(name),
                "person": storable(person),
                "made_at": datetime.now(UTC),
                "seed": seed,
                "model_id": model_id,
            }
            added = connection.execute(studies.insert().values(head).returning(studies.c.id))
            study = int(added.scalar_one())
            rows = [
                {
                    "study": study,
                    "place": place,
                    "part": one.part,
                    "model_verdict": one.model_verdict,
                    "score": one.score,
                    "defective": one.defective,
                }
                for place, one in enumerate(served)
            ]
            connection.execute(study_parts.insert(), rows)
            started = _read(connection, studies.c.id == study)[0]
            subject, after = study_told(started)
            audit.record(connection, person=person, action="study", subject=subject, after=after)
            return started

    def all(self) -> list[Study]:
        """Return every study, the newest first."""
        with self._database.reading() as connection:
            return read_studies(connection)

    def answer(self, study: Study, place: int, person: str, verdict: PersonVerdict) -> None:
        """Keep an answer; an earlier one of the same person to the same place stays below it.

        Raises
        ------
        InputError
            The person may not.
        """
        values = {"study": study.id, "place": place, "person": storable(person)}
        values |= {"made_at": datetime.now(UTC), "verdict": verdict}
        with self._database.writing() as connection:
            require(connection, person, Right.LABEL)
            added = connection.execute(
                study_answers.insert().values(values).returning(study_answers)
            )
            subject, after = answer_told(added.mappings().one())
            audit.record(connection, person=person, action="answer", subject=subject, after=after)

    def answers(self, study: Study) -> list[StudyAnswer]:
        """Return all answers in a study, oldest first."""
        columns = (
            study_answers.c.place,
            study_answers.c.person,
            study_answers.c.made_at,
            study_answers.c.verdict,
        )
        query = sa.select(*columns).where(study_answers.c.study == study.id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(study_answers.c.id)).all()
        return [StudyAnswer(*row[:-1], PersonVerdict(row[-1])) for row in rows]


def read_studies(connection: sa.Connection) -> list[Study]:
    """Return every study, the newest first."""
    return _read(connection, sa.true())


def study_told(study: Study) -> tuple[str, dict[str, Any]]:
    """Return what the audit trail tells of a study: subject and content."""
    head = {"name": study.name, "person": study.person, "seed": study.seed}
    parts = [[one.part, one.model_verdict, one.score, one.defective] for one in study.parts]
    return str(study.id), {**head, "model_id": study.model_id, "parts": parts}


def answer_told(row: Mapping[Any, Any]) -> tuple[str, dict[str, Any]]:
    """Return what the audit trail tells of an answer, a row of its table."""
    return str(row["study"]), {name: row[name] for name in ("id", "place", "person", "verdict")}


def _read(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Study]:
    heads = connection.execute(sa.select(studies).where(which).order_by(studies.c.id.desc()))
    columns = (
        study_parts.c.study,
        study_parts.c.part,
        study_parts.c.model_verdict,
        study_parts.c.score,
        study_parts.c.defective,
    )
    query = sa.select(*columns).join(studies).where(which).order_by(study_parts.c.place)
    parts: dict[int, list[StudyPart]] = {}
    for study, part, verdict, score, defective in connection.execute(query):
        said = None if verdict is None else Verdict(verdict)
        parts.setdefault(study, []).append(StudyPart(part, said, score, defective))
    return [Study(**head, parts=tuple(parts[head["id"]])) for head in heads.mappings()]
