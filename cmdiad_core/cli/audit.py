"""`cmdiad audit`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._batch import require_writable
from cmdiad_core.cli._person import Place
from cmdiad_core.errors import InputError

if TYPE_CHECKING:
    from cmdiad_core.store.audit import Entry
    from cmdiad_core.store.audit_trail import AuditTrail

app = typer.Typer(help="Who did what, when and why, in a store.", no_args_is_help=True)

BROKEN = 3
#: More would only repeat that everything is wrong.
_NAMED = 20


@app.command("verify")
def verify(
    store: Place = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="JSON lines that `export` wrote earlier: is all of it still there?"
        ),
    ] = None,
) -> None:
    """Find what was changed, removed or added behind the back of the audit trail.

    Exit status: 0 where it is whole, 3 where it is not, 2 where something given cannot be used.
    """
    with _opened(store) as trail:
        examined = trail.verify(against)
    for problem in examined.problems[:_NAMED]:
        typer.echo(problem)
    if (more := len(examined.problems) - _NAMED) > 0:
        typer.echo(f"and {more} more")
    if examined.problems:
        typer.echo("The audit trail is broken.")
        raise typer.Exit(BROKEN)
    typer.echo(f"The audit trail is whole; {_newest(examined.newest)}")


@app.command("export")
def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="JSON lines; a table where it ends in .csv.")
    ],
    store: Place = None,
) -> None:
    """Write every entry to a file; keep it, or the number and hash shown, where nobody writes."""
    require_writable(file)
    with _opened(store) as trail:
        newest = trail.export(file)
    typer.echo(f"Written to {file}; {_newest(newest)}")


def _newest(entry: Entry | None) -> str:
    return "it is empty" if entry is None else f"newest entry {entry.id}, hash {entry.hash}"


@contextmanager
def _opened(store: str | None) -> Iterator[AuditTrail]:
    from cmdiad_core.store.audit_trail import AuditTrail
    from cmdiad_core.store.database import Database
    from cmdiad_core.store.opening import default_place

    place = store or str(default_place())
    if "://" not in place and not Path(place).is_file():
        # A new one would be whole.
        raise InputError(place, "is not there")
    database = Database(place)
    try:
        yield AuditTrail(database)
    finally:
        database.close()
