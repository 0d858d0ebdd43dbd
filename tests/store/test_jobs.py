import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from cmdiad_core.errors import InputError
from cmdiad_core.jobs import JobState, ProcessMark
from cmdiad_core.people import Role, User
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.jobs import Jobs
from cmdiad_core.store.schema import jobs as table
from cmdiad_core.store.users import Users

MODEL, CANDIDATE = Path("/a model"), Path("/a model 2")


@pytest.fixture
def jobs(store):
    return Jobs(store.database)


def _begin(jobs, model=MODEL, person="ann"):
    return jobs.begin("retrain", model, CANDIDATE, ("retrain", "x"), person, Path("/log"))


def _let_its_process_be(store, job, mark):
    values = {"host": mark.host, "process": mark.number, "process_started": mark.started}
    with store.database.writing() as connection:
        connection.execute(table.update().where(table.c.id == job).values(values))


@pytest.fixture
def gone():
    """Return the mark of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = psutil.Process(process.pid).create_time()
    process.kill()
    process.communicate()
    return ProcessMark(ProcessMark.own().host, process.pid, started)


def test_a_job_is_kept_with_what_was_expected_and_what_it_took(store, jobs):
    job = _begin(jobs)
    jobs.expect(job, 5.0, 3e8, 1.5)
    running = jobs.running(MODEL)
    assert (running.id, running.person, running.candidate) == (job, "ann", CANDIDATE)
    assert (running.arguments, running.seconds) == (("retrain", "x"), None)
    jobs.end(job, JobState.DONE, "ann", peak_bytes=400)
    assert jobs.running(MODEL) is None
    (done,) = jobs.done("retrain")
    assert (done.expected_seconds, done.pace, done.peak_bytes) == (5.0, 1.5, 400)
    assert 0 <= done.seconds < 60
    told = [e for e in AuditTrail(store.database).entries() if e.action == "retrain"]
    assert [e.subject for e in told] == [str(MODEL)] * 2
    assert '"done"' in told[1].after


def test_one_at_a_time_for_a_model(jobs):
    _begin(jobs)
    with pytest.raises(InputError, match="is being retrained by ann"):
        _begin(jobs, person="bob")
    _begin(jobs, model=Path("/another"))


def test_a_job_whose_process_is_gone_is_lost_until_somebody_deals_with_it(store, jobs, gone):
    job = _begin(jobs)
    assert jobs.lost() == []
    _let_its_process_be(store, job, gone)
    assert [one.id for one in jobs.lost()] == [job]
    assert jobs.running(MODEL) is None
    again = _begin(jobs)
    jobs.end(job, JobState.CANCELLED, "ann")
    assert jobs.lost() == []
    assert jobs.running(MODEL).id == again


def test_a_number_given_to_another_process_is_not_the_same(store, jobs):
    job = _begin(jobs)
    own = ProcessMark.own()
    _let_its_process_be(store, job, ProcessMark(own.host, own.number, own.started - 100))
    assert [one.id for one in jobs.lost()] == [job]


def test_nothing_is_known_of_another_computer(store, jobs):
    job = _begin(jobs)
    _let_its_process_be(store, job, ProcessMark("elsewhere", 1, 0.0))
    assert jobs.lost() == []
    assert jobs.running(MODEL).id == job


def test_technicians_do_not_retrain(store, jobs):
    users = Users(store.database)
    users.put(User("eve", Role.ADMINISTRATOR), "eve")
    users.put(User("tom", Role.TECHNICIAN), "eve")
    with pytest.raises(InputError, match="may not retrain models"):
        _begin(jobs, person="tom")
    with store.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0
