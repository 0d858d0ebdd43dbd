"""Work on several items at once."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

T = TypeVar("T")
U = TypeVar("U")


def on_all_cores(work: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
    """Yield the results of some work on each item, in their order.

    A core works on an item alone. Searches are too small to share: beside other work, threads
    that wait for each other take four times as long. Items are taken as they are needed, a few
    ahead.
    """
    cores = os.cpu_count() or 1
    waiting: deque[Future[U]] = deque()
    # OpenMP counts threads by the thread that asks, so that each of the pool is told.
    with (
        threadpool_limits(1),
        ThreadPoolExecutor(cores, initializer=threadpool_limits, initargs=(1,)) as pool,
    ):
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > 2 * cores:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            # Work that was cancelled, or failed, waits for what was begun and no longer.
            for one in waiting:
                one.cancel()
