"""Make a better model from what people said; the one in use stays as it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_path

from app.actions.open_model import open_model
from app.jobs.command import Command
from app.notifications import Level
from app.retraining import Order
from app.text import text
from app.workbench import Workbench
from cmdiad_core.errors import InputError
from cmdiad_core.jobs import Job, JobState

if TYPE_CHECKING:
    from cmdiad_core.detector.lineage import Depth
    from cmdiad_core.store.jobs import Jobs
    from cmdiad_core.workflows.news import News

TOPIC = "retraining"


@dataclass(frozen=True)
class _Names:
    """Names of model folders that can be given to a candidate."""

    folder: Path

    def propose(self, model: Path) -> str:
        """Return a name that no folder has."""
        stem = model.name.rpartition(" ")[0] if model.name.split()[-1].isdigit() else model.name
        numbers = (f"{stem} {number}" for number in range(2, 10_000))
        return next(name for name in numbers if not (self.folder / name).exists())


def candidates() -> _Names:
    """Return where candidates are written."""
    return _Names(user_data_path("cmdiad", appauthor=False) / "models")


def look_for_news(
    bench: Workbench, done: Callable[[News], None], failed: Callable[[Exception], None]
) -> None:
    """Look up on the worker what people said since the model in use was made."""
    session = bench.session
    detector, folder = session.detector, session.model_folder
    if detector is None or folder is None:
        return
    shown = session.found_inspection
    part_seconds = None if shown is None else shown.seconds.get("encode")

    def work() -> News:
        from cmdiad_core.workflows.news import find_news

        return find_news(bench.store.open(), folder, detector, part_seconds)

    bench.worker.submit(
        TOPIC, "news", work, done, failed, title=text("job.looking_for_news"), urgent=True
    )


def retrain(bench: Workbench, depth: Depth, name: str, seconds: float | None) -> None:
    """Start a process that makes a candidate from the model in use."""
    model = bench.session.model_folder
    if model is None or bench.retraining.is_running:
        return
    candidate = candidates().folder / name
    shown = bench.session.found_inspection
    measured = None if shown is None else shown.seconds.get("encode")
    arguments = ["retrain", str(model), "--out", str(candidate), "--depth", str(depth)]
    arguments += ["--store", bench.store.address, "--person", bench.settings.reviewer]
    if measured is not None:
        arguments += ["--part-seconds", f"{measured:.3f}"]
    arguments += ["--progress", "json"]
    retrain_with(bench, Order(model, candidate, tuple(arguments), seconds))


def retrain_again(bench: Workbench, job: Job) -> None:
    """Start a lost retraining once more with the same arguments, under the name of now."""
    _settle(bench, job)
    # Of an option that is given twice the last one counts.
    arguments = (*job.arguments, "--person", bench.settings.reviewer)
    retrain_with(bench, Order(job.model, job.candidate, arguments, job.expected_seconds))


def forget_retraining(bench: Workbench, job: Job) -> None:
    """Do not offer a lost retraining any more."""
    _settle(bench, job)


def find_lost(bench: Workbench, done: Callable[[list[Job]], None]) -> None:
    """Look up on the worker which retrainings were cut off, where there is a store at all."""

    def work() -> list[Job]:
        return _jobs(bench).lost() if bench.store.exists else []

    bench.worker.submit(TOPIC, "lost", work, done, bench.notifications.report, title="")


def cancel_retraining(bench: Workbench) -> None:
    """Ask the process to end; what it wrote by halves goes."""
    if bench.retraining.command is not None:
        bench.retraining.command.cancel()


def try_candidate(bench: Workbench) -> None:
    """Inspect the queue with what the retraining made."""
    order = bench.retraining.order
    if order is not None and bench.retraining.result is not None:
        open_model(bench, order.candidate)


def discard_candidate(bench: Workbench) -> None:
    """Remove what the retraining made; go back to the model it was made from.

    What is on the list of models stays: it may be in use, or have been, and has to be forgotten
    there first.
    """
    order = bench.retraining.order
    if order is None or bench.retraining.result is None:
        return
    try:
        registered = bench.store.exists and _is_registered(bench, order.candidate)
    except InputError as error:
        bench.notifications.report(error)
        return
    if registered:
        words = text("retrain.registered", name=order.candidate.name)
        bench.notifications.post(Level.WARNING, words)
        return
    if bench.session.model_folder == order.candidate:
        open_model(bench, order.model)
    shutil.rmtree(order.candidate, ignore_errors=True)
    bench.retraining.forget()
    bench.notifications.remark(text("retrain.discarded", name=order.candidate.name))


def _is_registered(bench: Workbench, folder: Path) -> bool:
    from cmdiad_core.store.models import Models

    return any(one.folder == folder for one in Models(bench.store.open().database).all())


def retrain_with(bench: Workbench, order: Order) -> None:
    """Start a process that does what is asked for."""
    state = bench.retraining
    command = Command(order.arguments, password=bench.people.password)

    def step(stage: str, done: int, total: int, left: float | None) -> None:
        if stage != state.stage:
            state.say(f"{datetime.now().astimezone():%H:%M:%S}  {text(f'stage.{stage}')}")
        state.step(stage, done, total, left)

    command.progressed.connect(step)
    command.logged.connect(state.say)

    def done(result: dict[str, object]) -> None:
        state.end(result)
        bench.notifications.remark(text("retrain.done", name=order.candidate.name))

    def failed(problem: str) -> None:
        state.end(problem=problem)
        bench.notifications.post(Level.WARNING, text("retrain.failed", problem=problem))

    def cancelled() -> None:
        _tidy_up(bench, order)
        state.end()
        bench.notifications.remark(text("retrain.cancelled"))

    command.succeeded.connect(done)
    command.failed.connect(failed)
    command.cancelled.connect(cancelled)
    state.begin(order, command)
    command.start()


def _tidy_up(bench: Workbench, order: Order) -> None:
    """Do what a process that had to be killed could not do itself."""
    from cmdiad_core.workflows.kept_job import remove_half_written

    remove_half_written(order.candidate)
    jobs = _jobs(bench)
    for job in jobs.lost():
        if job.candidate == order.candidate:
            jobs.end(job.id, JobState.CANCELLED, bench.settings.reviewer)


def _settle(bench: Workbench, job: Job) -> None:
    from cmdiad_core.workflows.kept_job import remove_half_written

    remove_half_written(job.candidate)
    _jobs(bench).end(job.id, JobState.CANCELLED, bench.settings.reviewer)


def _jobs(bench: Workbench) -> Jobs:
    from cmdiad_core.store.jobs import Jobs

    return Jobs(bench.store.open().database)
