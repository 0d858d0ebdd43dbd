"""Long work that a store knows of: who started what, how it ended."""

import os
import platform
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import psutil


class JobState(StrEnum):
    """How far a job is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    #: Its process went away without a word.
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """What a process is recognised by; its number alone is given to another one some day.

    Parameters
    ----------
    host : str
        Name of the computer.
    number : int
        Of the process.
    started : float
        When it began, in seconds as the system counts them.
    """

    host: str
    number: int
    started: float

    @classmethod
    def own(cls) -> "ProcessMark":
        """Return the mark of this process."""
        return cls(platform.node(), os.getpid(), psutil.Process().create_time())

    @property
    def is_gone(self) -> bool:
        """Whether it is known not to run any more; of another computer nothing is known."""
        if self.host != platform.node():
            return False
        try:
            process = psutil.Process(self.number)
            same = abs(process.create_time() - self.started) < 1
            return not same or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the store keeps it.

    Parameters
    ----------
    id : int
        Its number.
    kind : str
        ``"retrain"``.
    model : Path
        Folder of the model it begins with.
    candidate : Path
        Folder that it writes.
    arguments : tuple of str
        Of the command line, to start it again.
    person : str
        Who started it.
    started, ended : datetime
        In UTC; the latter None while it runs.
    state : JobState
        How far it is.
    process : ProcessMark
        That does it.
    log : Path
        What it said.
    expected_seconds, expected_bytes : float or None
        Estimated before it began; None where nothing was.
    pace : float or None
        By which earlier jobs corrected the seconds.
    peak_bytes : int or None
        Most memory that it took, once it is done.
    problem : str
        Why it failed.
    """

    id: int
    kind: str
    model: Path
    candidate: Path
    arguments: tuple[str, ...]
    person: str
    started: datetime
    ended: datetime | None
    state: JobState
    process: ProcessMark
    log: Path
    expected_seconds: float | None
    expected_bytes: float | None
    pace: float | None
    peak_bytes: int | None
    problem: str

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it runs."""
        return None if self.ended is None else (self.ended - self.started).total_seconds()
