"""Write marked defects to files of other programs, and take such files in."""

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


def import_annotations(bench: Workbench, format_name: str, source: Path) -> None:
    """Take marks on parts of the queue from files on the worker."""
    parts = [entry.part for entry in bench.session.entries.values()]
    person = bench.settings.reviewer

    def work() -> int:
        from cmdiad_core.workflows.annotations import import_annotations

        return import_annotations(parts, bench.store.open(), person, format_name, source)

    def done(count: int) -> None:
        bench.notifications.remark(text("annotation.imported", count=count))
        read_annotation(bench)

    bench.worker.submit(
        "exchange",
        "import",
        work,
        done,
        bench.notifications.report,
        title=text("job.importing_annotations"),
        urgent=True,
    )
