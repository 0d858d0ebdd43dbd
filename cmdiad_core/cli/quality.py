"""`cmdiad quality`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._batch import require_writable, write_json
from cmdiad_core.cli._language import LanguageOption
from cmdiad_core.cli._person import named_store

if TYPE_CHECKING:
    from rich.table import Table

    from cmdiad_core.report.quality import Section


def quality(
    store: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="The store; your own where none is named."),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="MODEL",
            help="Model folder: only what this model said counts, and the scores of accepted "
            "parts are compared with its calibration.",
        ),
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the numbers there too.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page there too.")
    ] = None,
    language: LanguageOption = "en",
) -> None:
    """Show false rejects and escapes by week, drift of scores, agreement, and blind studies."""
    from rich.console import Console

    from cmdiad_core.report.quality import sections, write_quality
    from cmdiad_core.store import Store
    from cmdiad_core.workflows.quality import Calibrated, measure_quality

    require_writable(json, html)
    opened = Store(named_store(store))
    try:
        calibrated = None
        if model is not None:
            from cmdiad_core.detector import Detector

            calibrated = Calibrated.of(Detector.load(model), opened)
        found = measure_quality(opened, calibrated)
    finally:
        opened.close()
    console = Console()
    for one in sections(found):
        console.rule(one.title, align="left")
        for sentence in one.sentences:
            console.print(sentence, markup=False, highlight=False)
        if one.rows:
            console.print(_table(one))
    if json is not None:
        write_json(json, found.to_json())
    if html is not None:
        write_quality(found, html)


def _table(section: Section) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for place, head in enumerate(section.heads):
        table.add_column(head, justify="right" if place else "left")
    for row in section.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
