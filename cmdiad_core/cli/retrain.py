"""`cmdiad retrain`."""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._batch import Leftovers
from cmdiad_core.cli._person import Person, named_store, signed_in
from cmdiad_core.cli._progress import Form, tell_result, told_progress

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector


class Depth(StrEnum):
    """How much is learned anew."""

    TEACH = "teach"
    REFINE = "refine"
    REBUILD = "rebuild"


def retrain(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Model folder; not changed.")],
    out: Annotated[Path, typer.Option(metavar="CANDIDATE", help="New folder for the candidate.")],
    depth: Annotated[
        Depth,
        typer.Option(
            help="teach: good parts enter the banks (seconds); refine: distillers go on learning "
            "as well (minutes); rebuild: everything anew."
        ),
    ],
    labels: Annotated[
        Path | None,
        typer.Option(metavar="DATA", help="Data set of confirmed parts, good and defective."),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Store whose verdicts count."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DATA", help="Count verdicts on its parts only.")
    ] = None,
    person: Person = "",
    part_seconds: Annotated[
        float | None,
        typer.Option(min=0, help="Measured seconds to look at a part, for what the store expects."),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, …")] = "auto",
    progress: Annotated[
        Form, typer.Option(help="json: one JSON object a line on stdout, the result last.")
    ] = Form.TEXT,
) -> None:
    """Make a candidate from a model and parts that people have confirmed good or defective.

    Parts that cannot be used are left out and named; the exit status is 2 then, though the
    candidate is written.
    """
    from cmdiad_core.detector import lineage
    from cmdiad_core.workflows.kept_job import kept_job
    from cmdiad_core.workflows.retrain import retrain

    leftovers = Leftovers()
    who = "" if store is None else _signed_in(store, person)
    with (
        told_progress(progress) as told,
        kept_job(store, model, out, sys.argv[1:], who) as job,
    ):
        candidate = retrain(
            model,
            out,
            depth=lineage.Depth(depth),
            labels=labels,
            store=store,
            data=data,
            device=device,
            progress=job.told(told),
            skipped=job.skipping(leftovers),
            planned=partial(job.plan, lineage.Depth(depth), part_seconds),
        )
    _tell(candidate, out, progress)
    leftovers.settle()


def _signed_in(store: str, person: str) -> str:
    from cmdiad_core.store.database import Database

    database = Database(named_store(store))
    try:
        return signed_in(database, person)
    finally:
        database.close()


def _tell(candidate: Detector, out: Path, form: Form) -> None:
    made = candidate.lineage
    assert made is not None  # noqa: S101  (every candidate has one)
    if form is Form.JSON:
        tell_result(
            model=candidate.id,
            out=str(out),
            parent=made.parent,
            depth=made.depth,
            confirmed=[one.model_dump(mode="json") for one in made.confirmed],
        )
        return
    good = sum(not one.defective for one in made.confirmed)
    typer.echo(
        f"Candidate {candidate.id} of {made.parent} is in {out}; it looked at {good} good and "
        f"{len(made.confirmed) - good} defective confirmed parts"
    )
    for one in made.confirmed:
        if one.is_new_escape or one.is_still_refused:
            was = "a known defect" if one.defective else "confirmed good"
            typer.echo(
                f"{one.part}: {was}, was {one.before} at {one.score_before:.2f} and is "
                f"{one.after} at {one.score_after:.2f}"
            )
