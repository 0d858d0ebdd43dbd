"""The audit trail of the store: read it, check it, write it to a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.text import text
from app.workbench import Workbench
from cmdiad_core.progress import Cancelled

if TYPE_CHECKING:
    from cmdiad_core.store.audit import Entry
    from cmdiad_core.store.audit_pages import AuditPages, NamedEntry, Wanted
    from cmdiad_core.store.audit_trail import AuditTrail, Examined

T = TypeVar("T")
#: Topics of the worker.
AUDIT, AUDIT_CHECK = "audit", "audit check"


@dataclass(frozen=True)
class FirstPage:
    """The newest of the entries asked for, and what can be asked for.

    Parameters
    ----------
    rows : list of NamedEntry
        The newest ones.
    count : int
        How many there are of those asked for.
    people, actions : list of str
        Who ever did something, and what was ever done.
    """

    rows: list[NamedEntry]
    count: int
    people: list[str]
    actions: list[str]


def read_audit(
    bench: Workbench,
    wanted: Wanted,
    done: Callable[[FirstPage], None],
    failed: Callable[[Exception], None],
) -> None:
    """Read the newest entries of those asked for on the worker; forget what was asked before."""

    def work() -> FirstPage:
        from cmdiad_core.store.audit_pages import PAGE

        pages = _pages(bench)
        rows = pages.page(wanted)
        # A search looks at every entry; counting would do so once more.
        count = len(rows) if len(rows) < PAGE else pages.count(wanted)
        return FirstPage(rows, count, pages.people(), pages.actions())

    bench.worker.drop(AUDIT)
    _submit(bench, AUDIT, "first", work, done, failed)


def read_older_audit(
    bench: Workbench,
    wanted: Wanted,
    than: int,
    done: Callable[[list[NamedEntry]], None],
    failed: Callable[[Exception], None],
) -> None:
    """Read the entries that come before one, by its number."""
    _submit(bench, AUDIT, "older", lambda: _pages(bench).page(wanted, than), done, failed)


def verify_audit(
    bench: Workbench,
    against: Path | None,
    step: Callable[[int, int], None],
    done: Callable[[Examined], None],
    failed: Callable[[Exception], None],
) -> None:
    """Check the chain and the tables it tells of on the worker, also against an export."""
    worker, generation = bench.worker, bench.worker.generation(AUDIT_CHECK)

    def told(stage: str, done: int, total: int) -> None:
        if worker.stopping or worker.generation(AUDIT_CHECK) != generation:
            raise Cancelled
        worker.post(AUDIT_CHECK, generation, lambda: step(done, total))

    _submit(
        bench,
        AUDIT_CHECK,
        "verify",
        lambda: _trail(bench).verify(against, told),
        done,
        failed,
    )


def export_audit(
    bench: Workbench,
    path: Path,
    done: Callable[[Entry | None], None],
    failed: Callable[[Exception], None],
) -> None:
    """Write every entry to a file, as the command line does."""

    def exported(newest: Entry | None) -> None:
        bench.settings.export_folder = path.absolute().parent
        done(newest)

    _submit(bench, AUDIT_CHECK, "export", lambda: _trail(bench).export(path), exported, failed)


def _submit(
    bench: Workbench,
    topic: str,
    key: str,
    work: Callable[[], T],
    done: Callable[[T], None],
    failed: Callable[[Exception], None],
) -> None:
    bench.worker.submit(topic, key, work, done, failed, title=text("job.audit"), urgent=True)


def _pages(bench: Workbench) -> AuditPages:
    from cmdiad_core.store.audit_pages import AuditPages

    return AuditPages(bench.store.open().database)


def _trail(bench: Workbench) -> AuditTrail:
    from cmdiad_core.store.audit_trail import AuditTrail

    return AuditTrail(bench.store.open().database)
