"""`cmdiad evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._batch import Leftovers, require_writable, write_json
from cmdiad_core.cli._progress import shown_progress

if TYPE_CHECKING:
    from rich.table import Table

    from cmdiad_core.workflows.evaluate import Evaluation, PatternResult


def evaluate(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Model folder.")],
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Data set with known truth.")],
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the results there too.")
    ] = None,
) -> None:
    """Measure a model under every combination of modalities, with and without prediction.

    Parts that cannot be read are left out and named; the exit status is 2 then, though the
    results of the others are shown and written.
    """
    from rich.console import Console

    from cmdiad_core.detector import Detector
    from cmdiad_core.workflows.evaluate import evaluate

    leftovers = Leftovers()
    require_writable(json)
    detector = Detector.load(model)
    with shown_progress() as progress:
        evaluation = evaluate(detector, data, progress=progress, skipped=leftovers)
    Console().print(_table(evaluation))
    if json is not None:
        write_json(json, evaluation.to_json())
    leftovers.settle()


def _table(evaluation: Evaluation) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    title = escape(f"Model {evaluation.model} on {evaluation.data}, {evaluation.device}")
    # Nine columns whose words are whole in the 80 characters of a plain terminal.
    table = Table(title=title, box=SIMPLE_HEAD, padding=0)
    for heading in ("Using", "Predicting"):
        table.add_column(heading)
    metrics = ("Image\nAUROC", "Pixel\nAUROC", "AUPRO\n30 %", "AUPRO\n1 %")
    for heading in ("Good", "Defective", *metrics, "Seconds"):
        table.add_column(heading, justify="right")
    for result in evaluation.patterns:
        table.add_row(*_row(result))
    return table


def _row(result: PatternResult) -> list[str]:
    metrics = (result.image_auroc, result.pixel_auroc, result.aupro_30, result.aupro_01)
    return [
        " + ".join(result.using),
        " + ".join(result.predicting) or "–",
        str(result.n_good),
        str(result.n_defective),
        *("–" if value is None else f"{value:.3f}" for value in metrics),
        f"{result.median_seconds:.3f}",
    ]
