"""Strokes keep the pixels they change instead of their whole box."""

import zlib
from typing import Any

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Write the boxes of old strokes as runs."""
    op.add_column("strokes", sa.Column("changes", sa.LargeBinary, server_default=""))
    names = "edit", "top", "left", "bottom", "right", "old", "new"
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in names]
    strokes = sa.table("strokes", *columns, sa.column("changes"))
    bind = op.get_bind()
    for edit in bind.scalars(sa.select(strokes.c.edit)).all():
        row = bind.execute(sa.select(*columns).where(strokes.c.edit == edit)).one()
        shape = row.bottom - row.top, row.right - row.left
        old, new = (
            np.frombuffer(zlib.decompress(one), np.uint8).reshape(shape)
            for one in (row.old, row.new)
        )
        changed = old != new
        steps = np.diff(changed.astype(np.int8), axis=1, prepend=0, append=0)
        (rows, begins), (_, ends) = np.nonzero(steps == 1), np.nonzero(steps == -1)
        # A stroke gives every pixel the same value.
        value = int(new[changed][0])
        numbers = [np.diff(one, prepend=0) for one in (rows, begins, ends)]
        held = old[changed]
        stretches = np.append(np.flatnonzero(held[1:] != held[:-1]) + 1, held.size)
        head = [value, len(rows), len(stretches)]
        table = np.concatenate([head, *numbers, stretches]).astype("<i4")
        content = zlib.compress(table.tobytes() + held[stretches - 1].tobytes(), 1)
        changes = sa.update(strokes).where(strokes.c.edit == edit).values(changes=content)
        bind.execute(changes)
    with op.batch_alter_table("strokes") as batch:
        batch.drop_column("old")
        batch.drop_column("new")
        batch.alter_column("changes", nullable=False, server_default=None)
