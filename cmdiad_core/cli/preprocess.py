"""`cmdiad preprocess`."""

from pathlib import Path
from typing import Annotated

import typer

from cmdiad_core.cli._batch import Leftovers
from cmdiad_core.cli._progress import shown_progress


def preprocess(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Data set; only read.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the copy goes.")],
    plane_distance: Annotated[
        float,
        typer.Option(
            metavar="MM",
            min=0.01,
            max=1000,
            help="What is nearer to the plane below the part is background; "
            "less for thin parts, more for noisy sensors.",
        ),
    ] = 5.0,
    cluster_distance: Annotated[
        float,
        typer.Option(
            metavar="MM", min=0.01, max=1000, help="Surfaces nearer to each other are one part."
        ),
    ] = 6.0,
) -> None:
    """Write a copy of a data set in which everything but the part is blanked, as in the paper.

    An interrupted run goes on where it was. Parts that cannot be used are named; the exit status
    is 2 then, though the others are written.
    """
    from cmdiad_core.data.preprocessing import Distances
    from cmdiad_core.workflows.preprocess import preprocess

    leftovers = Leftovers()
    with shown_progress() as progress:
        copied = preprocess(
            data,
            out,
            distances=Distances(plane_distance / 1000, cluster_distance / 1000),
            progress=progress,
            skipped=leftovers,
        )
    before = f"; written before: {copied.kept}" if copied.kept else ""
    typer.echo(f"Parts written to {out}: {copied.written}{before}")
    if copied.without_cloud:
        how = (
            f"cut out by their own {' and '.join(copied.masked)}"
            if copied.masked
            else "copied whole, as no background shows around good parts"
        )
        every = len(copied.without_cloud) == copied.written + copied.kept
        which = "all" if every else ", ".join(copied.without_cloud)
        typer.echo(f"Without a cloud, {how}: {which}")
    leftovers.settle()
