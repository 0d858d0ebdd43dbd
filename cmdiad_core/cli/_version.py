from typing import Annotated

import typer

from cmdiad_core import __version__


def _show(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cmdiad {__version__}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", callback=_show, is_eager=True, help="Show the version.")
]
