from __future__ import annotations

import getpass
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cmdiad_core.errors import InputError
from cmdiad_core.people import PASSWORD

if TYPE_CHECKING:
    from cmdiad_core.store.database import Database

Person = Annotated[
    str,
    typer.Option(
        metavar="NAME", help=f"Who you are, for the audit trail; ${PASSWORD} saves being asked."
    ),
]
Place = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="The store; your own where not given.")
]


def named_store(store: str | None) -> str | None:
    """Return the address of a store that is to be read, as it was given.

    Raises
    ------
    InputError
        A file that is not there: a slip of the pen would be a new store with nothing in it.
    """
    if store is not None and "://" not in store and not Path(store).is_file():
        there = Path(store).exists()
        raise InputError(store or "--store", "is no file" if there else "is not there")
    return store


def signed_in(database: Database, person: str = "") -> str:
    """Return who works here: the name given or the account's, with the password where one is set.

    Raises
    ------
    InputError
        The password is wrong, or the person is no longer active, or has no name.
    """
    from cmdiad_core.store.users import Users

    name, users = person or _account(), Users(database)
    if users.has_password(name):
        password = os.environ.get(PASSWORD)
        if password is None:
            password = asked(f"Password of {name}")
        users.check(name, password)
    return name


def asked(what: str, **prompt: Any) -> str:
    """Return a password that somebody types.

    Raises
    ------
    InputError
        There is nobody who could.
    """
    with warnings.catch_warnings():
        # Without a terminal passwords come in by a pipe, and are not shown.
        warnings.simplefilter("ignore", getpass.GetPassWarning)
        try:
            return str(typer.prompt(what, hide_input=True, err=True, **prompt))
        except typer.Abort as error:
            if sys.stdin.isatty():
                raise
            problem = f"cannot be asked for without a terminal; put it into ${PASSWORD}"
            raise InputError(what, problem) from error


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise InputError("--person", "is needed; this system has no name for you") from error
