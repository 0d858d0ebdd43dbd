"""`cmdiad models list | add | promote | rollback | export | import | forget`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._person import Person, Place, named_store, signed_in

if TYPE_CHECKING:
    from rich.table import Table

    from cmdiad_core.models import Promotion, RegisteredModel
    from cmdiad_core.store.database import Database
    from cmdiad_core.store.models import Models

app = typer.Typer(
    help="Models of a store: which there are, which one is in use, and why.", no_args_is_help=True
)

Reason = Annotated[str, typer.Option(metavar="WORDS", help="Why; kept for good.")]
Name = Annotated[
    str, typer.Argument(metavar="MODEL", help="Id, name or folder of a registered model.")
]
Comparison = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help='What "cmdiad compare --json" wrote; it is kept.'),
]


@app.command("list")
def list_(
    store: Place = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON on stdout.")] = False,
) -> None:
    """List the models; the one in use is marked."""
    with _models(store) as models:
        known, promotions = models.all(), models.promotions()
    if json:
        typer.echo(_as_json(known, promotions))
        return
    from rich.console import Console

    Console().print(_table(known, promotions))


@app.command()
def add(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A model folder.")],
    comparison: Comparison = None,
    store: Place = None,
    person: Person = "",
) -> None:
    """Register a model, or say where a registered one lies now; its files are left alone."""
    from cmdiad_core.workflows.models import facts_of, keep_comparison

    facts = facts_of(folder)
    with _signed_in(store, person) as (models, who):
        models.add(facts, who)
        if comparison is not None:
            keep_comparison(models, comparison, who)
    typer.echo(f"{facts.name} ({facts.id}) is registered")


@app.command()
def promote(
    name: Name,
    reason: Reason,
    comparison: Comparison = None,
    override: Annotated[
        bool,
        typer.Option("--override", help="Also where a gate fails or nothing was compared."),
    ] = False,
    store: Place = None,
    person: Person = "",
) -> None:
    """Take a model into use that was compared with the one in use and passes every gate."""
    from cmdiad_core.workflows.models import find_model, keep_comparison

    with _signed_in(store, person) as (models, who):
        model = find_model(models.all(), name)
        if comparison is not None:
            keep_comparison(models, comparison, who)
        models.promote(model.digest, who, reason, override=override)
    typer.echo(f"{model.name} ({model.id}) is in use")


@app.command()
def rollback(reason: Reason, store: Place = None, person: Person = "") -> None:
    """Take the model into use again that was before the one that is; again goes further back."""
    with _signed_in(store, person) as (models, who):
        model = models.roll_back(who, reason)
    typer.echo(f"{model.name} ({model.id}) is in use again")


@app.command()
def export(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Such as model.cmdiad.")],
    store: Place = None,
) -> None:
    """Write a model as one file, with a digest of everything in it and its last comparison."""
    from cmdiad_core.workflows.models import export_model, find_model

    with _models(store) as models:
        model = find_model(models.all(), name)
        export_model(models, model, file)
    typer.echo(f"{model.name} ({model.id}) is written to {file}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An exported model.")],
    to: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="New folder; in your data folder where not given."),
    ] = None,
    store: Place = None,
    person: Person = "",
) -> None:
    """Check an exported model, try it, and register it."""
    from cmdiad_core.workflows.models import import_model

    with _signed_in(store, person) as (models, who):
        model = import_model(models, file, to, who)
    typer.echo(f"{model.name} ({model.id}) is whole, works and is in {model.folder}")


@app.command()
def forget(name: Name, reason: Reason, store: Place = None, person: Person = "") -> None:
    """Take a model off the list; its files stay."""
    from cmdiad_core.workflows.models import find_model

    with _signed_in(store, person) as (models, who):
        model = find_model(models.all(), name)
        models.forget(model.digest, who, reason)
    typer.echo(f"{model.name} ({model.id}) is off the list; its files are still in {model.folder}")


@contextmanager
def _models(store: str | None) -> Iterator[Models]:
    from cmdiad_core.store.models import Models

    with _opened(named_store(store)) as database:
        yield Models(database)


@contextmanager
def _signed_in(store: str | None, person: str) -> Iterator[tuple[Models, str]]:
    from cmdiad_core.store.models import Models

    with _opened(store) as database:
        yield Models(database), signed_in(database, person)


@contextmanager
def _opened(store: str | None) -> Iterator[Database]:
    from cmdiad_core.store.database import Database

    database = Database(store)
    try:
        yield database
    finally:
        database.close()


def _table(known: list[RegisteredModel], promotions: list[Promotion]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    from cmdiad_core.workflows.comparison_words import figure

    table = Table(title="Models", show_lines=True)
    for heading in ("Model", "Last comparison", "Size", "Taken into use"):
        table.add_column(heading, overflow="fold")
    in_use = promotions[-1].model if promotions else ""
    for one in known:
        model = [f"{one.name} ({one.id})"]
        if one.digest == in_use:
            model.append("in use")
        if one.parent:
            model.append(f"from {one.parent}")
        found, figures, speed = one.figures, [], []
        if found is not None:
            figures = [
                f"AUROC {figure(found.image_auroc)}, AUPRO 30 % {figure(found.aupro_30)}",
                f"{found.escapes} of {found.n_defective} escape",
                f"{found.false_rejects} of {found.n_good} falsely rejected",
            ]
            speed = [f"{found.ms_per_part:.0f} ms a part"]
        size = [f"{one.megabytes:.1f} MB", *speed, f"{sum(one.parts.values())} parts"]
        taken = [_told(p) for p in promotions if p.model == one.digest][-1:]
        table.add_row(*(escape("\n".join(lines)) for lines in (model, figures, size, taken)))
    return table


def _told(taken: Promotion) -> str:
    overridden = " (gates overridden)" if taken.overridden else ""
    return f"{taken.made_at:%Y-%m-%d} by {taken.person}: {taken.reason}{overridden}"


def _as_json(known: list[RegisteredModel], promotions: list[Promotion]) -> str:
    import json
    from dataclasses import asdict

    in_use = promotions[-1].model if promotions else None
    content = {
        "in_use": in_use,
        "models": [asdict(one) for one in known],
        "promotions": [asdict(one) for one in promotions],
    }
    return json.dumps(content, indent=2, default=str)
