"""Open a database, bring its tables up to date, and say in one sentence what is wrong with it."""

import json
import os
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

from cmdiad_core.edits import DefectType
from cmdiad_core.errors import InputError
from cmdiad_core.resources import resource
from cmdiad_core.store._types import add_type
from cmdiad_core.store.audit import PROGRAM

#: Environment variable with the address of the store.
ADDRESS = "CMDIAD_STORE"
#: Seconds that a writer waits for another one.
PATIENCE_S = 2.0
#: Seconds that a program waits for another one that makes or updates the tables.
_UPDATE_PATIENCE_S = 30.0

_SQLITE_PROBLEMS = {
    "SQLITE_BUSY": "is being written by another program; try again in a moment",
    "SQLITE_LOCKED": "is being written by another program; try again in a moment",
    "SQLITE_READONLY": "cannot be written; check the permissions of the file and of its folder",
    "SQLITE_FULL": "cannot be written, the disk is full; free some space and try again",
    "SQLITE_CANTOPEN": "cannot be opened or made; check the permissions of its folder",
    "SQLITE_NOTADB": "is not a store of cmdiad; move it away",
    "SQLITE_CORRUPT": "is damaged; put a backup in its place",
}


#: By SQLSTATE or the beginning of one.
_POSTGRESQL_PROBLEMS = {
    "28": "refuses this name or password; check the address",
    "3D000": "is not there; make an empty database of this name",
    "25006": "cannot be written; ask who runs the server",
    "42501": "may not be used so under this name; ask who runs the server for the right to",
    "55P03": "is being written by another program; try again in a moment",
    "53": "has no room left; free some space and try again",
    "57P": "is being stopped; try again in a moment",
}

#: Writers on a PostgreSQL server take turns by this key, as they do on SQLite: the chain of the
#: audit trail has one end.
_TURN = 0x636D64696164
#: Seconds until a server that does not answer is given up.
_ANSWER_S = 20

_SQLITE_SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -65536",  # KiB
)


def default_place() -> str | Path:
    """Return the user's own store: an address from the environment, or a file, where it lies.

    It need not exist.
    """
    if address := os.environ.get(ADDRESS):
        return address
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
    is_sqlite = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"connect_args": {"timeout": PATIENCE_S if is_sqlite else _ANSWER_S}}
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+pg8000")
        # The server may have been started anew since.
        options["pool_pre_ping"] = True
    try:
        engine = sa.create_engine(url, **options)
    except (sa.exc.ArgumentError, ImportError) as error:
        problem = f"cannot be used as a database ({error})"
        if getattr(error, "name", None) == "pg8000":
            problem = "needs the driver of PostgreSQL; pip install cmdiad[postgresql]"
        raise InputError(where, problem) from error
    if is_sqlite:
        sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite if is_sqlite else _begin_postgresql)
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
    if (state := _sqlstate(error)) is not None:
        for code, problem in _POSTGRESQL_PROBLEMS.items():
            if state.startswith(code):
                return problem
    if isinstance(error, Exception) and isinstance(error.__cause__, OSError):
        reason = error.__cause__.strerror or error.__cause__
        return f"no server answers ({reason}); check the address, and whether the server runs"
    first_line = str(error).strip().partition("\n")[0]
    return f"cannot be used ({first_line})"


def _sqlstate(error: BaseException | None) -> str | None:
    said = error.args[0] if error is not None and error.args else None
    return str(said["C"]) if isinstance(said, dict) and "C" in said else None


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
    options = connection.get_execution_options()
    if "patience" in options:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(1000 * options['patience'])}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")


def _begin_postgresql(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get("writing"):
        patience = options.get("patience", PATIENCE_S)
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(1000 * patience)}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


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
    update = engine.connect().execution_options(writing=True, patience=_UPDATE_PATIENCE_S)
    with update as connection, connection.begin():
        # Another window may have made the tables since.
        current = MigrationContext.configure(connection).get_current_revision()
        if current is None and sa.inspect(connection).get_table_names():
            raise InputError(where, "is the database of another program; name another file")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if current is None:
            defaults = json.loads(resource("store/defect_types.json").read_text("utf-8"))
            for number, one in enumerate(defaults, start=1):
                add_type(connection, DefectType(number, **one), PROGRAM)
    # Later connections are impatient again.
    engine.dispose()
