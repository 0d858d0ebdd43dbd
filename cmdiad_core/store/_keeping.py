"""Triggers on tables whose rows are only ever added."""

from alembic import op


def keep(table: str) -> None:
    """Refuse changes of rows that are there, from within a migration."""
    # An honest program cannot change the past by mistake; whoever drops the trigger is found by
    # the trail. Moving a table, as batch_alter_table does on SQLite, loses it: make it again.
    problem = f"rows of {table} are never changed"
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{problem}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{problem}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"EXECUTE FUNCTION {table}_kept()"
    )


def release(table: str) -> None:
    """Allow changes of rows again, until `keep` is called in the same migration."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{change}")
        return
    op.execute(f"DROP TRIGGER {table}_kept ON {table}")
    op.execute(f"DROP FUNCTION {table}_kept()")
