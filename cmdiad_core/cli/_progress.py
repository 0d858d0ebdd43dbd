import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cmdiad_core import progress

_STAGES = {
    "demo": "Making demo parts",
    "read": "Reading parts",
    "calibrate": "Reading parts to calibrate with",
    "learn": "Learning what is normal",
    "background": "Looking for a background",
    "preprocess": "Preprocessing",
    "evaluate": "Evaluating",
    "inspect": "Inspecting",
    "benchmark": "Benchmark, pipelines on classes",
    "encode": "Computing features",
    "distil": "Training a distiller, epochs",
    "fit": "Filling memory banks",
    "study": "Looking at test parts",
    "compare": "Comparing directions",
    "annotations": "Looking for annotations",
    "judge": "Looking with both models",
    "confirm": "Looking at confirmed parts",
    "nearline": "Taking in near-line parts",
    "download": "Downloading, in MB",
}


class Form(StrEnum):
    """How progress is told."""

    TEXT = "text"
    JSON = "json"


@contextmanager
def told_progress(form: Form) -> Iterator[progress.Progress]:
    """Tell of progress on stderr for people, or on stdout for a program."""
    with _progress_lines() if form is Form.JSON else shown_progress() as told:
        yield told


def tell_result(**content: object) -> None:
    """Write what came out as the last line for a program."""
    print(json.dumps({"event": "result", **content}), flush=True)


@contextmanager
def shown_progress() -> Iterator[progress.Progress]:
    """Show every stage of some work on stderr: as a bar on a terminal, else as one line."""
    console = Console(stderr=True)
    if console.is_terminal:
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
        ) as bars:
            yield _Bars(bars)
    else:
        yield _Lines(console)


@contextmanager
def _progress_lines() -> Iterator[progress.Progress]:
    """Write every step as a line of JSON to stdout, for a program that started this one.

    Where that program ends this one, what is half done is tidied up first.
    """
    before = signal.signal(signal.SIGTERM, _cancel)
    try:
        yield _write_line
    finally:
        signal.signal(signal.SIGTERM, before)


def _cancel(number: int, frame: FrameType | None) -> None:
    raise progress.Cancelled


def _write_line(stage: str, done: int, total: int) -> None:
    event = {"event": "progress", "stage": stage, "done": done, "total": total}
    print(json.dumps(event), flush=True)


class _Bars:
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks = {name: bars.add_task(text, visible=False) for name, text in _STAGES.items()}

    def __call__(self, stage: str, done: int, total: int) -> None:
        self._bars.update(self._tasks[stage], completed=done, total=total, visible=total > 0)


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._begun: set[str] = set()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._begun and total:
            self._begun.add(stage)
            self._console.print(f"{_STAGES[stage]} …", highlight=False)
