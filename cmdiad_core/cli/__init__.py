"""The command line: one file a command."""

import sys
from io import TextIOWrapper

import typer

from cmdiad_core.cli import (
    annotations,
    audit,
    benchmark,
    compare,
    data,
    demo,
    distil,
    doctor,
    encoders,
    evaluate,
    inspect,
    models,
    nearline,
    open,  # noqa: A004
    preprocess,
    quality,
    retrain,
    study,
    train,
    users,
    weights,
)
from cmdiad_core.cli._group import Group
from cmdiad_core.cli._version import VersionOption

app = typer.Typer(
    name="cmdiad",
    cls=Group,
    help="Inspect battery and composite parts with whichever modalities they have.",
    epilog="Exit status: 0, or 2 where something given cannot be used; one sentence says what. "
    "1 is a fault of cmdiad itself.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _window(context: typer.Context, version: VersionOption = False) -> None:
    # The group's own help stands above; without a command the window opens.
    if context.invoked_subcommand is None:
        open.open_window(None, [])


for command in (open.open_, demo.demo, train.train, evaluate.evaluate, inspect.inspect):
    app.command(command.__name__.strip("_"))(command)
app.command("retrain")(retrain.retrain)
app.command("quality")(quality.quality)
app.command("compare")(compare.compare)
app.command("preprocess")(preprocess.preprocess)
app.command("distil")(distil.distil)
app.command("encoders")(encoders.encoders)
app.add_typer(weights.app, name="weights")
app.add_typer(benchmark.app, name="benchmark")
app.command("doctor")(doctor.doctor)
app.add_typer(annotations.app, name="annotations")
app.add_typer(data.app, name="data")
app.add_typer(nearline.app, name="nearline")
app.add_typer(models.app, name="models")
app.add_typer(study.app, name="study")
app.add_typer(users.app, name="users")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Names of files need not be text in the encoding of the terminal.
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except Exception as error:
        from cmdiad_core.cli._fault import FAULT, own_up

        own_up(error)
        sys.exit(FAULT)
