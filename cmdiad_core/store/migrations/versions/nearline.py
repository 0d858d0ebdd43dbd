"""Results of near-line stations."""

import sqlalchemy as sa
from alembic import op

from cmdiad_core.store._keeping import keep

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "nearline_results",
        sa.Column("edit", sa.Integer, sa.ForeignKey("edits.id"), primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("verdict", sa.String(8)),
        sa.Column("defect_type", sa.Text, nullable=False),
        sa.Column("merged", sa.String(64), sa.ForeignKey("parts.hash"), nullable=False),
        sa.Column("mask_digest", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("mask", sa.Text, nullable=False),
        sa.Column("stroke", sa.Integer, sa.ForeignKey("edits.id")),
    )
    op.create_index("nearline_results_of_merged", "nearline_results", ["merged"])
    keep("nearline_results")
