"""A PostgreSQL server of the tests' own, on loopback, in a folder that goes away."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import sqlalchemy as sa

NAME, PASSWORD = "cmdiad", "geheim"


def why_not() -> str:
    """Return why no server can be started here; empty where one can."""
    if _programs() is None:
        return "PostgreSQL is not installed"
    if os.name != "posix":
        return "the server is started as on Linux"
    if os.getuid() == 0 and _account() is None:
        return "PostgreSQL does not run as root, and there is no user postgres"
    return ""


class Server:
    """Runs until `stop`."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cmdiad-postgresql-"))
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        self._as = {}
        if os.getuid() == 0 and (account := _account()) is not None:
            for path in (self._folder, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
            self._as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._numbers = count()
        self._template = ""
        initdb = [str(_programs() / "initdb"), "--no-sync", "--encoding=UTF8", "--no-locale"]
        initdb += ["--auth=scram-sha-256", f"--username={NAME}", f"--pwfile={secret}"]
        self._run([*initdb, str(self._folder / "data")])
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
        }
        start = [str(_programs() / "postgres"), "-D", str(self._folder / "data")]
        start += ["-p", str(self._port)]
        for name, value in settings.items():
            start += ["-c", f"{name}={value}"]
        self._process = subprocess.Popen(
            start,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._as,
        )
        self._wait()

    def address(self, database: str, name: str = NAME, password: str = PASSWORD) -> str:
        """Return the address of a database."""
        return f"postgresql://{name}:{password}@127.0.0.1:{self._port}/{database}"

    def new_database(self, template: str = "template1") -> str:
        """Make a database and return its name."""
        name = f"store{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def new_store(self) -> str:
        """Make a store and return the name of its database; the tables are made only once."""
        if not self._template:
            from cmdiad_core.store import Store

            template = self.new_database()
            Store(self.address(template)).close()
            self._template = template
        return self.new_database(self._template)

    def drop(self, database: str) -> None:
        """Remove a database, whoever still uses it."""
        self.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Do what only the owner of the server does."""
        address = self.address(database).replace("postgresql:", "postgresql+pg8000:")
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def stop(self) -> None:
        """End the server and remove everything it wrote."""
        self._process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        self._process.wait(30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, command: list[str]) -> None:
        subprocess.run(command, cwd=self._folder, check=True, capture_output=True, **self._as)

    def _wait(self) -> None:
        for _ in range(200):
            try:
                return self.execute("SELECT 1")
            except sa.exc.DBAPIError:
                time.sleep(0.05)
        raise TimeoutError("PostgreSQL did not start")


def _account() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


def _programs() -> Path | None:
    # Debian keeps them apart by version and out of the path.
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if found := shutil.which("initdb"):
        places.append(Path(found).resolve().parent)
    return places[-1] if places else None
