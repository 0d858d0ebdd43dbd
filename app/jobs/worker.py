"""One worker thread; its results come back on the main thread, stale ones not at all."""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from app.jobs.freed_memory import give_back

T = TypeVar("T")

#: Seconds between two times that freed memory is given back.
_GIVE_BACK_S = 1.0


@dataclass(frozen=True)
class _Job:
    topic: str
    key: str
    generation: int
    title: str
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]

    def is_same(self, other: "_Job") -> bool:
        this, that = (self.topic, self.key), (other.topic, other.key)
        return this == that and self.generation == other.generation


class Worker(QObject):
    """Does one job after the other.

    Jobs belong to a topic. Dropping a topic forgets its waiting jobs and gives it a new
    generation number, by which the result of a job that is already under way is recognised as
    stale when it arrives.

    Attributes
    ----------
    job_changed : Signal(str)
        Title of the job under way; empty when there is none.
    """

    job_changed = Signal(str)
    _arrived = Signal(str, int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: OrderedDict[tuple[str, str], _Job] = OrderedDict()
        self._generations: Counter[str] = Counter()
        self._wake = threading.Condition()
        self._under_way: _Job | None = None
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._arrived.connect(self._deliver)

    def submit(
        self,
        topic: str,
        key: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        *,
        title: str,
        urgent: bool = False,
    ) -> None:
        """Queue a job; a waiting one of the same topic and key is replaced.

        Nothing happens when such a job is under way and was not dropped.

        Parameters
        ----------
        topic, key : str
            What the job is about.
        work : callable
            Called on the worker thread; must not touch Qt or VTK.
        done, failed : callable
            Called on the main thread with the result or the exception.
        title : str
            For the status line; empty leaves it as it is.
        urgent : bool
            Goes before all waiting jobs.
        """
        with self._wake:
            if self._stopping:
                return
            job = _Job(topic, key, self._generations[topic], title, work, done, failed)
            if self._under_way is not None and self._under_way.is_same(job):
                return
            self._jobs[topic, key] = job
            self._jobs.move_to_end((topic, key), last=not urgent)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="cmdiad-worker")
                self._thread.start()
            self._wake.notify()

    def drop(self, topic: str) -> None:
        """Forget the jobs of a topic, and the result of the one under way."""
        with self._wake:
            self._generations[topic] += 1
            for key in [key for key in self._jobs if key[0] == topic]:
                del self._jobs[key]

    def post(self, topic: str, generation: int, call: Callable[[], None]) -> None:
        """Call something on the main thread from within a job, unless it is stale by then."""
        self._arrived.emit(topic, generation, call)

    def generation(self, topic: str) -> int:
        """Return the number by which results of this topic are recognised as fresh."""
        with self._wake:
            return self._generations[topic]

    def waiting(self, topic: str) -> int:
        """Return how many jobs of a topic wait for their turn."""
        with self._wake:
            return sum(key[0] == topic for key in self._jobs)

    @property
    def stopping(self) -> bool:
        """Whether nobody waits for results any more; long jobs look at it and give up."""
        return self._stopping

    def stop(self) -> None:
        """Forget all jobs and wait for the one under way; nothing is delivered any more."""
        with self._wake:
            self._stopping = True
            self._jobs.clear()
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        given_back = time.monotonic()
        while (job := self._next()) is not None:
            if job.title:
                self.job_changed.emit(job.title)
            try:
                result = job.work()
            except Exception as error:
                self.post(job.topic, job.generation, _call(job.failed, error))
            else:
                self.post(job.topic, job.generation, _call(job.done, result))
                del result
            del job
            if time.monotonic() - given_back > _GIVE_BACK_S:
                give_back()
                given_back = time.monotonic()

    def _next(self) -> _Job | None:
        with self._wake:
            self._under_way = None
            if not self._jobs and not self._stopping:
                self.job_changed.emit("")
            while not self._jobs and not self._stopping:
                self._wake.wait()
            if self._stopping:
                return None
            self._under_way = self._jobs.popitem(last=False)[1]
            return self._under_way

    def _deliver(self, topic: str, generation: int, call: Callable[[], None]) -> None:
        if not self._stopping and generation == self.generation(topic):
            call()


def _call(function: Callable[[T], None], value: T) -> Callable[[], None]:
    return lambda: function(value)
