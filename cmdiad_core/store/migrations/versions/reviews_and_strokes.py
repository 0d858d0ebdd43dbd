"""Parts, the journal with reviews and strokes, defect types."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "parts",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("first_read_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "files",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("modified_ns", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("part", sa.String(64), sa.ForeignKey("parts.hash"), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("software", sa.Text, nullable=False),
        sa.Column("target", sa.Integer, sa.ForeignKey("edits.id")),
    )
    op.create_index("edits_of_part", "edits", ["part", "kind", "id"])
    op.create_index("edits_of_person", "edits", ["person", "id"])
    op.create_index("edits_with_target", "edits", ["target", "id"])
    op.create_table(
        "reviews",
        sa.Column("edit", sa.Integer, sa.ForeignKey("edits.id"), primary_key=True),
        sa.Column("verdict", sa.String(8)),
        sa.Column("comment", sa.Text),
        sa.Column("model_id", sa.Text, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("model_verdict", sa.String(12)),
        sa.Column("provenance", sa.Text, nullable=False),
    )
    op.create_table(
        "defect_types",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("colour", sa.String(7), nullable=False),
        sa.Column("digit", sa.Integer, unique=True),
    )
    op.create_table(
        "strokes",
        sa.Column("edit", sa.Integer, sa.ForeignKey("edits.id"), primary_key=True),
        sa.Column("defect_type", sa.Integer, sa.ForeignKey("defect_types.id"), nullable=False),
        sa.Column("top", sa.Integer, nullable=False),
        sa.Column("left", sa.Integer, nullable=False),
        sa.Column("bottom", sa.Integer, nullable=False),
        sa.Column("right", sa.Integer, nullable=False),
        sa.Column("old", sa.LargeBinary, nullable=False),
        sa.Column("new", sa.LargeBinary, nullable=False),
    )
