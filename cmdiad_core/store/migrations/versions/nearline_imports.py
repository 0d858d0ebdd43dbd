"""Which results of near-line stations were taken in together, and which strokes are theirs."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns; of older results they stay empty."""
    for name in ("batch", "last"):
        # Added in place: a table that is copied would lose its triggers.
        op.execute(f"ALTER TABLE nearline_results ADD COLUMN {name} INTEGER REFERENCES edits (id)")
