"""Write marked defects to files of other programs, and take such files in."""

from collections.abc import Callable
from pathlib import Path

from app.actions.annotate import read_annotation
from app.text import text
from app.workbench import Workbench


def export_annotations(bench: Workbench, format_name: str, target: Path) -> None:
    """Write the marks on all parts of the queue on the worker."""
    parts = [entry.part for entry in bench.session.entries.values()]

    def work() -> int:
        from cmdiad_core.workflows.annotations import export_annotations

        return export_annotations(parts, bench.store.open(), format_name, target)

    bench.worker.submit(
        "exchange",
        "export",
        work,
        lambda count: bench.notifications.remark(
            text("annotation.exported", count=count, folder=target)
        ),
        bench.notifications.report,
        title=text("job.exporting_annotations"),
        urgent=True,
    )


def import_annotations(
    bench: Workbench,
    format_name: str,
    source: Path,
    offer_types: Callable[[list[str]], bool] = lambda names: False,
    *,
    add_types: bool = False,
) -> None:
    """Take marks on parts of the queue from files on the worker.

    Where the files speak of defect types that are not there, `offer_types` is asked, with their
    names, whether to add them.
    """
    parts = [entry.part for entry in bench.session.entries.values()]
    person = bench.settings.reviewer

    def work() -> int:
        from cmdiad_core.workflows.annotations import import_annotations

        store = bench.store.open()
        return import_annotations(parts, store, person, format_name, source, add_types=add_types)

    def done(count: int) -> None:
        bench.notifications.remark(text("annotation.imported", count=count))
        read_annotation(bench)

    def failed(error: Exception) -> None:
        from cmdiad_core.annotation.formats import UnknownTypesError

        if isinstance(error, UnknownTypesError) and offer_types(error.names):
            import_annotations(bench, format_name, source, add_types=True)
        else:
            bench.notifications.report(error)

    bench.worker.submit(
        "exchange",
        # The job that failed may still be under way as this one follows it.
        f"import {add_types}",
        work,
        done,
        failed,
        title=text("job.importing_annotations"),
        urgent=True,
    )
