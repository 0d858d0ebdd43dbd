"""The models of a store: which there are, how they did, which one is in use and why."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cmdiad_core.errors import InputError
from cmdiad_core.models import (
    Figures,
    GateResult,
    KeptComparison,
    ModelFacts,
    Promotion,
    RegisteredModel,
)
from cmdiad_core.people import Right
from cmdiad_core.store import audit
from cmdiad_core.store.content import storable
from cmdiad_core.store.database import Database
from cmdiad_core.store.model_files import require_intact
from cmdiad_core.store.schema import comparisons, models, promotions
from cmdiad_core.store.users import require

_FACTS = (
    *("digest", "id", "name", "folder", "parent"),
    *("accept_below", "reject_from", "megabytes", "parts"),
)


class Models:
    """The registry of a store.

    Parameters
    ----------
    database : Database
        Where it is kept.

    Raises
    ------
    InputError
        By every method that writes: the person may not.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[RegisteredModel]:
        """Return every model, in the order in which they were added."""
        query = sa.select(models).where(~models.c.forgotten).order_by(models.c.added_at)
        with self._database.reading() as connection:
            return [_registered(row) for row in connection.execute(query).mappings()]

    def champion(self) -> RegisteredModel | None:
        """Return the model in use; whether it still lies there, `require_intact` says."""
        with self._database.reading() as connection:
            digest = _champion(connection)
            return None if digest is None else _one(connection, digest)

    def promotions(self) -> list[Promotion]:
        """Return every promotion and roll-back, oldest first."""
        query = sa.select(promotions).order_by(promotions.c.number)
        with self._database.reading() as connection:
            return [_promotion(row) for row in connection.execute(query).mappings()]

    def latest_promotion(self) -> int:
        """Return the number of the newest promotion or roll-back, 0 where there is none."""
        with self._database.reading() as connection:
            return _latest(connection)

    def comparison(self, digest: str) -> str:
        """Return the content of a comparison."""
        query = sa.select(comparisons.c.content).where(comparisons.c.digest == digest)
        with self._database.reading() as connection:
            return str(connection.execute(query).scalar_one())

    def gates(self, champion: str, candidate: str) -> tuple[GateResult, ...] | None:
        """Return the gates of the newest comparison of two models, None where there is none."""
        with self._database.reading() as connection:
            row = _newest_comparison(connection, champion, candidate)
            return None if row is None else _gates(row["gates"])

    def require_may_add(self, person: str) -> None:
        """Raise `InputError` where a person may not register models; asked before long work."""
        with self._database.reading() as connection:
            require(connection, person, Right.RETRAIN)

    def add(self, model: ModelFacts, person: str) -> None:
        """Register a model; one that is known already is known at its new place from then on."""
        row = {name: getattr(model, name) for name in _FACTS}
        row["name"] = storable(model.name)
        row["folder"] = storable(os.path.abspath(model.folder))  # noqa: PTH100
        row["parts"] = dict(model.parts)
        with self._database.writing() as connection:
            require(connection, person, Right.RETRAIN)
            known = _row(connection, model.digest)
            before = None
            if known is None:
                added = {"added_by": storable(person), "added_at": datetime.now(UTC)}
                connection.execute(models.insert().values({**row, **added, "forgotten": False}))
            else:
                before = {name: known[name] for name in ("name", "folder", "forgotten")}
                if before == {**_place(row), "forgotten": False}:
                    return
                changed = {**_place(row), "forgotten": False}
                connection.execute(
                    models.update().where(models.c.digest == model.digest).values(changed)
                )
            audit.record(
                connection,
                person=person,
                action="register",
                subject=model.id,
                before=before,
                after={**_place(row), "digest": model.digest, "parent": model.parent},
            )

    def keep(self, comparison: KeptComparison, person: str) -> None:
        """Keep a comparison; it speaks from then on for those of its models that are registered."""
        content = storable(comparison.content)
        digest = hashlib.sha256(content.encode()).hexdigest()
        row = {
            "champion": comparison.champion,
            "candidate": comparison.candidate,
            "person": storable(person),
            "made_at": datetime.now(UTC),
            "gates": [asdict(gate) for gate in comparison.gates],
            "content": content,
        }
        with self._database.writing() as connection:
            require(connection, person, Right.RETRAIN)
            if connection.scalar(
                sa.select(comparisons.c.digest).where(comparisons.c.digest == digest)
            ):
                return
            connection.execute(comparisons.insert().values({"digest": digest, **row}))
            for model, figures in (
                (comparison.champion, comparison.champion_figures),
                (comparison.candidate, comparison.candidate_figures),
            ):
                values = {"figures": asdict(figures), "comparison": digest}
                connection.execute(models.update().where(models.c.digest == model).values(values))

    def promote(self, digest: str, person: str, reason: str, *, override: bool = False) -> None:
        """Take a model into use in the place of the one that is.

        Parameters
        ----------
        digest : str
            Of a registered model.
        person, reason : str
            Who, and why.
        override : bool
            Also where it was not compared with the model in use, or fails a gate; this is kept.

        Raises
        ------
        InputError
            Also without a reason, where the model in use is that one already, where its files
            are gone or changed, and where a gate stands in the way.
        """
        reason = _required(reason)
        # Files are read before others have to wait.
        with self._database.reading() as connection:
            require(connection, person, Right.PROMOTE)
            model = _one(connection, digest)
        require_intact(model)
        with self._database.writing() as connection:
            require(connection, person, Right.PROMOTE)
            _lock(connection)
            champion = _champion(connection)
            if champion == digest:
                raise InputError(model.name, "is the model in use already")
            compared, problem = None, None
            if champion is not None:
                compared = _newest_comparison(connection, champion, digest)
                problem = _gate_problem(compared)
            if problem is not None and not override:
                raise InputError(model.name, problem)
            self._take(
                connection,
                action="promote",
                model=model,
                person=person,
                reason=reason,
                replaced=champion,
                comparison=None if compared is None else compared["digest"],
                gates=[] if compared is None else compared["gates"],
                overridden=problem is not None,
                returns_to=None,
            )

    def roll_back(self, person: str, reason: str) -> RegisteredModel:
        """Take the model into use again that was before the one that is; return it.

        Once more goes one further back. Models that were forgotten are passed over.

        Raises
        ------
        InputError
            Also without a reason, where there was none before, and where its files are gone.
        """
        reason = _required(reason)
        with self._database.reading() as connection:
            require(connection, person, Right.PROMOTE)
            latest, before = _latest(connection), _before(connection)
            if before is None:
                raise InputError(self._database.where, "knows no model in use before this one")
            model = _one(connection, before["model"])
        require_intact(model)
        with self._database.writing() as connection:
            require(connection, person, Right.PROMOTE)
            _lock(connection)
            if _latest(connection) != latest:
                raise InputError(model.name, "was not taken back; somebody promoted meanwhile")
            self._take(
                connection,
                action="rollback",
                model=model,
                person=person,
                reason=reason,
                replaced=_champion(connection),
                comparison=None,
                gates=[],
                overridden=False,
                returns_to=before["number"],
            )
        return model

    def forget(self, digest: str, person: str, reason: str) -> None:
        """Remove a model from the list; its files stay where they are.

        Raises
        ------
        InputError
            Also without a reason, and where it is the model in use.
        """
        reason = _required(reason)
        with self._database.writing() as connection:
            require(connection, person, Right.DELETE)
            _lock(connection)
            model = _one(connection, digest)
            if _champion(connection) == digest:
                raise InputError(model.name, "is the model in use; promote another one first")
            connection.execute(
                models.update().where(models.c.digest == digest).values(forgotten=True)
            )
            audit.record(
                connection,
                person=person,
                action="forget",
                subject=model.id,
                reason=reason,
                before={"name": model.name, "folder": str(model.folder), "digest": digest},
            )

    def _take(
        self,
        connection: sa.Connection,
        *,
        action: str,
        model: RegisteredModel,
        person: str,
        reason: str,
        **content: Any,
    ) -> None:
        row = {"model": model.digest, "person": storable(person), "reason": storable(reason)}
        values = {**row, **content, "made_at": datetime.now(UTC)}
        made = promotions.insert().values(values).returning(*promotions.c)
        told = promotion_told(connection.execute(made).mappings().one())
        audit.record(
            connection,
            person=person,
            action=action,
            subject=model.id,
            reason=reason,
            before={"model": content["replaced"]},
            after=told,
        )


def promotion_told(row: sa.RowMapping) -> dict[str, Any]:
    """Return what the audit trail holds of a promotion."""
    moment = row["made_at"].isoformat(timespec="microseconds")
    names = row.keys() - {"number", "made_at"}
    return {"id": row["number"], "made_at": moment, **{name: row[name] for name in names}}


def _required(reason: str) -> str:
    if not reason.strip():
        raise InputError("reason", "is missing; say in a few words why")
    return reason.strip()


def _lock(connection: sa.Connection) -> None:
    # Two promotions at once would both replace the same model; SQLite has one writer anyway.
    connection.execute(sa.select(models.c.digest).order_by(models.c.digest).with_for_update())


def _latest(connection: sa.Connection) -> int:
    return connection.scalar(sa.select(sa.func.max(promotions.c.number))) or 0


def _champion(connection: sa.Connection) -> str | None:
    newest = sa.select(promotions.c.model).order_by(promotions.c.number.desc()).limit(1)
    return connection.scalar(newest)


def _before(connection: sa.Connection) -> sa.RowMapping | None:
    """Return the promotion that stood before the one that stands.

    The promotion that stands after a roll-back is the one that it returns to; before it stood what
    stood when it was made.
    """
    joined = promotions.join(models, promotions.c.model == models.c.digest)
    query = sa.select(promotions, models.c.forgotten).select_from(joined)
    rows = {row["number"]: row for row in connection.execute(query).mappings()}

    def standing(number: int) -> int:
        returns_to = rows[number]["returns_to"]
        return number if returns_to is None else int(returns_to)

    number = standing(max(rows)) if rows else 0
    champion = rows[number]["model"] if rows else None
    while earlier := max((other for other in rows if other < number), default=0):
        number = standing(earlier)
        if not rows[number]["forgotten"] and rows[number]["model"] != champion:
            return rows[number]
    return None


def _newest_comparison(
    connection: sa.Connection, champion: str, candidate: str
) -> sa.RowMapping | None:
    query = (
        sa.select(comparisons.c.digest, comparisons.c.gates)
        .where(comparisons.c.champion == champion, comparisons.c.candidate == candidate)
        .order_by(comparisons.c.made_at.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()


def _gate_problem(compared: sa.RowMapping | None) -> str | None:
    """Say what stands in the way of a promotion."""
    if compared is None:
        return (
            "was not compared with the model in use; compare the two, or override the gates with "
            "a reason"
        )
    failed = [gate for gate in _gates(compared["gates"]) if not gate.passed]
    if not failed:
        return None
    found = "; ".join(f"{gate.name}, found {gate.found}" for gate in failed)
    return f"fails a gate ({found}); override it with a reason if it is to be promoted all the same"


def _row(connection: sa.Connection, digest: str) -> sa.RowMapping | None:
    found = connection.execute(sa.select(models).where(models.c.digest == digest))
    return found.mappings().first()


def _one(connection: sa.Connection, digest: str) -> RegisteredModel:
    row = _row(connection, digest)
    if row is None:
        raise InputError(digest, "is no model of this store")
    return _registered(row)


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("name", "folder")}


def _registered(row: sa.RowMapping) -> RegisteredModel:
    facts = {name: row[name] for name in _FACTS} | {"folder": Path(row["folder"])}
    return RegisteredModel(
        **facts,
        added_by=row["added_by"],
        added_at=row["added_at"],
        figures=None if row["figures"] is None else Figures(**row["figures"]),
        comparison=row["comparison"] or "",
    )


def _gates(stored: list[dict[str, Any]]) -> tuple[GateResult, ...]:
    return tuple(GateResult(**one) for one in stored)


def _promotion(row: sa.RowMapping) -> Promotion:
    values = {name: row[name] for name in row if name != "comparison"}
    values |= {"gates": _gates(row["gates"]), "replaced": row["replaced"] or ""}
    return Promotion(**values)
