"""`cmdiad train`."""

from __future__ import annotations

from itertools import chain, combinations
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._batch import LARGEST_SEED, Leftovers, names
from cmdiad_core.cli._progress import shown_progress

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector


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
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Of every random choice.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, …")] = "auto",
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the model that MODEL holds already.")
    ] = False,
) -> None:
    """Train a model on the good parts of a data set.

    Parts that cannot be read are left out and named; the exit status is 2 then, though the model
    is written. It is 2, too, where MODEL holds a model already, and then nothing is done.
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
            replace=replace,
        )
    typer.echo(f"Model {detector.id} for {', '.join(detector.modalities)} is in {out}")
    typer.echo(_calibration(detector))
    leftovers.settle()


def _calibration(detector: Detector) -> str:
    """Return what the limits rest on, and whether that is enough for the rate asked."""
    count = min(len(scores) for scores in detector.calibration_scores.values())
    rate = detector.recipe.false_reject_rate
    said = f"{count} good parts calibrate it"
    if not detector.calibration_parts:
        said += ", those that it learned from in turn, because there is no validation split"
    if (count + 1) * rate < 1:
        said += (
            f"; too few to promise that at most {rate:.0%} of good parts are rejected, for which "
            f"{ceil(1 / rate) - 1} are needed"
        )
    names = sorted(detector.modalities)
    together = chain.from_iterable(combinations(names, n + 1) for n in range(len(names)))
    lacking = [" and ".join(one) for one in together if one not in detector.calibration_scores]
    if lacking:
        said += (
            f"; parts with {', or with '.join(lacking)}, cannot be inspected: none of those good "
            "parts has that"
        )
    return said


def _encoder(text: str) -> tuple[str, str]:
    modality, _, name = text.partition("=")
    if not (modality and name):
        raise typer.BadParameter(f"{text!r} is not of the form rgb=NAME", param_hint="--encoder")
    return modality, name
