"""The models of the store: look at them, take one into use, hand one on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.actions.open_model import open_model
from app.registered import Registered
from app.text import text
from app.workbench import Workbench
from cmdiad_core.models import GateResult, RegisteredModel

if TYPE_CHECKING:
    from cmdiad_core.detector.saving import Card
    from cmdiad_core.store.models import Models
    from cmdiad_core.workflows.comparison import Comparison

T = TypeVar("T")
TOPIC = "models"


def read_models(bench: Workbench, done: Callable[[Registered], None]) -> None:
    """Look up which models there are."""
    _submit(bench, "read", text("job.reading_models"), _known, done)


def open_champion(bench: Workbench) -> None:
    """Open the model in use, where a store is there and knows one."""

    def work() -> RegisteredModel | None:
        if not bench.store.exists:
            return None
        champion = _models(bench).champion()
        return None if champion is None else _intact(champion)

    def done(champion: RegisteredModel | None) -> None:
        if champion is not None and bench.session.detector is None:
            open_model(bench, champion.folder)

    _run(bench, "champion", "", work, done)


def open_registered(bench: Workbench, model: RegisteredModel) -> None:
    """Inspect with a model, unless its files are gone or were changed."""
    _run(
        bench,
        "open",
        text("job.loading_model", name=model.name),
        lambda: _intact(model),
        lambda found: open_model(bench, found.folder),
    )


def register_model(bench: Workbench, folder: Path, done: Callable[[Registered], None]) -> None:
    """Add a model folder to the list."""
    person = bench.settings.reviewer

    def work(models: Models) -> Registered:
        from cmdiad_core.workflows.models import facts_of

        models.add(facts_of(folder), person)
        return _known(models)

    _submit(bench, str(folder), text("job.reading_model", name=folder.name), work, done)


def promote_model(
    bench: Workbench,
    model: RegisteredModel,
    reason: str,
    override: bool,
    done: Callable[[Registered], None],
) -> None:
    """Take a model into use."""
    person = bench.settings.reviewer

    def work(models: Models) -> Registered:
        models.promote(model.digest, person, reason, override=override)
        return _known(models)

    _submit(bench, "promote", text("job.promoting", name=model.name), work, done)


def roll_back(bench: Workbench, reason: str, done: Callable[[Registered], None]) -> None:
    """Take the model into use again that was before."""
    person = bench.settings.reviewer

    def work(models: Models) -> Registered:
        models.roll_back(person, reason)
        return _known(models)

    _submit(bench, "roll back", text("job.rolling_back"), work, done)


def forget_model(
    bench: Workbench, model: RegisteredModel, reason: str, done: Callable[[Registered], None]
) -> None:
    """Take a model off the list."""
    person = bench.settings.reviewer

    def work(models: Models) -> Registered:
        models.forget(model.digest, person, reason)
        return _known(models)

    _submit(bench, "forget", text("job.reading_models"), work, done)


def export_model(bench: Workbench, model: RegisteredModel, path: Path) -> None:
    """Write a model as one file."""

    def work(models: Models) -> None:
        from cmdiad_core.workflows.models import export_model

        export_model(models, model, path)

    def done(_: None) -> None:
        bench.settings.export_folder = path.absolute().parent
        bench.notifications.remark(text("export.done", path=path))

    _submit(bench, str(path), text("job.exporting", name=path.name), work, done)


def import_model(bench: Workbench, path: Path, done: Callable[[Registered], None]) -> None:
    """Check an exported model, try it, and add it to the list."""
    person = bench.settings.reviewer

    def work(models: Models) -> Registered:
        from cmdiad_core.workflows.models import import_model

        import_model(models, path, None, person)
        return _known(models)

    _submit(bench, str(path), text("job.importing_model", name=path.name), work, done)


def keep_comparison(
    bench: Workbench, content: dict[str, Any], done: Callable[[Registered], None]
) -> None:
    """Keep what a comparison found."""
    person = bench.settings.reviewer

    def work(models: Models) -> Registered:
        from cmdiad_core.workflows.comparison import Comparison
        from cmdiad_core.workflows.models import to_keep

        models.keep(to_keep(Comparison.model_validate(content), models.all()), person)
        return _known(models)

    _submit(bench, "keep", text("job.reading_models"), work, done)


def read_comparison(bench: Workbench, digest: str, done: Callable[[Comparison], None]) -> None:
    """Look up what a comparison found."""

    def work(models: Models) -> Comparison:
        from cmdiad_core.workflows.comparison import Comparison

        return Comparison.model_validate_json(models.comparison(digest))

    _submit(bench, "comparison", text("job.reading_models"), work, done)


def read_gates(
    bench: Workbench,
    champion: RegisteredModel,
    candidate: RegisteredModel,
    done: Callable[[tuple[GateResult, ...] | None], None],
) -> None:
    """Look up the gates of the newest comparison of two models."""

    def work(models: Models) -> tuple[GateResult, ...] | None:
        return models.gates(champion.digest, candidate.digest)

    _submit(bench, "gates", text("job.reading_models"), work, done)


def read_card(
    bench: Workbench,
    model: RegisteredModel,
    done: Callable[[Card], None],
    failed: Callable[[Exception], None],
) -> None:
    """Look up what a model says of itself."""

    def work() -> Card:
        from cmdiad_core.detector.saving import read_card

        return read_card(_intact(model).folder)

    _run(bench, "card", text("job.reading_model", name=model.name), work, done, failed)


def show_page(bench: Workbench, comparison: Comparison) -> None:
    """Open a comparison in the browser."""

    def work() -> Path:
        from platformdirs import user_cache_path

        from cmdiad_core.workflows.comparison_page import comparison_page
        from cmdiad_core.writing import write_file

        name = f"{comparison.candidate.id} against {comparison.champion.id}.html"
        path = user_cache_path("cmdiad") / "comparisons" / name
        write_file(path, comparison_page(comparison).encode("utf-8", "replace"))
        return path

    def done(path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    _run(bench, "page", text("job.reading_models"), work, done)


def _submit(
    bench: Workbench,
    key: str,
    title: str,
    work: Callable[[Models], T],
    done: Callable[[T], None],
) -> None:
    _run(bench, key, title, lambda: work(_models(bench)), done)


def _run(
    bench: Workbench,
    key: str,
    title: str,
    work: Callable[[], T],
    done: Callable[[T], None],
    failed: Callable[[Exception], None] | None = None,
) -> None:
    bench.worker.submit(
        TOPIC,
        key,
        work,
        done,
        failed or bench.notifications.report,
        title=title,
        urgent=True,
    )


def _models(bench: Workbench) -> Models:
    from cmdiad_core.store.models import Models

    return Models(bench.store.open().database)


def _known(models: Models) -> Registered:
    champion = models.champion()
    newest = sorted(models.all(), key=lambda one: one.added_at, reverse=True)
    first = [one for one in newest if champion is not None and one.digest == champion.digest]
    rest = [one for one in newest if one not in first]
    return Registered((*first, *rest), tuple(models.promotions()))


def _intact(model: RegisteredModel) -> RegisteredModel:
    from cmdiad_core.store.model_files import require_intact

    require_intact(model)
    return model
