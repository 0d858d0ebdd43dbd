"""`cmdiad inspect`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cmdiad_core.cli._batch import Leftovers, names, require_writable, write_json
from cmdiad_core.cli._language import LanguageOption
from cmdiad_core.cli._progress import shown_progress

if TYPE_CHECKING:
    from rich.table import Table

    from cmdiad_core.inspection import Inspection
    from cmdiad_core.sample import PartFiles
    from cmdiad_core.workflows.inspect import Findings

    Keep = Callable[[PartFiles, Inspection], None]


def inspect(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Model folder.")],
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files of parts, folders, data sets."),
    ],
    using: Annotated[
        str | None,
        typer.Option(metavar="rgb", help="Look at these only, e.g. rgb or rgb,cloud."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write overlays, reports and regions there.")
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the results there too.")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Keep what the model said in this store too."),
    ] = None,
    language: LanguageOption = "en",
) -> None:
    """Give score, p-value, verdict and defect regions of parts.

    Parts that cannot be read are left out and named; the exit status is 2 then, though the
    results of the others are shown and written. So it is with a store that cannot be written.
    """
    wanted = None if using is None else names(using)
    from rich.console import Console

    from cmdiad_core.detector import Detector
    from cmdiad_core.workflows.inspect import REPORT, inspect

    leftovers = Leftovers()
    require_writable(json)
    detector = Detector.load(model)
    with shown_progress() as progress, _keeping(store, model, leftovers) as kept:
        findings = inspect(
            detector, paths, using=wanted, out=out, progress=progress, skipped=leftovers, kept=kept
        )
    if json is not None:
        write_json(json, findings.to_json())
    if findings.records:
        Console().print(_table(findings))
    if any(record["regions"] for record in findings.records):
        Console().print(_regions(findings))
    if out is not None:
        typer.echo(f"Report: {out / REPORT}")
    leftovers.settle()


@contextmanager
def _keeping(address: str | None, model: Path, complain: Leftovers) -> Iterator[Keep]:
    """Give what keeps inspections in a store; nothing is kept where none is named."""
    if address is None:
        yield lambda part, inspection: None
        return
    from cmdiad_core.store import Store
    from cmdiad_core.store.model_files import folder_digest
    from cmdiad_core.workflows.inspection_log import InspectionLog

    with ExitStack() as stack:
        # Opened when there is something to keep: without a store parts are inspected all the same.
        log = InspectionLog(cache(lambda: stack.enter_context(closing(Store(address)))), complain)
        digest = folder_digest(model)
        yield lambda part, inspection: log.identify_and_add(part, digest, inspection)
        log.write()


def _table(findings: Findings) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(f"Model {findings.model}, {findings.device}"))
    # Folded, not cut: the end of an id is what tells parts apart.
    table.add_column("Part", overflow="fold")
    for heading in ("Using", "Predicting"):
        table.add_column(heading)
    for heading in ("Score", "p-value"):
        table.add_column(heading, justify="right")
    table.add_column("Verdict")
    for record in findings.records:
        table.add_row(
            escape(record["id"]),
            " + ".join(record["using"]),
            " + ".join(record["predicting"]) or "–",
            f"{record['score']:z.2f}",
            f"{record['p_value']:.3f}",
            record["verdict"],
        )
    return table


def _regions(findings: Findings) -> Table:
    """Return a row a region, of the parts that have any."""
    from rich.markup import escape
    from rich.table import Table

    regions = [region for record in findings.records for region in record["regions"]]
    in_pixels = any(region["area_mm2"] is None for region in regions)
    table = Table(title="Regions", caption="px: uncalibrated" if in_pixels else None)
    table.add_column("Part", overflow="fold")
    table.add_column("Score", justify="right")
    table.add_column("Seen by")
    table.add_column("Size", justify="right")
    table.add_column("Where")
    for record in findings.records:
        for number, region in enumerate(record["regions"]):
            table.add_row("" if number else escape(record["id"]), *_region(region))
    return table


def _region(region: dict[str, Any]) -> tuple[str, str, str, str]:
    """Return score, what saw it, size and place of a region."""
    row, column = region["peak"]
    size, place = f"{region['area_px']} px", f"row {row}, column {column}"
    if region["area_mm2"] is not None:
        size = f"{region['area_mm2']:.1f} mm²"
        if region["position_mm"]:
            place = ", ".join(f"{value:.1f}" for value in region["position_mm"]) + " mm"
    seen = f"{region['modality']} ({region['provenance']})"
    return f"{region['score']:z.2f}", seen, size, place
