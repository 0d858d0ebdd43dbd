"""Users, the audit trail, operating points, and where parts lie."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from cmdiad_core.edits import DefectType
from cmdiad_core.store._keeping import keep
from cmdiad_core.store._types import audit_type
from cmdiad_core.store.audit import ADOPTED, PROGRAM, record
from cmdiad_core.store.journal import digest, journal_rows
from cmdiad_core.store.schema import reviews, strokes

revision = "0003"
down_revision = "0002"

# As of this version; later tables are not there yet.
_BELONGING = {
    reviews: ("verdict", "comment", "model_id", "score", "model_verdict", "provenance"),
    strokes: ("defect_type", "top", "left", "bottom", "right", "changes"),
}


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "users",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("password", sa.Text),
    )
    op.create_table(
        "audit_trail",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
    )
    op.create_table(
        "places",
        sa.Column("part", sa.String(64), sa.ForeignKey("parts.hash"), primary_key=True),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("camera", sa.Text),
        sa.Column("registered", sa.Boolean, nullable=False),
    )
    op.create_table(
        "operating_points",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("model_id", sa.Text, nullable=False),
        sa.Column("accept_below", sa.Float, nullable=False),
        sa.Column("reject_from", sa.Float, nullable=False),
    )
    op.create_index("operating_points_of_model", "operating_points", ["model_id", "id"])
    _adopt(op.get_bind())
    for table in ("edits", "reviews", "strokes", "audit_trail", "operating_points"):
        keep(table)


def _adopt(bind: sa.Connection) -> None:
    # What was there before the trail is found again by its digest.
    found = digest(journal_rows(bind, _BELONGING))
    record(bind, person=PROGRAM, action=ADOPTED, subject="journal", after=found)
    names = "id", "name", "colour", "digit"
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in names]
    types = sa.select(*columns).select_from(sa.table("defect_types")).order_by(columns[0])
    for row in bind.execute(types).all():
        audit_type(bind, DefectType(*row), PROGRAM)
