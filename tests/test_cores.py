import os
import threading
import time

import pytest

from cmdiad_core.cores import on_all_cores
from cmdiad_core.progress import Cancelled


def test_results_come_in_the_order_of_the_items():
    def work(number):
        time.sleep(0.01 * (number % 3))
        return number**2

    assert list(on_all_cores(work, range(30))) == [number**2 for number in range(30)]


def test_items_are_taken_a_few_ahead_and_not_all_at_once():
    taken = []

    def items():
        for number in range(1000):
            taken.append(number)
            yield number

    found = on_all_cores(abs, items())
    assert next(found) == 0
    assert len(taken) <= 2 * (os.cpu_count() or 1) + 1
    found.close()


def test_who_cancels_waits_for_what_was_begun_and_no_longer():
    begun, goes_on = [], threading.Event()

    def work(number):
        begun.append(number)
        if number:
            goes_on.wait(30)
        return number

    def cancelled():
        for _ in on_all_cores(work, range(100)):
            # Whatever is still running may end now; nothing else may begin.
            threading.Timer(0.2, goes_on.set).start()
            raise Cancelled

    with pytest.raises(Cancelled):
        cancelled()
    assert len(begun) <= 1 + (os.cpu_count() or 1)


def test_an_item_that_fails_ends_the_work():
    begun = []

    def work(number):
        begun.append(number)
        if not number:
            raise ValueError("first")
        time.sleep(0.2)

    with pytest.raises(ValueError, match="first"):
        list(on_all_cores(work, range(3 * (os.cpu_count() or 1))))
    assert len(begun) <= 1 + 2 * (os.cpu_count() or 1)
