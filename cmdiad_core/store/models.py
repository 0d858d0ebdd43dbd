"""The models of a store: which there are, how they did, which one is in use and why."""

import hashlib
import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from cmdiad_core.content import storable
from cmdiad_core.errors import InputError
from cmdiad_core.models import (
    GateResult,
    KeptComparison,
    ModelFacts,
    Promotion,
    RegisteredModel,
)
from cmdiad_core.people import Right
from cmdiad_core.store import _model_rows, audit
from cmdiad_core.store.database import Database
from cmdiad_core.store.model_files import require_intact
from cmdiad_core.store.schema import comparisons, models, promotions
from cmdiad_core.store.users import require


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
            return [_model_rows.to_model(row) for row in connection.execute(query).mappings()]

    def champion(self) -> RegisteredModel | None:
        """Return the model in use; whether it still lies there, `require_intact` says."""
        with self._database.reading() as connection:
            digest = _model_rows.digest_in_use(connection)
            return None if digest is None else _model_rows.find_model(connection, digest)

    def promotions(self) -> list[Promotion]:
        """Return every promotion and roll-back, oldest first."""
        query = sa.select(promotions).order_by(promotions.c.number)
        with self._database.reading() as connection:
            return [_model_rows.to_promotion(row) for row in connection.execute(query).mappings()]

    def latest_promotion(self) -> int:
        """Return the number of the newest promotion or roll-back, 0 where there is none."""
        with self._database.reading() as connection:
            return _model_rows.newest_number(connection)

    def comparison(self, digest: str) -> str:
        """Return the content of a comparison."""
        query = sa.select(comparisons.c.content).where(comparisons.c.digest == digest)
        with self._database.reading() as connection:
            return str(connection.execute(query).scalar_one())

    def gates(self, champion: str, candidate: str) -> tuple[GateResult, ...] | None:
        """Return the gates of the newest comparison of two models, None where there is none."""
        with self._database.reading() as connection:
            row = _model_rows.newest_comparison(connection, champion, candidate)
            return None if row is None else _model_rows.to_gates(row["gates"])

    def require_may_add(self, person: str) -> None:
        """Raise `InputError` where a person may not register models; asked before long work."""
        with self._database.reading() as connection:
            require(connection, person, Right.RETRAIN)

    def add(self, model: ModelFacts, person: str) -> None:
        """Register a model; one that is known already is known at its new place from then on."""
        place = {
            "name": storable(model.name),
            "folder": storable(os.path.abspath(model.folder)),  # noqa: PTH100
            "forgotten": False,
        }
        facts = {name: getattr(model, name) for name in _model_rows.FACTS}
        with self._database.writing() as connection:
            require(connection, person, Right.RETRAIN)
            known = _model_rows.find_row(connection, model.digest)
            if known is None:
                added = {"added_by": storable(person), "added_at": datetime.now(UTC)}
                row = {**facts, **added, **place, "parts": dict(model.parts)}
                change: sa.Insert | sa.Update = models.insert().values(row)
            elif all(known[name] == value for name, value in place.items()):
                return
            else:
                change = models.update().where(models.c.digest == model.digest).values(place)
            _write(connection, change, model.digest, person)

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
            one = sa.select(comparisons).where(comparisons.c.digest == digest)
            if connection.execute(one).first() is not None:
                return
            connection.execute(comparisons.insert().values({"digest": digest, **row}))
            subject, after = _model_rows.comparison_told(connection.execute(one).mappings().one())
            audit.record(
                connection, person=person, action="comparison", subject=subject, after=after
            )
            for model, figures in (
                (comparison.champion, comparison.champion_figures),
                (comparison.candidate, comparison.candidate_figures),
            ):
                if _model_rows.find_row(connection, model) is not None:
                    values = {"figures": asdict(figures), "comparison": digest}
                    change = models.update().where(models.c.digest == model).values(values)
                    _write(connection, change, model, person)

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
            model = _model_rows.find_model(connection, digest)
        require_intact(model)
        with self._database.writing() as connection:
            require(connection, person, Right.PROMOTE)
            champion = _model_rows.digest_in_use(connection)
            if champion == digest:
                raise InputError(model.name, "is the model in use already")
            compared, problem = None, None
            if champion is not None:
                compared = _model_rows.newest_comparison(connection, champion, digest)
                problem = _model_rows.gate_problem(compared)
            if problem is not None and not override:
                raise InputError(model.name, problem)
            _take(
                connection,
                "promote",
                digest,
                person,
                reason,
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
            latest, before = (
                _model_rows.newest_number(connection),
                _model_rows.standing_before(connection),
            )
            if before is None:
                raise InputError(self._database.where, "knows no model in use before this one")
            model = _model_rows.find_model(connection, before["model"])
        require_intact(model)
        with self._database.writing() as connection:
            require(connection, person, Right.PROMOTE)
            if _model_rows.newest_number(connection) != latest:
                raise InputError(model.name, "was not taken back; somebody promoted meanwhile")
            _take(
                connection,
                "rollback",
                model.digest,
                person,
                reason,
                replaced=_model_rows.digest_in_use(connection),
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
            model = _model_rows.find_model(connection, digest)
            if _model_rows.digest_in_use(connection) == digest:
                raise InputError(model.name, "is the model in use; promote another one first")
            change = models.update().where(models.c.digest == digest).values(forgotten=True)
            _write(connection, change, digest, person, reason)


def _take(
    connection: sa.Connection,
    action: str,
    model: str,
    person: str,
    reason: str,
    **content: Any,
) -> None:
    """Add a promotion or roll-back, to the trail too."""
    values = {
        "model": model,
        "person": storable(person),
        "reason": storable(reason),
        "made_at": datetime.now(UTC),
        **content,
    }
    added = connection.execute(promotions.insert().values(values).returning(promotions))
    subject, after = _model_rows.promotion_told(added.mappings().one())
    audit.record(
        connection,
        person=person,
        action=action,
        subject=subject,
        reason=reason,
        before={"model": content["replaced"]},
        after=after,
    )


def _write(
    connection: sa.Connection,
    change: sa.Insert | sa.Update,
    digest: str,
    person: str,
    reason: str = "",
) -> None:
    """Change what is known of a model, and tell the trail."""
    before = _model_rows.find_row(connection, digest)
    connection.execute(change)
    after = _model_rows.find_row(connection, digest)
    audit.record(
        connection,
        person=person,
        action="model",
        subject=digest,
        reason=reason,
        before=None if before is None else _model_rows.model_told(before)[1],
        after=None if after is None else _model_rows.model_told(after)[1],
    )


def _required(reason: str) -> str:
    if not reason.strip():
        raise InputError("reason", "is missing; say in a few words why")
    return reason.strip()
