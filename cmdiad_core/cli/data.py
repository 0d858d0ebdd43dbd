"""`cmdiad data`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._batch import Leftovers, require_writable, write_json
from cmdiad_core.cli._progress import shown_progress

if TYPE_CHECKING:
    from rich.table import Table

    from cmdiad_core.workflows.check import Check, Group, Values

app = typer.Typer(help="Look at data sets.", no_args_is_help=True)

#: Parts named in one cell of the table; the JSON file has them all.
_MOST_NAMED = 4


@app.callback()
def _data() -> None:
    # With a callback, a single command keeps its name.
    pass


@app.command()
def check(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Data set.")],
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the findings there too.")
    ] = None,
) -> None:
    """Read everything in a data set and say what is there, what is missing and what is wrong.

    The exit status is 2 where a file cannot be read, though the rest is shown and written.
    """
    from rich.console import Console

    from cmdiad_core.workflows.check import check

    leftovers = Leftovers()
    require_writable(json)
    with shown_progress() as progress:
        found = check(data, progress=progress, skipped=leftovers)
    Console().print(_table(found))
    for note in found.notes:
        typer.echo(f"{note.part}: {note.note}")
    if json is not None:
        write_json(json, found.to_json())
    leftovers.settle()


def _table(found: Check) -> Table:
    from rich.markup import escape
    from rich.table import Table

    names = list(found.groups[0].readable)
    grids = "" if found.registered else ", modalities not registered"
    table = Table(title=f"{escape(found.data)}, layout {found.layout}{grids}", show_footer=True)
    table.add_column("Split", "all")
    table.add_column("Kind")
    table.add_column("Parts", str(sum(group.parts for group in found.groups)), justify="right")
    for name in names:
        table.add_column(f"{name} readable", _values(name, found.values.get(name)))
    for group in found.groups:
        cells = [_readable(group, name) for name in names]
        table.add_row(group.split or "–", escape(group.kind), str(group.parts), *cells)
    return table


def _readable(group: Group, name: str) -> str:
    lacking = group.lacking.get(name, [])
    if not lacking:
        return str(group.readable[name])
    if len(lacking) == group.parts:
        return "none has it"
    from rich.markup import escape

    named = _some([escape(part.rsplit("/", 1)[-1]) for part in lacking])
    return f"{group.readable[name]}; without: {named}"


def _values(name: str, values: Values | None) -> str:
    from cmdiad_core.modalities import Kind, modality

    if values is None:
        return "–"
    what = "z" if modality(name).kind is Kind.CLOUD else "values"
    lines = [
        f"{_some(list(values.sizes))} pixels",
        f"{what} {values.lowest:.3g} to {values.highest:.3g}",
    ]
    if values.grey:
        lines.append(f"{values.grey} of {sum(values.sizes.values())} grey")
    least, median, most = values.valid
    if least < 1:
        lines.append(f"{least:.0%} to {most:.0%} valid, median {median:.0%}")
    return "\n".join(lines)


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
