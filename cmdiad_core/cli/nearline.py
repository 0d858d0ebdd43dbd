"""`cmdiad nearline`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli import nearline_rank
from cmdiad_core.cli._batch import Leftovers, require_writable, write_json
from cmdiad_core.cli._person import Person, Place, named_store, signed_in
from cmdiad_core.cli._progress import shown_progress
from cmdiad_core.errors import InputError

if TYPE_CHECKING:
    from cmdiad_core.edits import Opinion
    from cmdiad_core.workflows.nearline import Report, Taken

app = typer.Typer(help="Parts that are measured again near-line.", no_args_is_help=True)
app.command("rank")(nearline_rank.rank)


@app.command("import")
def import_(
    results: Annotated[
        Path, typer.Argument(metavar="PATH", help="Folder or manifest of what came back.")
    ],
    store: Place = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="INLINE", help="Data set of the line; all parts of the store if not given."
        ),
    ] = None,
    source: Annotated[
        str, typer.Option(metavar="WORDS", help="The station, such as: CT station.")
    ] = "near-line",
    serial: Annotated[
        str | None,
        typer.Option(
            metavar="REGEX", help="Finds the serial number in names; one group is around it."
        ),
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what was taken in there too.")
    ] = None,
    person: Person = "",
) -> None:
    """Add modalities and results of a near-line station to in-line parts of the same serial number.

    Parts that match none, or cannot be read, are left out and named; the exit status is 2 then,
    though the rest is taken in.
    """
    from cmdiad_core.data.layouts import open_dataset
    from cmdiad_core.store import Store
    from cmdiad_core.store.nearline import NearLine
    from cmdiad_core.workflows import nearline

    rule, leftovers = nearline.serial_rule(serial), Leftovers()
    require_writable(json)
    left_out: list[InputError] = []

    def skipped(error: InputError) -> None:
        left_out.append(error)
        leftovers(error)

    opened = Store(store)
    try:
        who = signed_in(opened.database, person)
        near = nearline.read_results(results)
        known = NearLine(opened.database).parts().values()
        inline = known if data is None else open_dataset(data).parts
        matches = nearline.match(near, inline, skipped, rule)
        with shown_progress() as progress:
            report = nearline.take_in(
                matches,
                opened,
                who,
                source=source,
                origin=results,
                progress=progress,
                skipped=skipped,
            )
    finally:
        opened.close()
    _tell(report)
    if report.number is not None:
        typer.echo(f"cmdiad nearline withdraw {report.number} takes them back")
    if json is not None:
        write_json(json, report.to_json(left_out))
    leftovers.settle()


@app.command()
def conflicts(store: Place = None) -> None:
    """List the parts of which a near-line station and a person say different things.

    A verdict that a person gives in the workbench settles one.
    """
    from cmdiad_core.store import Store
    from cmdiad_core.store.nearline import NearLine

    opened = Store(named_store(store))
    try:
        found = NearLine(opened.database).conflicts()
        for part, opinion in found.items():
            typer.echo(f"{opened.name(part)}: {_disagreement(opinion)}")
        if not found:
            typer.echo("Nowhere do a near-line station and a person say different things.")
    finally:
        opened.close()


@app.command()
def imports(store: Place = None) -> None:
    """List what was taken in, the newest first, with the numbers that `withdraw` takes."""
    from cmdiad_core.store import Store
    from cmdiad_core.store.nearline_imports import NearLineImports

    opened = Store(named_store(store))
    try:
        found = NearLineImports(opened.database).all()
        if not found:
            typer.echo("Nothing was taken in yet.")
        for one in found:
            end = "; withdrawn" if one.withdrawn else ""
            typer.echo(
                f"{one.number}: {one.parts} results of {one.source} from {one.origin}, taken in "
                f"by {one.person} on {one.made_at:%Y-%m-%d}{end}"
            )
    finally:
        opened.close()


@app.command()
def withdraw(
    number: Annotated[
        int, typer.Argument(metavar="NUMBER", help="Of the import, as `imports` lists it.")
    ],
    store: Place = None,
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why, for the audit trail.")] = "",
    person: Person = "",
) -> None:
    """Take back an import: its results, its strokes and the modalities that it added.

    What stood before stands again. The journal and the audit trail keep both.
    """
    from cmdiad_core.store import Store
    from cmdiad_core.store.nearline_imports import NearLineImports

    opened = Store(named_store(store))
    try:
        who = signed_in(opened.database, person)
        parts = NearLineImports(opened.database).withdraw(number, who, reason)
    finally:
        opened.close()
    typer.echo(f"{len(parts)} results of import {number} withdrawn")


def _disagreement(opinion: Opinion) -> str:
    said, result = opinion.verdict, opinion.nearline
    assert said is not None  # noqa: S101  (a conflict has both)
    assert result is not None  # noqa: S101
    kind = f" ({result.found.defect_type})" if result.found.defect_type else ""
    return (
        f"{said.person} said {said.verdict} on {said.made_at:%Y-%m-%d}; {result.found.source} says "
        f"{result.found.verdict}{kind}, taken in by {result.person} on {result.made_at:%Y-%m-%d}"
    )


def _tell(report: Report) -> None:
    for one in report.taken:
        if notes := _notes(one):
            typer.echo(f"{one.part}: {'; '.join(notes)}")
    disputed = sum(one.conflict for one in report.taken)
    typer.echo(
        f"{len(report.taken)} results of {report.source} taken in, {len(report.unchanged)} were "
        f"known; {disputed} contradict a person's verdict"
    )


def _notes(one: Taken) -> list[str]:
    notes = []
    if one.conflict:
        notes.append(f"{one.verdict} contradicts the verdict of a person, who has to decide")
    if one.added and not one.registered:
        notes.append(f"{' and '.join(one.added)} not registered with what the line measured")
    if one.marked is False:
        notes.append("its mask stays a file, because it lies on a pixel grid of its own")
    return notes
