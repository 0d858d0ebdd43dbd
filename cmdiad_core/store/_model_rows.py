"""Rows of models, comparisons and promotions, as objects and as the audit trail tells of them."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cmdiad_core.errors import InputError
from cmdiad_core.models import Figures, GateResult, Promotion, RegisteredModel
from cmdiad_core.store.schema import comparisons, models, promotions

#: What is known of a model from its folder.
FACTS = (
    *("digest", "id", "name", "folder", "parent"),
    *("accept_below", "reject_from", "megabytes", "parts"),
)


def model_told(row: sa.RowMapping) -> tuple[str, dict[str, Any]]:
    """Return the digest of a model and what the audit trail holds of it."""
    told = {name: row[name] for name in row if name != "added_at"}
    return row["digest"], {**told, "added_at": _moment(row["added_at"])}


def comparison_told(row: sa.RowMapping) -> tuple[str, dict[str, Any]]:
    """Return the digest of a comparison and what the audit trail holds of it."""
    content = hashlib.sha256(row["content"].encode()).hexdigest()
    told = {name: row[name] for name in ("champion", "candidate", "person", "gates")}
    return row["digest"], {**told, "content": content, "made_at": _moment(row["made_at"])}


def promotion_told(row: sa.RowMapping) -> tuple[str, dict[str, Any]]:
    """Return the digest of a promoted model and what the audit trail holds of the promotion."""
    told = {name: row[name] for name in row if name not in ("number", "model", "made_at")}
    return row["model"], {**told, "id": row["number"], "made_at": _moment(row["made_at"])}


def _moment(made_at: datetime) -> str:
    return made_at.isoformat(timespec="microseconds")


def newest_number(connection: sa.Connection) -> int:
    """Return the number of the newest promotion or roll-back, 0 where there is none."""
    return connection.scalar(sa.select(sa.func.max(promotions.c.number))) or 0


def digest_in_use(connection: sa.Connection) -> str | None:
    """Return the digest of the model in use, None where there is none."""
    newest = sa.select(promotions.c.model).order_by(promotions.c.number.desc()).limit(1)
    return connection.scalar(newest)


def standing_before(connection: sa.Connection) -> sa.RowMapping | None:
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


def newest_comparison(
    connection: sa.Connection, champion: str, candidate: str
) -> sa.RowMapping | None:
    """Return digest and gates of the newest comparison of two models, None where there is none."""
    query = (
        sa.select(comparisons.c.digest, comparisons.c.gates)
        .where(comparisons.c.champion == champion, comparisons.c.candidate == candidate)
        .order_by(comparisons.c.made_at.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()


def gate_problem(compared: sa.RowMapping | None) -> str | None:
    """Say what stands in the way of a promotion."""
    if compared is None:
        return (
            "was not compared with the model in use; compare the two, or override the gates with "
            "a reason"
        )
    standing = [gate for gate in to_gates(compared["gates"]) if not gate.passed]
    failed = [f"{gate.name}, found {gate.found}" for gate in standing if gate.tested]
    untested = [f"{gate.name}: {gate.found}" for gate in standing if not gate.tested]
    anyway = "override it with a reason if it is to be promoted all the same"
    if failed:
        return f"fails a gate ({'; '.join(failed)}); {anyway}"
    if untested:
        return f"was not tested at a gate ({'; '.join(untested)}); {anyway}"
    return None


def find_row(connection: sa.Connection, digest: str) -> sa.RowMapping | None:
    """Return the row of a model, forgotten ones too."""
    found = connection.execute(sa.select(models).where(models.c.digest == digest))
    return found.mappings().first()


def find_model(connection: sa.Connection, digest: str) -> RegisteredModel:
    """Return a model that is not forgotten.

    Raises
    ------
    InputError
        There is none.
    """
    row = find_row(connection, digest)
    if row is None or row["forgotten"]:
        raise InputError(digest, "is no model of this store")
    return to_model(row)


def to_model(row: sa.RowMapping) -> RegisteredModel:
    """Return a row of `models` as an object."""
    facts = {name: row[name] for name in FACTS} | {"folder": Path(row["folder"])}
    return RegisteredModel(
        **facts,
        added_by=row["added_by"],
        added_at=row["added_at"],
        figures=None if row["figures"] is None else Figures(**row["figures"]),
        comparison=row["comparison"] or "",
    )


def to_gates(stored: list[dict[str, Any]]) -> tuple[GateResult, ...]:
    """Return the gates of a comparison or promotion as objects."""
    return tuple(GateResult(**one) for one in stored)


def to_promotion(row: sa.RowMapping) -> Promotion:
    """Return a row of `promotions` as an object."""
    values = {name: row[name] for name in row if name != "comparison"}
    values |= {"gates": to_gates(row["gates"]), "replaced": row["replaced"] or ""}
    return Promotion(**values)
