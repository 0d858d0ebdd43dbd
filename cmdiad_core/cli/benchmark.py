"""`cmdiad benchmark mvtec3d`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._batch import LARGEST_SEED, Leftovers, names
from cmdiad_core.cli._language import LanguageOption
from cmdiad_core.cli._progress import shown_progress

if TYPE_CHECKING:
    from rich.table import Table

    from cmdiad_core.report.benchmark import BenchmarkTable

app = typer.Typer(help="Compare methods on public data sets.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    # Without a callback, Typer would drop the name of the only command.
    pass


@app.command()
def mvtec3d(
    root: Annotated[Path, typer.Argument(metavar="ROOT", help="Folder of the classes.")],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="For results and tables; a rerun goes on there.")
    ] = Path("benchmark"),
    reference: Annotated[
        bool, typer.Option("--reference", help="Reproduce the oddities of the published code.")
    ] = False,
    classes: Annotated[
        str | None, typer.Option(metavar="bagel,rope", help="These only, instead of all.")
    ] = None,
    pipelines: Annotated[
        str | None, typer.Option(metavar="dual,ours_dual", help="These only, instead of all.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Most parts a split, for a trial run.")
    ] = None,
    image_weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Of DINO ViT-B/8, instead of the cache's.")
    ] = None,
    cloud_weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Of Point-MAE, instead of the cache's.")
    ] = None,
    distillers: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Trained ones: f2f_rgb, f2f_cloud (or f2f for both), f2i_rgb, … .pth.",
        ),
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Of distillers trained here.")] = 100,
    share: Annotated[
        float, typer.Option(min=0.001, max=1, help="Of the patches kept in the paper's banks.")
    ] = 0.1,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Of every random choice.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, …")] = "auto",
    cache: Annotated[
        Path | None, typer.Option(metavar="DIR", help="For features; by default DIR/features.")
    ] = None,
    cache_size: Annotated[float, typer.Option(min=0, metavar="GB", help="Its bound.")] = 20.0,
    language: LanguageOption = "en",
) -> None:
    """Measure the paper's nine pipelines and the product's detector on MVTec 3D-AD.

    What was measured with the same options, files and version is not measured again. Classes,
    parts and distillers that cannot be used are named; the exit status is 2 then, though the
    others' results are written.
    """
    from rich.console import Console

    from cmdiad_core.distillation.map_training import Schedule
    from cmdiad_core.workflows.benchmark import Options, benchmark, known_methods

    options = Options(
        methods=known_methods() if pipelines is None else names(pipelines),
        cache=cache or out / "features",
        classes=() if classes is None else names(classes),
        limit=limit,
        reference=reference,
        share=share,
        seed=seed,
        schedule=Schedule(epochs=epochs, seed=seed),
        image_weights=image_weights,
        cloud_weights=cloud_weights,
        distillers=distillers,
        cache_size=cache_size,
        device=device,
    )
    leftovers = Leftovers()
    with shown_progress() as progress:
        table = benchmark(root, out, options, progress=progress, skipped=leftovers)
    Console().print(_means(table))
    typer.echo(f"By class, with published numbers: {out / 'benchmark.html'}, .md, .csv, .json")
    leftovers.settle()


def _means(table: BenchmarkTable) -> Table:
    from rich.table import Table

    from cmdiad_core.report.benchmark import EXACT, metric_title, number

    shown = Table(title=f"Mean of {', '.join(table.classes)}")
    shown.add_column("Pipeline", no_wrap=True)
    for metric in EXACT:
        shown.add_column(metric_title(metric), justify="right")
    found = {metric: {row[0]: row[2] for row in table.rows(metric)} for metric in EXACT}
    for method in table.methods:
        shown.add_row(method, *(number(found[metric].get(method)) for metric in EXACT))
    return shown
