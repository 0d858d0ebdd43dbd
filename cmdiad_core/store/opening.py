"""Open a database, bring its tables up to date, and say in one sentence what is wrong with it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from cmdiad_core.errors import InputError
from cmdiad_core.resources import resource
from cmdiad_core.store.schema import defect_types

#: Seconds that a writer waits for another one.
PATIENCE_S = 2.0

_SQLITE_PROBLEMS = {
    "SQLITE_BUSY": "is being written by another program; try again in a moment",
    "SQLITE_LOCKED": "is being written by another program; try again in a moment",
    "SQLITE_READONLY": "cannot be written; check the permissions of the file and of its folder",
    "SQLITE_FULL": "cannot be written, the disk is full; free some space and try again",
    "SQLITE_CANTOPEN": "cannot be opened or made; check the permissions of its folder",
    "SQLITE_NOTADB": "is not a store of cmdiad; move it away",
    "SQLITE_CORRUPT": "is damaged; put a backup in its place",
}


_SQLITE_SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -65536",  # KiB
)


def default_place() -> Path:
    """Return the file of the user's own store; it need not exist."""
    return platformdirs.user_data_path("cmdiad") / "store.sqlite"


def open_engine(address: str | Path) -> tuple[sa.Engine, str]:
    """Open a database and bring its tables up to date.

    Parameters
    ----------
    address : str or Path
        A file, made where there is none, or an SQLAlchemy URL.

    Returns
    -------
    engine : Engine
        Transactions with the execution option ``writing`` take the lock at their beginning.
    where : str
        The address without its password, for messages.

    Raises
    ------
    InputError
        It cannot be opened or written, is of a newer version, or is not a store.
    """
    url, where = _url(address)
    options: dict[str, Any] = {}
    if url.get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": PATIENCE_S}
    try:
        engine = sa.create_engine(url, **options)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise InputError(where, f"cannot be used as a database ({error})") from error
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    try:
        with told(where):
            _migrate(engine, where)
    except BaseException:
        engine.dispose()
        raise
    return engine, where


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn what the database says into an `InputError` about `where`."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise InputError(where, _problem(error.orig)) from error


def _problem(error: BaseException | None) -> str:
    if isinstance(error, sqlite3.Error):
        # Extended codes follow the plain one: SQLITE_READONLY_DIRECTORY.
        name = getattr(error, "sqlite_errorname", "")
        for code, problem in _SQLITE_PROBLEMS.items():
            if name.startswith(code):
                return problem
    first_line = str(error).strip().partition("\n")[0]
    return f"cannot be used ({first_line})"


def _url(address: str | Path) -> tuple[sa.URL, str]:
    if isinstance(address, str) and "://" in address:
        try:
            url = sa.make_url(address)
        except sa.exc.ArgumentError as error:
            raise InputError(address, "is no address of a database") from error
        return url, url.render_as_string(hide_password=True)
    path = Path(address)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(path, f"cannot be made ({error.strerror or error})") from error
    return sa.URL.create("sqlite", database=str(path)), str(path)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # The driver would begin transactions by itself, and too late.
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later fails when somebody wrote in between.
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _migrate(engine: sa.Engine, where: str) -> None:
    config = Config()
    scripts = str(Path(__file__).parent / "migrations").replace("%", "%%")
    config.set_main_option("script_location", scripts)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise InputError(where, "was written by a newer version of cmdiad; update cmdiad to use it")
    if current == ScriptDirectory.from_config(config).get_current_head():
        return
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        # Another window may have made the tables since.
        current = MigrationContext.configure(connection).get_current_revision()
        if current is None and sa.inspect(connection).get_table_names():
            raise InputError(where, "is the database of another program; name another file")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if current is None:
            defaults = json.loads(resource("store/defect_types.json").read_text("utf-8"))
            connection.execute(defect_types.insert(), defaults)
