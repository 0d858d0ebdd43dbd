"""`cmdiad train`."""

from pathlib import Path
from typing import Annotated

import typer

from cmdiad_core.cli._batch import Leftovers, names
from cmdiad_core.cli._progress import shown_progress


def train(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Data set with good parts.")],
    out: Annotated[Path, typer.Option(metavar="MODEL", help="Model folder to be written.")],
    modalities: Annotated[
        str | None, typer.Option(metavar="rgb,cloud", help="Use these only, instead of all.")
    ] = None,
    encoder: Annotated[
        list[str] | None,
        typer.Option(
            metavar="rgb=NAME[:WEIGHTS]",
            help='Encoder of a modality; may be repeated. "cmdiad encoders" lists them.',
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of every random choice.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, …")] = "auto",
) -> None:
    """Train a model on the good parts of a data set.

    Parts that cannot be read are left out and named; the exit status is 2 then, though the model
    is written.
    """
    wanted = None if modalities is None else names(modalities)
    encoders = dict(_encoder(entry) for entry in encoder or ())
    from cmdiad_core.workflows.train import train

    leftovers = Leftovers()
    with shown_progress() as progress:
        detector = train(
            data,
            out,
            wanted=wanted,
            encoders=encoders,
            seed=seed,
            device=device,
            progress=progress,
            skipped=leftovers,
        )
    typer.echo(f"Model {detector.id} for {', '.join(detector.modalities)} is in {out}")
    leftovers.settle()


def _encoder(text: str) -> tuple[str, str]:
    modality, _, name = text.partition("=")
    if not (modality and name):
        raise typer.BadParameter(f"{text!r} is not of the form rgb=NAME", param_hint="--encoder")
    return modality, name
