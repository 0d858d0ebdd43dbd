"""`cmdiad weights list | get | import | verify`."""

from pathlib import Path
from typing import Annotated

import typer

from cmdiad_core.cli._batch import Leftovers
from cmdiad_core.cli._progress import shown_progress
from cmdiad_core.errors import InputError

app = typer.Typer(help="Pretrained weights: fetch, import and check them.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List the published weights and what is known of those on this machine."""
    from cmdiad_core.encoders import published_weights
    from cmdiad_core.weights import cache_folder, record

    typer.echo(f"Kept in {cache_folder()}")
    for one in published_weights():
        known = record(one)
        get = f'not here; "cmdiad weights get {one.name}" fetches it'
        here = f"here, from {known.source}, SHA-256 {known.source_sha256}" if known else get
        # Lines and no table: addresses and digests stay whole and can be copied.
        typer.echo(f"\n{one.name}: {here}")
        typer.echo(f"  licence       {one.licence}")
        typer.echo(f"  published at  {one.address}")
        typer.echo(f"  SHA-256       {one.sha256 or 'not known, recorded at first download'}")


@app.command()
def get(
    name: Annotated[str, typer.Argument(metavar="NAME", help='As in "cmdiad weights list".')],
) -> None:
    """Download weights from their authors; an interrupted download goes on."""
    from cmdiad_core.encoders import published_weights
    from cmdiad_core.weights import download, record

    known = {one.name: one for one in published_weights()}
    if name not in known:
        raise InputError(f"weights {name}", f"are not known; there are {', '.join(known)}")
    if record(known[name]) is None:
        with shown_progress() as progress:
            download(known[name], progress)
    typer.echo(f"{name} is here")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A checkpoint of any of them.")],
) -> None:
    """Take weights from a file, for machines without internet; it is recognised and left as is."""
    from cmdiad_core.encoders import published_weights
    from cmdiad_core.weights import import_file

    weights = import_file(file, published_weights())
    typer.echo(f"{file} holds {weights.name}, which is here now")


@app.command()
def verify() -> None:
    """Check the weights on this machine against the digests taken when they came."""
    from cmdiad_core.encoders import published_weights
    from cmdiad_core.weights import record, verify

    damaged = Leftovers()
    for one in published_weights():
        try:
            if record(one) is None:
                typer.echo(f"{one.name} is not here")
            else:
                verify(one)
                typer.echo(f"{one.name} is as it came")
        except InputError as error:
            damaged(error)
    damaged.settle()
