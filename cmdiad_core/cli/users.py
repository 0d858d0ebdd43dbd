"""`cmdiad users`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._person import Person, Place, asked, named_store, signed_in
from cmdiad_core.errors import InputError
from cmdiad_core.people import Role, User

if TYPE_CHECKING:
    from cmdiad_core.store.users import Users

app = typer.Typer(help="Who may do what with a store.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="As in the journal.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why, for the audit trail.")]


@app.command("list")
def list_(store: Place = None) -> None:
    """Show everybody with their role."""
    with _opened(named_store(store)) as users:
        everybody = users.all()
        if not everybody:
            typer.echo("Nobody is entered: everybody may do everything.")
        for one in everybody:
            notes = [] if one.active else ["no longer active"]
            notes += ["password"] if users.has_password(one.name) else []
            typer.echo("  ".join([one.name, one.role, *notes]))


@app.command("set")
def set_(
    name: Name,
    role: Annotated[Role, typer.Argument(help="What they are from now on.")],
    reason: Reason = "",
    person: Person = "",
    store: Place = None,
) -> None:
    """Add a person, give them another role, or let one come back."""
    with _opened(store) as users:
        users.put(User(name, role), signed_in(users.database, person), reason)
    typer.echo(f"{name} is {role} now")


@app.command("deactivate")
def deactivate(name: Name, reason: Reason = "", person: Person = "", store: Place = None) -> None:
    """Let a person only look from now on; what they said stays."""
    with _opened(store) as users:
        user = next((one for one in users.all() if one.name == name), None)
        if user is None:
            raise InputError(name, "is no user of this store")
        users.put(replace(user, active=False), signed_in(users.database, person), reason)
    typer.echo(f"{name} may only look from now on")


@app.command("password")
def password(name: Name, reason: Reason = "", person: Person = "", store: Place = None) -> None:
    """Set the password of a person; an empty one takes it away."""
    with _opened(store) as users:
        by = signed_in(users.database, person)
        new = asked(
            f"New password of {name}", default="", show_default=False, confirmation_prompt=True
        )
        users.set_password(name, new, by, reason)
    typer.echo(f"{name} has {'a new' if new else 'no'} password")


@contextmanager
def _opened(store: str | None) -> Iterator[Users]:
    from cmdiad_core.store.database import Database
    from cmdiad_core.store.users import Users

    database = Database(store)
    try:
        yield Users(database)
    finally:
        database.close()
