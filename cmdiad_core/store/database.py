"""One database, which every door to it shares."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from cmdiad_core.store.opening import default_place, open_engine, told


class Database:
    """Transactions on the database of a store.

    Every method may be called from any thread, and what was written is on the disk when
    `writing` is left.

    Parameters
    ----------
    address : str or Path or None
        A file, made where there is none, or an SQLAlchemy URL; None for the user's own store.

    Attributes
    ----------
    where : str
        The address without its password, for messages.

    Raises
    ------
    InputError
        By the constructor and by every method: the database cannot be read or written. Nothing
        is written by halves.
    """

    def __init__(self, address: str | Path | None = None) -> None:
        self._engine, self.where = open_engine(address or default_place())

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one state of the database."""
        with told(self.where), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection whose transaction is written whole, or not at all."""
        with (
            told(self.where),
            self._engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            yield connection


@contextmanager
def uncollected() -> Iterator[None]:
    """Make many objects without looking for garbage."""
    # Every few hundred new objects would start a walk over all there are, which more than doubles
    # the time; none of them is garbage.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
