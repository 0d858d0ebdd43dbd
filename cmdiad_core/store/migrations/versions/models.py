"""Models, their comparisons and promotions."""

import sqlalchemy as sa
from alembic import op

from cmdiad_core.store._keeping import keep

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "comparisons",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("champion", sa.String(64), nullable=False),
        sa.Column("candidate", sa.String(64), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("gates", sa.JSON, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "models",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("parent", sa.Text, nullable=False),
        sa.Column("accept_below", sa.Float, nullable=False),
        sa.Column("reject_from", sa.Float, nullable=False),
        sa.Column("megabytes", sa.Float, nullable=False),
        sa.Column("parts", sa.JSON, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.Column("figures", sa.JSON),
        sa.Column("comparison", sa.String(64), sa.ForeignKey("comparisons.digest")),
        sa.Column("forgotten", sa.Boolean, nullable=False),
    )
    op.create_table(
        "promotions",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("model", sa.String(64), sa.ForeignKey("models.digest"), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("replaced", sa.String(64), sa.ForeignKey("models.digest")),
        sa.Column("comparison", sa.String(64), sa.ForeignKey("comparisons.digest")),
        sa.Column("gates", sa.JSON, nullable=False),
        sa.Column("overridden", sa.Boolean, nullable=False),
        sa.Column("returns_to", sa.Integer, sa.ForeignKey("promotions.number")),
    )
    keep("comparisons")
    keep("promotions")
