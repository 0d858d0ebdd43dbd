"""How Alembic reaches the database: on the connection that `opening` hands over."""

from alembic import context

from cmdiad_core.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
