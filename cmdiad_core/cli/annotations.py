"""`cmdiad annotations`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cmdiad_core.cli._person import Person, Place, named_store, signed_in
from cmdiad_core.cli._progress import shown_progress
from cmdiad_core.errors import InputError

app = typer.Typer(help="Marked defects as files of other programs.", no_args_is_help=True)

Data = Annotated[Path, typer.Argument(metavar="DATA", help="Data set that was marked.")]
Kind = Annotated[str, typer.Option("--format", help="mvtec, coco or labelme.")]


@app.command("export")
def export(
    data: Data,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the files go.")],
    kind: Kind = "mvtec",
    store: Place = None,
) -> None:
    """Write the defects that were marked in the workbench."""
    from cmdiad_core.data.layouts import open_dataset
    from cmdiad_core.store import Store
    from cmdiad_core.workflows.annotations import export_annotations

    parts = open_dataset(data).parts
    with shown_progress() as progress:
        written = export_annotations(parts, Store(named_store(store)), kind, out, progress)
    typer.echo(f"Annotations of {written} parts written to {out}")


@app.command("import")
def import_(
    data: Data,
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="File or folder.")],
    kind: Kind = "mvtec",
    store: Place = None,
    person: Person = "",
    add_types: Annotated[
        bool, typer.Option("--add-types", help="Add defect types that are not there yet.")
    ] = False,
) -> None:
    """Take marked defects in; they replace those of the parts they speak of."""
    from cmdiad_core.annotation.formats import UnknownTypesError
    from cmdiad_core.data.layouts import open_dataset
    from cmdiad_core.store import Store
    from cmdiad_core.workflows.annotations import import_annotations

    opened = Store(store)
    who = signed_in(opened.database, person)
    parts = open_dataset(data).parts
    try:
        with shown_progress() as progress:
            changed = import_annotations(
                parts, opened, who, kind, source, progress, add_types=add_types
            )
    except UnknownTypesError as error:
        raise InputError(source, f"{error.problem}; --add-types adds them") from error
    typer.echo(f"Marks changed on {changed} parts")
