from typing import Any

import typer
from typer.core import TyperGroup

from cmdiad_core.errors import InputError
from cmdiad_core.progress import Cancelled

BAD_INPUT = 2
INTERRUPTED = 130


def complain(error: InputError | OSError) -> None:
    """Say on stderr in one line what is wrong."""
    sentence = str(error)
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        sentence = f"{error.filename}: {reason}" if error.filename else reason
    typer.echo(" ".join(sentence.split()), err=True)


class Group(TyperGroup):
    """Commands whose errors end in a sentence and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read the output had enough: Click ends quietly
        except (InputError, OSError) as error:
            complain(error)
            raise typer.Exit(BAD_INPUT) from error
        except (KeyboardInterrupt, Cancelled) as error:
            typer.echo("Interrupted.", err=True)
            raise typer.Exit(INTERRUPTED) from error
