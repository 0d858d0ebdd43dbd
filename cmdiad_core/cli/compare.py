"""`cmdiad compare`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmdiad_core.cli._batch import Leftovers, require_writable, write_json
from cmdiad_core.cli._language import LanguageOption
from cmdiad_core.cli._progress import Form, tell_result, told_progress

if TYPE_CHECKING:
    from rich.table import Table

    from cmdiad_core.workflows.comparison import Comparison

#: Exit status where a gate does not let the candidate pass, or could not be tested.
GATE_FAILED = 3


def compare(
    champion: Annotated[Path, typer.Argument(metavar="CHAMPION", help="Model in use.")],
    candidate: Annotated[Path, typer.Argument(metavar="CANDIDATE", help="Model to take over.")],
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Data set with known truth.")],
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the comparison there too.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as a page as well.")
    ] = None,
    new_escapes: Annotated[
        int, typer.Option(min=0, help="Gate: most defects only the candidate accepts.")
    ] = 0,
    new_false_rejects: Annotated[
        int | None, typer.Option(min=0, help="Gate: most good parts only the candidate rejects.")
    ] = None,
    auroc_loss: Annotated[
        float | None, typer.Option(min=0, help="Gate: largest fall of the image AUROC.")
    ] = None,
    progress: Annotated[
        Form, typer.Option(help="json: one JSON object a line on stdout, the result last.")
    ] = Form.TEXT,
    language: LanguageOption = "en",
) -> None:
    """Compare a candidate with the model in use, on parts that neither learned from.

    Parts that were confirmed and retrained with are looked at as well; --json and --html have
    the 95 % intervals of all differences. Exit status: 0 when every
    gate lets the candidate pass, 3 when one does not or there were no parts to test it on, else 2
    when parts could not be used.
    """
    from cmdiad_core.workflows.compare import Gates, compare
    from cmdiad_core.workflows.comparison import PICTURES

    leftovers = Leftovers()
    require_writable(json, html)
    gates = Gates(new_escapes, new_false_rejects, auroc_loss)
    with told_progress(progress) as told:
        found = compare(champion, candidate, data, gates=gates, progress=told, skipped=leftovers)
    if progress is Form.TEXT:
        _tell(found)
    if json is not None:
        write_json(json, found.model_dump_json(indent=2, exclude=PICTURES))
    if html is not None:
        from cmdiad_core.workflows.comparison_page import comparison_page
        from cmdiad_core.writing import write_file

        write_file(html, comparison_page(found).encode("utf-8", "replace"))
    if progress is Form.JSON:
        tell_result(passed=found.passed, comparison=found.model_dump(mode="json"))
    if not found.passed:
        raise typer.Exit(GATE_FAILED)
    leftovers.settle()


def _tell(found: Comparison) -> None:
    from rich.console import Console

    Console().print(_table(found))
    for one in found.changed:
        truth = one.defect_type or ("defective" if one.defective else "good")
        typer.echo(
            f"{one.part} ({truth}): {one.champion} at {one.champion_score:.2f}, now "
            f"{one.candidate} at {one.candidate_score:.2f}"
        )
    for gate in found.gates:
        said = gate.outcome if gate.passed else gate.outcome.upper()
        before = "found" if gate.tested else "there are"
        typer.echo(f"{said}: {gate.name}; {before} {gate.found}")


def _table(found: Comparison) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    from cmdiad_core.workflows.comparison_words import figure

    title = (
        f"{found.candidate.id} against {found.champion.id} on {found.n_validation} parts of "
        f"{found.data}, {found.n_corrected} confirmed ones, {found.n_left_out} left out"
    )
    table = Table(title=escape(title), box=SIMPLE_HEAD, padding=0)
    table.add_column("Parts", overflow="fold")
    metrics = ("Image\nAUROC", "AUPRO\n30 %", "Escapes", "False\nrejects")
    for heading in ("Good", "Defective", *metrics):
        table.add_column(heading, justify="right")
    for group in (*found.patterns, *found.defect_types):
        before, after = group.champion, group.candidate
        table.add_row(
            escape(group.name),
            str(group.n_good),
            str(group.n_defective),
            f"{figure(before.image_auroc)} → {figure(after.image_auroc)}",
            f"{figure(before.aupro_30)} → {figure(after.aupro_30)}",
            f"{before.escapes} → {after.escapes}",
            f"{before.false_rejects} → {after.false_rejects}",
        )
    return table
