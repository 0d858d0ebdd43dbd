"""`cmdiad study`."""

from pathlib import Path
from typing import Annotated

import typer

from cmdiad_core.cli._batch import Leftovers
from cmdiad_core.cli._progress import shown_progress

app = typer.Typer(help="Find out why a model does what it does.", no_args_is_help=True)


@app.callback()
def _study() -> None:
    # With a callback, a single command keeps its name.
    pass


@app.command()
def asymmetry(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Model folder.")],
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Data set with known truth.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Write page and numbers there.")],
) -> None:
    """Say why prediction helps more from one modality than from the other.

    Parts that cannot be read are left out and named; the exit status is 2 then, though the
    others are compared.
    """
    from cmdiad_core.detector import Detector
    from cmdiad_core.workflows.asymmetry import REPORT, study_asymmetry

    leftovers = Leftovers()
    detector = Detector.load(model)
    with shown_progress() as progress:
        study = study_asymmetry(detector, data, out, progress=progress, skipped=leftovers)
    for sentence in (*study.findings, *study.missing):
        typer.echo(sentence)
    typer.echo(f"Report: {out / REPORT}")
    leftovers.settle()
