"""Strokes say on which pixel grid of a part they lie, where there are several."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column; the strokes so far lie on the first grid, which is called by no name."""
    # Added in place: a table that is copied would lose its triggers.
    op.execute("ALTER TABLE strokes ADD COLUMN grid TEXT NOT NULL DEFAULT ''")
