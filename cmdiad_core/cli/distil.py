"""`cmdiad distil`."""

from pathlib import Path
from typing import Annotated

import typer

from cmdiad_core.cli._batch import LARGEST_SEED, Leftovers
from cmdiad_core.cli._progress import shown_progress


def distil(
    network: Annotated[str, typer.Argument(metavar="NETWORK", help="f2f, f2i or i2f.")],
    data: Annotated[list[Path], typer.Argument(metavar="CLASS...", help="Data sets, together.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the distiller.")],
    source: Annotated[
        str, typer.Option(metavar="rgb", help="What it reads: rgb or cloud; f2f learns both.")
    ] = "rgb",
    image_weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Of DINO ViT-B/8, instead of the cache's.")
    ] = None,
    cloud_weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Of Point-MAE, instead of the cache's.")
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Rounds over all parts.")] = 100,
    portion: Annotated[
        int, typer.Option(min=1, help="Parts computed at a time; fewer need less memory.")
    ] = 4,
    reference: Annotated[
        bool, typer.Option("--reference", help="Features with the oddities R5 and R10.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Of every random choice.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, …")] = "auto",
    cache_size: Annotated[float, typer.Option(min=0, metavar="GB", help="For features.")] = 20.0,
) -> None:
    """Train one of the paper's distillers on one class or on many together.

    An interrupted training goes on when the command is run again with the same parts, weights and
    options. A distiller of others is not replaced.
    """
    from cmdiad_core.array_cache import ArrayCache
    from cmdiad_core.detector.device import resolve_device
    from cmdiad_core.distillation.map_training import Schedule
    from cmdiad_core.reference import Backbones
    from cmdiad_core.workflows.distil import distil_classes

    leftovers = Leftovers()
    backbones = Backbones.load(
        image_weights, cloud_weights, device=resolve_device(device), reference=reference
    )
    with shown_progress() as progress:
        path = distil_classes(
            network,
            source,
            data,
            out,
            backbones,
            ArrayCache(out / "features", int(cache_size * 1e9), leftovers),
            schedule=Schedule(epochs=epochs, portion=portion, seed=seed),
            progress=progress,
            skipped=leftovers,
        )
    typer.echo(f"The distiller is {path}")
    leftovers.settle()
