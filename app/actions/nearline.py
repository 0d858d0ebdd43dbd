"""Take in what a near-line station measured and found of parts of the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.annotate import read_annotation
from app.actions.follow_store import recognise_queue, take_in_others
from app.actions.open_paths import MODEL_FILE
from app.notifications import Level
from app.text import text
from app.workbench import Workbench
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Cancelled
from cmdiad_core.sample import PartFiles

if TYPE_CHECKING:
    from cmdiad_core.edits import NearLineImport
    from cmdiad_core.workflows.nearline import Match, Report

TOPIC = "nearline"
_TABLES = ("manifest.csv", "manifest.json")
_EXAMPLES = 3


@dataclass(frozen=True)
class Preview:
    """What taking a folder in would do; nothing is written yet.

    Parameters
    ----------
    path : Path
        Folder or table.
    near : tuple of PartFiles
        The parts in it.
    rule : str
        The expression that finds serial numbers in names; empty for none.
    matches : list of Match
        Parts that came back, with those of the queue.
    unmatched : list of InputError
        The other parts of the folder, and why.
    conflicts : int
        Of how many parts a person says otherwise.
    examples, inline : list of (str, str)
        The first parts of the folder and of the queue, and the serial numbers found of them.
    """

    path: Path
    near: tuple[PartFiles, ...]
    rule: str
    matches: list[Match]
    unmatched: list[InputError]
    conflicts: int
    examples: list[tuple[str, str]]
    inline: list[tuple[str, str]]


def may_be_results(path: Path) -> bool:
    """Return whether a path may hold what came back from a near-line station."""
    is_folder = path.is_dir() and not (path / MODEL_FILE).is_file()
    return is_folder or path.name in _TABLES


def preview_nearline(
    bench: Workbench,
    path: Path,
    show: Callable[[Preview], None],
    failed: Callable[[Exception], None],
) -> None:
    """Look on the worker which parts of the queue a folder speaks of.

    By the rule for serial numbers that helped last time, or without one where that finds nothing.
    """
    preview, remembered = _previewer(bench), bench.settings.serial_rule

    def work() -> Preview:
        from cmdiad_core.workflows.nearline import read_results

        near = read_results(path)
        first = preview(path, near, remembered)
        if first.matches or not remembered:
            return first
        plain = preview(path, near, "")
        return plain if plain.matches else first

    _look(bench, work, show, failed)


def preview_with_rule(
    bench: Workbench,
    before: Preview,
    rule: str,
    show: Callable[[Preview], None],
    failed: Callable[[Exception], None],
) -> None:
    """Look again, with another rule for serial numbers; the folder is not read again."""
    preview = _previewer(bench)
    _look(bench, lambda: preview(before.path, before.near, rule), show, failed)


def _look(
    bench: Workbench,
    work: Callable[[], Preview],
    show: Callable[[Preview], None],
    failed: Callable[[Exception], None],
) -> None:
    bench.worker.drop(TOPIC)
    title = text("job.finding_parts")
    bench.worker.submit(TOPIC, "preview", work, show, failed, title=title, urgent=True)


def _previewer(bench: Workbench) -> Callable[[Path, tuple[PartFiles, ...], str], Preview]:
    """Return what previews parts of a folder for the queue of now, on the worker."""
    inline = bench.session.inline
    queue = [inline.get(p, entry.part) for p, entry in bench.session.entries.items()]

    def preview(path: Path, near: tuple[PartFiles, ...], rule: str) -> Preview:
        from cmdiad_core.workflows.nearline import foreseen_conflicts, match, serial_of, serial_rule

        found, unmatched = serial_rule(rule or None), list[InputError]()
        matches = match(near, queue, unmatched.append, found)
        matches = [one for one in matches if one.brings_something]
        conflicts = foreseen_conflicts(matches, bench.store.open())
        examples, there = (
            [(part.id, serial_of(part, found)) for part in parts[:_EXAMPLES]]
            for parts in (near, queue)
        )
        return Preview(path, near, rule, matches, unmatched, conflicts, examples, there)

    return preview


def take_in_nearline(bench: Workbench, preview: Preview, source: str) -> None:
    """Add modalities, verdicts and masks to the parts of the queue, on the worker."""
    bench.settings.serial_rule = preview.rule
    person = bench.settings.reviewer
    left_out: list[InputError] = []

    def stop_with_window(stage: str, done: int, total: int) -> None:
        if bench.worker.stopping:
            raise Cancelled

    def work() -> Report:
        from cmdiad_core.workflows.nearline import take_in

        return take_in(
            preview.matches,
            bench.store.open(),
            person,
            source=source,
            origin=preview.path,
            progress=stop_with_window,
            skipped=left_out.append,
        )

    def done(report: Report) -> None:
        conflicts = sum(one.conflict for one in report.taken)
        known = len(report.unchanged)
        said = text("nearline.taken", count=len(report.taken), known=known, conflicts=conflicts)
        bench.notifications.post(Level.NOTE, said)
        apart = [one.part for one in report.taken if one.added and not one.registered]
        if apart:
            words = text("nearline.apart", parts=_some(apart))
            bench.notifications.post(Level.NOTE, words)
        for error in left_out:
            bench.notifications.report(error)
        recognise_queue(bench)

    bench.worker.submit(
        TOPIC,
        "take in",
        work,
        done,
        bench.notifications.report,
        title=text("job.nearline"),
        urgent=True,
    )


def read_imports(bench: Workbench, show: Callable[[list[NearLineImport]], None]) -> None:
    """Look up on the worker what was taken in, the newest first."""

    def work() -> list[NearLineImport]:
        from cmdiad_core.store.nearline_imports import NearLineImports

        return NearLineImports(bench.store.open().database).all()

    report = bench.notifications.report
    bench.worker.submit(
        TOPIC, "imports", work, show, report, title=text("job.imports"), urgent=True
    )


def withdraw_import(
    bench: Workbench, number: int, reason: str, done: Callable[[str], None]
) -> None:
    """Take an import back on the worker; `done` is told the problem, empty where there is none."""
    person = bench.settings.reviewer

    def work() -> int:
        from cmdiad_core.store.nearline_imports import NearLineImports

        imports = NearLineImports(bench.store.open().database)
        return len(imports.withdraw(number, person, reason))

    def withdrawn(count: int) -> None:
        take_in_others(bench)
        read_annotation(bench)
        bench.notifications.post(Level.NOTE, text("imports.done", count=count))
        done("")

    bench.worker.submit(
        TOPIC,
        "withdraw",
        work,
        withdrawn,
        lambda error: done(str(error)),
        title=text("job.withdrawing"),
        urgent=True,
    )


def _some(names: list[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")
