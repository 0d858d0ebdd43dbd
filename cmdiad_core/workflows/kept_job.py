"""A retraining that a store knows of."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from platformdirs import user_log_path

from cmdiad_core.errors import InputError
from cmdiad_core.jobs import JobState
from cmdiad_core.progress import Cancelled, Progress
from cmdiad_core.workflows.estimate import estimate
from cmdiad_core.workflows.reading import Skipped

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector
    from cmdiad_core.detector.lineage import Depth
    from cmdiad_core.store.jobs import Jobs

KIND = "retrain"


class KeptJob:
    """Tells a log, and a store if there is one, how far a retraining is.

    Parameters
    ----------
    jobs : Jobs or None
        Of the store.
    number : int
        The job's.
    log : Path
        Of this job alone.
    """

    def __init__(self, jobs: Jobs | None, number: int, log: Path) -> None:
        self._jobs = jobs
        self._number = number
        self._log = log
        self._stage = ""

    def plan(
        self, depth: Depth, seconds: float | None, model: Detector, good: int, confirmed: int
    ) -> None:
        """Keep what is expected; the rest is as in `estimate`."""
        if self._jobs is None:
            return
        expected = estimate(depth, model, good, confirmed, self._jobs.done(KIND), seconds)
        self._jobs.expect(self._number, expected.seconds, expected.memory, expected.pace)
        self.write(f"expected: {expected.seconds:.1f} s, {expected.memory / 1e6:.0f} MB")

    def write(self, line: str) -> None:
        """Add a line to the log."""
        if self._jobs is None:
            return
        with self._log.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {line}\n")

    def told(self, progress: Progress) -> Progress:
        """Return a progress that writes each new stage to the log as well."""

        def tell(stage: str, done: int, total: int) -> None:
            if stage != self._stage:
                self._stage = stage
                self.write(f"{stage}: {total}")
            progress(stage, done, total)

        return tell

    def skipping(self, skipped: Skipped) -> Skipped:
        """Return a report of skipped parts that writes to the log as well."""

        def tell(error: InputError) -> None:
            self.write(str(error))
            skipped(error)

        return tell


@contextmanager
def kept_job(
    address: str | None, model: Path, candidate: Path, arguments: Sequence[str], person: str
) -> Iterator[KeptJob]:
    """Keep in a store, if there is one, that this process retrains a model and how that ended.

    Raises
    ------
    InputError
        The person may not, or the model is being retrained.
    """
    if address is None:
        yield KeptJob(None, 0, Path())
        return
    from cmdiad_core.store.database import Database
    from cmdiad_core.store.jobs import Jobs

    model, candidate = model.absolute(), candidate.absolute()
    log = user_log_path("cmdiad", appauthor=False) / "retraining" / f"{candidate.name}.log"
    database = Database(address)
    try:
        jobs = Jobs(database)
        number = jobs.begin(KIND, model, candidate, arguments, person, log)
        log.parent.mkdir(parents=True, exist_ok=True)
        job = KeptJob(jobs, number, log)
        job.write(" ".join(arguments))
        try:
            yield job
        except BrokenPipeError:
            raise  # the window is gone: the next one finds a lost job and offers it again
        except (Cancelled, KeyboardInterrupt):
            jobs.end(number, JobState.CANCELLED, person)
            raise
        except BaseException as error:
            job.write(f"{type(error).__name__}: {error}")
            jobs.end(number, JobState.FAILED, person, problem=str(error))
            raise
        jobs.end(number, JobState.DONE, person, peak_bytes=_peak_bytes())
    finally:
        database.close()


def remove_half_written(candidate: Path) -> None:
    """Remove what a process that was killed left beside the place of its candidate."""
    made = re.compile(re.escape(f".{candidate.name}-") + r"[a-z0-9_]{8}")
    for path in candidate.parent.glob(".*"):
        if made.fullmatch(path.name) and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _peak_bytes() -> int:
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
