"""`cmdiad demo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._batch import LARGEST_SEED, Leftovers
from cmdiad_core.cli._progress import shown_progress
from cmdiad_core.errors import InputError

if TYPE_CHECKING:
    from cmdiad_core.workflows.demo import Demo


def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Write a report and pictures, open no window.")
    ] = False,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the demo is kept.")] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=LARGEST_SEED, help="Decides what the parts look like.")
    ] = 0,
) -> None:
    """Make demo parts, train, inspect and open the window on the flagged ones.

    Without a display it leaves a report and pictures of the window. What an earlier run of the
    same seed and version made is used again.
    """
    from cmdiad_core._display import display_problem
    from cmdiad_core.workflows.demo import default_folder, prepare_demo

    leftovers = Leftovers()
    folder = out or default_folder(seed)
    with shown_progress() as progress:
        made = prepare_demo(folder, seed, progress=progress, skipped=leftovers)
    typer.echo(f"{'Using the earlier demo' if made.reused else 'The demo is'} in {made.folder}")
    problem = display_problem()
    if headless or problem:
        if not headless:
            typer.echo(f"No window can be opened: {problem}.", err=True)
        _show_files(made, leftovers)
        leftovers.settle()
        return
    from app.application import run

    raise typer.Exit(run(made.model, [made.data]))


def _show_files(made: Demo, leftovers: Leftovers) -> None:
    from cmdiad_core.detector import Detector
    from cmdiad_core.workflows.inspect import REPORT, inspect

    with shown_progress() as progress:
        inspect(
            Detector.load(made.model),
            [made.data],
            using=None,
            out=made.report,
            progress=progress,
            skipped=leftovers,
        )
    typer.echo(f"Report: {made.report / REPORT}")
    typer.echo("Taking pictures of the window …", err=True)
    try:
        from app.capture import capture

        pictures = capture(made.model, [made.data], made.report)
    except (ImportError, InputError) as error:
        # The report says the same, and a machine without Qt's libraries can have no pictures.
        typer.echo(f"No pictures of the window: {error}", err=True)
        return
    for picture in pictures:
        typer.echo(f"Picture: {picture}")
