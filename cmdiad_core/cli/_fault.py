"""What is nobody's bad input but a fault of the program."""

import os
import traceback
from contextlib import suppress
from datetime import UTC, datetime

import typer

from cmdiad_core import __version__

#: Exit status, beside that of bad input.
FAULT = 1


def own_up(error: Exception) -> None:
    """Say in one line that the program failed, and keep the traceback where it can be sent from."""
    if isinstance(error, MemoryError):
        typer.echo("This does not fit into the memory of this computer.", err=True)
        return
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    kept = ""
    with suppress(OSError):
        from platformdirs import user_log_path

        folder = user_log_path("cmdiad", ensure_exists=True)
        path = folder / f"fault-{os.getpid()}.log"
        head = f"cmdiad {__version__}, {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n"
        path.write_text(head + "".join(traceback.format_exception(error)), "utf-8")
        kept = f"; please report it with {path}"
    typer.echo(f"A fault of cmdiad ({what}){kept}", err=True)
