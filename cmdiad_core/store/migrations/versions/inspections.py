"""Inspections."""

import sqlalchemy as sa
from alembic import op

from cmdiad_core.store._keeping import keep

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "inspections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("part", sa.String(64), sa.ForeignKey("parts.hash"), nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("model_id", sa.Text, nullable=False),
        sa.Column("provenance", sa.Text, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("p_value", sa.Float, nullable=False),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("software", sa.Text, nullable=False),
    )
    op.create_index("inspections_of_part", "inspections", ["part"])
    keep("inspections")
