"""Kept limits know with which limits their model came: models of one id may differ in them."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from cmdiad_core.store._keeping import keep, release

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns, and fill them with what the first entry of the trail tells of each model."""
    for name in ("own_accept_below", "own_reject_from"):
        op.add_column("operating_points", sa.Column(name, sa.Float))
    bind = op.get_bind()
    names = "id", "action", "subject", "before"
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in names]
    kept = sa.select(*columns).select_from(sa.table("audit_trail"))
    kept = kept.where(columns[1] == "operating_point").order_by(columns[0])
    first: dict[str, str] = {}
    for _, _, model_id, before in bind.execute(kept):
        first.setdefault(model_id, before)
    release("operating_points")
    limits = sa.table(
        "operating_points",
        *(sa.column(name) for name in ("model_id", "own_accept_below", "own_reject_from")),
    )
    for model_id, before in first.items():
        own = {f"own_{name}": value for name, value in json.loads(before).items()}
        bind.execute(limits.update().where(limits.c.model_id == model_id).values(own))
    keep("operating_points")
