"""`cmdiad nearline rank`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._batch import Leftovers, names, require_writable, write_json
from cmdiad_core.cli._progress import shown_progress

if TYPE_CHECKING:
    from rich.table import Table

    from cmdiad_core.workflows.nearline_choice import NearLineList


def rank(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Model folder.")],
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Data set of the line.")],
    budget: Annotated[int, typer.Option(min=1, help="How many parts can be measured.")] = 10,
    using: Annotated[
        str | None,
        typer.Option(metavar="rgb", help="Look at these only, e.g. rgb or rgb,cloud."),
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the list there too.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as a table as well.")
    ] = None,
) -> None:
    """List the accepted parts that are most worth measuring near-line, with the reason.

    Undecided and rejected parts are stopped already and not on the list. Parts that cannot be
    read are left out and named; the exit status is 2 then.
    """
    wanted = None if using is None else names(using)
    from rich.console import Console

    from cmdiad_core.detector import Detector
    from cmdiad_core.workflows.nearline_choice import choose_near_line
    from cmdiad_core.writing import write_file

    leftovers = Leftovers()
    require_writable(json, csv)
    detector = Detector.load(model)
    with shown_progress() as progress:
        found = choose_near_line(
            detector, data, budget=budget, using=wanted, progress=progress, skipped=leftovers
        )
    if json is not None:
        write_json(json, found.to_json())
    if csv is not None:
        write_file(csv, found.to_csv().encode("utf-8", "replace"))
    Console().print(_table(found))
    leftovers.settle()


def _table(found: NearLineList) -> Table:
    from rich.markup import escape
    from rich.table import Table

    from cmdiad_core.inspection import Verdict

    counts = ", ".join(f"{verdict.value} {found.verdicts.get(verdict, 0)}" for verdict in Verdict)
    table = Table(title=f"Model {found.model}, in-line: {counts}")
    table.add_column("Rank", justify="right")
    # Folded, not cut: the end of an id is what tells parts apart.
    table.add_column("Part", overflow="fold")
    table.add_column("Score", justify="right")
    table.add_column("Why")
    for rank_, one in enumerate(found.sent, start=1):
        table.add_row(str(rank_), escape(one.part), f"{one.doubt.score:z.2f}", escape(one.why))
    return table
