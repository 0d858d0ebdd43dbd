"""Retraining from the window: real widgets, a command that is quick, and once the real one."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from part_files import WAIT

from app import actions
from app.retraining import Order
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.jobs import JobState
from cmdiad_core.models import ModelFacts
from cmdiad_core.people import Role, User
from cmdiad_core.store.jobs import Jobs
from cmdiad_core.store.model_files import folder_digest
from cmdiad_core.store.models import Models
from cmdiad_core.store.users import Users

#: Stands in for the command line: keeps the job as the real one, and does what the test needs.
FAKE = """
import sys, time
from pathlib import Path
from cmdiad_core.cli._progress import Form, tell_result, told_progress
from cmdiad_core.workflows.kept_job import kept_job

way, model, out, store = sys.argv[1:5]
with told_progress(Form.JSON) as told, kept_job(store, Path(model), Path(out), sys.argv[1:], "ann"):
    if way == "wait":
        (Path(out).parent / f".{Path(out).name}-01234567").mkdir(parents=True)
    told("confirm", 0, 2)
    if way == "wait":
        time.sleep(60)
    Path(out).mkdir(parents=True)
    (Path(out) / "model.json").write_text("{}")
    (Path(out) / "model.safetensors").touch()
bad = {"part": "b", "defective": True, "before": "reject", "after": "accept"}
good = {"part": "a", "defective": False, "before": "reject", "after": "accept"}
scores = {"score_before": 2.0, "score_after": 0.1}
tell_result(confirmed=[good | scores, bad | scores])
"""


@pytest.fixture(autouse=True)
def ann(bench):
    bench.settings.reviewer = "ann"


@pytest.fixture
def fake(tmp_path, monkeypatch):
    package = tmp_path / "fake" / "fakes"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text(FAKE)
    monkeypatch.setenv("PYTHONPATH", str(package.parent), prepend=":")
    # The module that the window starts in place of the command line.
    monkeypatch.setattr("app.jobs.command.PROGRAM", "fakes")


@pytest.fixture
def begin(window, bench, model, fake, tmp_path):
    """Return a function that starts a retraining which goes one way or another."""
    candidate = tmp_path / "models" / "better"

    def start(way):
        arguments = (way, str(model), str(candidate), bench.store.address)
        actions.retrain_with(bench, Order(model, candidate, arguments, 1000.0))
        return candidate

    yield start
    if bench.retraining.command is not None:  # the window would ask
        bench.retraining.command.end()


def _jobs(bench):
    return Jobs(bench.store.open().database)


def test_progress_stands_in_the_status_line_and_what_came_out_in_the_dialog(
    window, bench, begin, qtbot, picture
):
    dialog = window.retraining.dialog
    candidate = begin("do")
    window.retraining.ask()
    assert dialog.pages.currentWidget() is dialog.running
    qtbot.waitUntil(lambda: "Looking at confirmed" in window.retraining.status.text(), timeout=WAIT)
    assert dialog.running.left.text().endswith("min left")
    qtbot.waitUntil(lambda: not bench.retraining.is_running, timeout=WAIT)
    assert bench.retraining.problem == ""
    assert dialog.pages.currentWidget() is dialog.summary
    rows = {(item := dialog.summary.lists.topLevelItem(n)).text(0): item.text(1) for n in range(5)}
    assert rows["Right now"] == rows["Known defects that change to accept"] == "1"
    assert "Do not use it" in dialog.summary.words.text()
    (job,) = _jobs(bench).done("retrain")
    assert job.candidate == candidate
    picture("retrained", dialog)
    dialog.buttons["discard"].click()
    assert not candidate.exists()


def test_a_candidate_on_the_list_of_models_is_not_discarded(window, bench, begin, qtbot):
    candidate = begin("do")
    window.retraining.ask()
    qtbot.waitUntil(lambda: not bench.retraining.is_running, timeout=WAIT)
    models = Models(bench.store.open().database)
    digest = folder_digest(candidate)
    facts = {"id": "a1", "name": "better", "parent": "", "megabytes": 6.0, "parts": {}}
    limits = {"accept_below": 0.5, "reject_from": 1.0}
    models.add(ModelFacts(digest=digest, folder=candidate, **facts, **limits), "ann")
    models.promote(digest, "ann", "the first one")
    window.retraining.dialog.buttons["discard"].click()
    assert candidate.exists()
    assert "better is on the list of models" in window.messages.sentences[0]
    assert bench.retraining.result is not None


def test_a_cancelled_retraining_leaves_nothing(window, bench, begin, qtbot):
    candidate = begin("wait")
    window.retraining.ask()
    qtbot.waitUntil(lambda: bench.retraining.stage == "confirm", timeout=WAIT)
    window.retraining.dialog.buttons["cancel"].click()
    qtbot.waitUntil(lambda: not bench.retraining.is_running, timeout=WAIT)
    assert list(candidate.parent.iterdir()) == []
    assert _jobs(bench).lost() == []
    assert not window.retraining.status.isVisible()


def test_a_killed_retraining_is_offered_again(window, bench, begin, qtbot, answer):
    candidate = begin("wait")
    qtbot.waitUntil(lambda: bench.retraining.stage == "confirm", timeout=WAIT)
    os.kill(bench.retraining.command._process.processId(), signal.SIGKILL)
    qtbot.waitUntil(lambda: not bench.retraining.is_running, timeout=WAIT)
    assert "ended before it was done" in bench.retraining.problem
    (lost,) = _jobs(bench).lost()
    assert lost.candidate == candidate
    answer("Start again")
    window.retraining.offer_lost()
    qtbot.waitUntil(lambda: bench.retraining.is_running, timeout=WAIT)
    assert bench.retraining.order.arguments == (*lost.arguments, "--person", "ann")
    assert _jobs(bench).lost() == []
    bench.retraining.command.end()


def test_closing_the_window_asks(window, bench, begin, qtbot, answer):
    begin("wait")
    qtbot.waitUntil(lambda: bench.retraining.stage == "confirm", timeout=WAIT)
    answer("Go on")
    assert not window.close()
    assert bench.retraining.is_running
    answer("Cancel retraining")
    assert window.close()
    assert not bench.retraining.is_running


def test_a_second_window_sees_it_and_cannot_begin(window, bench, model, begin, qtbot):
    begin("wait")
    qtbot.waitUntil(lambda: bench.retraining.stage == "confirm", timeout=WAIT)
    jobs = _jobs(bench)
    assert jobs.running(model).state is JobState.RUNNING
    with pytest.raises(InputError, match="is being retrained by ann"):
        jobs.begin("retrain", model, Path("x"), (), "bob", Path("log"))
    bench.retraining.command.end()


def test_a_false_alarm_is_taught_from_the_window(
    window, bench, qtbot, demo_model, demo_data, tmp_path, picture
):
    """The whole way with the real command: verdict, retraining, candidate."""
    from cmdiad_core.data.layouts import open_dataset
    from cmdiad_core.data.loading import load_sample
    from cmdiad_core.detector import Detector
    from cmdiad_core.detector.saving import load_held_out
    from cmdiad_core.inspection import OperatingPoint, Verdict

    champion = Detector.load(demo_model, "cpu")
    (part, *_) = [p for p in open_dataset(demo_data).split("test") if p.defective is False]
    limit = champion.inspect(load_sample(part)).score - 0.01
    strict = tmp_path / "cells"
    point = OperatingPoint(limit, limit)
    replace(champion, operating_point=point, held_out=load_held_out(demo_model)).save(strict)
    # The command acts under the name of who signed in, with the password given then.
    users = Users(bench.store.open().database)
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    users.set_password("ann", "geheim", "ann")
    actions.read_people(bench)
    assert actions.sign_in(bench, "ann", "geheim") == ""
    actions.open_model(bench, strict)
    actions.open_parts(bench, list(part.files.values()))
    session = bench.session
    qtbot.waitUntil(lambda: session.inspection is not None, timeout=WAIT)
    assert session.verdict(session.entries[session.current]) is Verdict.REJECT
    assert not window.review.view.retrain.isVisible()
    buttons = window.review.view.buttons
    where = {verdict: button.x() for verdict, button in buttons.items()}
    buttons[PersonVerdict.ACCEPT].click()
    qtbot.waitUntil(window.review.view.retrain.isVisible, timeout=WAIT)
    # A second click on the same place must mean the same.
    qtbot.wait(50)
    assert {verdict: button.x() for verdict, button in buttons.items()} == where
    window.review.view.retrain.click()
    dialog = window.retraining.dialog
    qtbot.waitUntil(dialog.buttons["start"].isEnabled, timeout=WAIT)
    assert dialog.choice.lists.topLevelItem(0).text(1) == "1"
    assert dialog.choice.radios["teach"].isChecked()
    picture("retrain", dialog)
    dialog.buttons["start"].click()
    qtbot.waitUntil(lambda: not bench.retraining.is_running, timeout=6 * WAIT)
    assert bench.retraining.problem == ""
    assert dialog.pages.currentWidget() is dialog.summary
    assert dialog.summary.lists.topLevelItem(0).text(1) == "1"
    (job,) = _jobs(bench).done("retrain")
    assert job.expected_seconds > 0
    assert job.peak_bytes > 5e7
    assert job.person == "ann"
    dialog.buttons["compare"].click()
    models = window.menus.models
    qtbot.waitUntil(models.view.buttons["compare"].isEnabled, timeout=WAIT)
    assert {one.name for one in models._chosen()} == {"cells", "cells 2"}
    models.view.close()
    dialog.buttons["try"].click()
    qtbot.waitUntil(
        lambda: session.detector.name == "cells 2" and session.inspection is not None, timeout=WAIT
    )
    assert session.verdict(session.entries[session.current]) is Verdict.ACCEPT
    card = json.loads((session.model_folder / "model.json").read_text("utf-8"))
    assert card["lineage"]["parent"] == Detector.load(strict, "cpu").id
