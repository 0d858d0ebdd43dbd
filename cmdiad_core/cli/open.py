"""`cmdiad open`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cmdiad_core.errors import InputError


def open_(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Parts or data sets.")
    ] = None,
    model: Annotated[Path | None, typer.Option(metavar="MODEL", help="A model folder.")] = None,
) -> None:
    """Open the window on a model and parts."""
    open_window(model, paths or [])


def open_window(model: Path | None, paths: Sequence[Path]) -> None:
    """Open the window and end with its exit status when it is closed.

    Raises
    ------
    InputError
        A path that does not exist, or no display.
    """
    for path in [*paths, *([model] if model else [])]:
        if not path.exists():
            raise InputError(path, "does not exist")
    from app.application import run

    raise typer.Exit(run(model, paths))
