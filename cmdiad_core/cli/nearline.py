"""`cmdiad nearline`."""

import typer

from cmdiad_core.cli import nearline_rank

app = typer.Typer(help="Parts that are measured again near-line.", no_args_is_help=True)


@app.callback()
def _nearline() -> None:
    # With a callback, a single command keeps its name.
    pass


app.command("rank")(nearline_rank.rank)
