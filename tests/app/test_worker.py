import sys
import threading

import numpy as np
import psutil
import pytest
from part_files import WAIT

from app import actions
from app.jobs import worker as worker_module
from app.jobs.worker import Worker


@pytest.fixture
def worker(qtbot):
    worker = Worker()
    yield worker
    worker.stop()


def submit(worker, topic, key, work, done, **more):
    worker.submit(topic, key, work, done, pytest.fail, title=key, **more)


def test_result_arrives_on_the_main_thread(worker, qtbot):
    threads = []
    submit(worker, "t", "k", threading.get_ident, lambda made_on: threads.append(made_on))
    qtbot.waitUntil(lambda: bool(threads))
    assert threads[0] != threading.get_ident()


def test_urgent_jobs_overtake(worker, qtbot):
    go, order = threading.Event(), []
    submit(worker, "t", "first", go.wait, lambda _: order.append("first"))
    submit(worker, "t", "patient", lambda: None, lambda _: order.append("patient"))
    submit(worker, "t", "urgent", lambda: None, lambda _: order.append("urgent"), urgent=True)
    go.set()
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order.index("urgent") < order.index("patient")


def test_result_of_an_older_generation_is_dropped(worker, qtbot):
    started, go, results = threading.Event(), threading.Event(), []

    def slow():
        started.set()
        return go.wait(10)

    submit(worker, "parts", "k", slow, lambda _: results.append("stale"))
    assert started.wait(10)
    worker.drop("parts")
    submit(worker, "parts", "k", lambda: None, lambda _: results.append("fresh"))
    go.set()
    qtbot.waitUntil(lambda: bool(results))
    assert results == ["fresh"]


def test_exception_goes_to_the_job_that_raised_it(worker, qtbot):
    errors = []
    worker.submit("t", "k", lambda: 1 / 0, pytest.fail, errors.append, title="")
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], ZeroDivisionError)


def test_nothing_is_delivered_after_the_end(worker, qtbot, qapp):
    results = []
    submit(worker, "t", "k", lambda: None, results.append)
    worker.stop()
    submit(worker, "t", "k", lambda: None, results.append)
    qapp.processEvents()
    assert results == []


def test_result_for_a_queue_that_was_replaced_is_dropped(
    window, bench, detector, model, parts, tmp_path, qtbot
):
    actions.open_model(bench, model)
    qtbot.waitUntil(lambda: bench.session.detector is not None, timeout=WAIT)
    detector.may_go_on.clear()
    actions.open_parts(bench, [parts / "rgb" / "part_reject.png"])
    qtbot.waitUntil(lambda: len(detector.calls) == 1, timeout=WAIT)
    other = bench.session.entries["part_reject"].part
    bench.session.set_parts([other])
    bench.worker.drop("inspection")
    detector.may_go_on.set()
    actions.show_part(bench, "part_reject")
    qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)
    assert len(detector.calls) == 2


def test_result_for_a_part_no_longer_shown_only_fills_its_row(
    window, bench, detector, model, parts, qtbot
):
    detector.may_go_on.clear()
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: len(detector.calls) == 1, timeout=WAIT)
    first = bench.session.current
    other = next(part_id for part_id in bench.session.entries if part_id != first)
    actions.show_part(bench, other)
    detector.may_go_on.set()
    qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)
    assert detector.calls[:2] == [first, other]
    assert bench.session.inspection.sample_id == other
    assert bench.session.entries[first].score is not None


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give memory back themselves")
def test_memory_that_was_freed_between_what_is_in_use_goes_back_to_the_system(
    worker, qtbot, monkeypatch
):
    def resident():
        return psutil.Process().memory_info().rss

    def leave_holes():
        # Blocks too small to be mapped alone, every other of them freed again: 64 MB of holes.
        blocks = [np.ones(16_000, np.float32) for _ in range(2_000)]
        kept = blocks[::2]
        del blocks
        return kept, resident()

    monkeypatch.setattr(worker_module, "_GIVE_BACK_S", 0.0)
    found = []
    submit(worker, "t", "k", leave_holes, found.append)
    qtbot.waitUntil(lambda: bool(found) and found[0][1] - resident() > 30e6)
