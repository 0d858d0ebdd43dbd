"""Blind studies."""

import sqlalchemy as sa
from alembic import op

from cmdiad_core.store._keeping import keep

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "studies",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("model_id", sa.Text, nullable=False),
    )
    op.create_table(
        "study_parts",
        sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("part", sa.String(64), sa.ForeignKey("parts.hash"), nullable=False),
        sa.Column("model_verdict", sa.String(12)),
        sa.Column("score", sa.Float),
        sa.Column("defective", sa.Boolean),
    )
    op.create_table(
        "study_answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("study", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(["study", "place"], ["study_parts.study", "study_parts.place"]),
    )
    op.create_index("study_answers_of_study", "study_answers", ["study", "id"])
    for table in ("studies", "study_parts", "study_answers"):
        keep(table)
