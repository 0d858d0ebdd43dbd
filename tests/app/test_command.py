import pytest
from part_files import WAIT

from app.jobs.command import Command

#: Stands in for the command line: says and does what each test needs.
FAKE = """
import json, pathlib, sys, tempfile, time
from cmdiad_core.cli._progress import Form, tell_result, told_progress

with told_progress(Form.JSON) as told:
    told("read", 0, 2)
    time.sleep(0.05)
    told("read", 1, 2)
    print("a part: is left out", file=sys.stderr)
    if sys.argv[1] == "wait":
        with tempfile.TemporaryDirectory(dir=sys.argv[2]):
            told("learn", 0, 1)
            time.sleep(60)
    if sys.argv[1] == "crash":
        sys.exit("Traceback")
    if sys.argv[1] == "refuse":
        print("a model: is none", file=sys.stderr)
        sys.exit(2)
tell_result(model="0123")
"""


@pytest.fixture
def start(tmp_path, monkeypatch, qtbot):
    """Return a function that starts a fake command and gives what it said, as it comes."""
    package = tmp_path / "fake" / "fakes"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text(FAKE)
    monkeypatch.setenv("PYTHONPATH", str(package.parent), prepend=":")
    monkeypatch.setattr("app.jobs.command.PROGRAM", "fakes")
    commands = []

    def begin(*arguments):
        command = Command(arguments)
        commands.append(command)
        said = []
        command.progressed.connect(lambda *told: said.append(("progressed", *told)))
        for name in ("logged", "succeeded", "failed"):
            signal = getattr(command, name)
            signal.connect(lambda value, name=name: said.append((name, value)))
        command.cancelled.connect(lambda: said.append(("cancelled",)))
        command.start()
        return command, said

    yield begin
    for command in commands:
        command.end()


def _ended(said):
    return bool(said) and said[-1][0] in ("succeeded", "failed", "cancelled")


def test_a_command_tells_progress_its_log_and_its_result(start, qtbot):
    command, said = start("do")
    qtbot.waitUntil(lambda: _ended(said), timeout=WAIT)
    assert said[-1] == ("succeeded", {"event": "result", "model": "0123"})
    assert ("logged", "a part: is left out") in said
    assert ("progressed", "read", 0, 2, None) in said
    half = next(one for one in said if one[:4] == ("progressed", "read", 1, 2))
    assert 0.02 < half[4] < 5  # one step took 0.05 s or a little more, one is left
    assert not command.is_running


def test_a_sentence_about_bad_input_is_the_problem(start, qtbot):
    _, said = start("refuse")
    qtbot.waitUntil(lambda: _ended(said), timeout=WAIT)
    assert said[-1] == ("failed", "a model: is none")


def test_a_crash_is_told_as_one(start, qtbot):
    _, said = start("crash")
    qtbot.waitUntil(lambda: _ended(said), timeout=WAIT)
    name, problem = said[-1]
    assert name == "failed"
    assert "exit status 1" in problem
    assert "Traceback" in problem


@pytest.mark.parametrize("way", ["cancel", "end"])
def test_a_cancelled_command_tidies_up(start, qtbot, tmp_path, way):
    place = tmp_path / "place"
    place.mkdir()
    command, said = start("wait", str(place))
    qtbot.waitUntil(lambda: ("progressed", "learn", 0, 1, None) in said, timeout=WAIT)
    assert list(place.iterdir())
    getattr(command, way)()
    qtbot.waitUntil(lambda: _ended(said), timeout=WAIT)
    assert said[-1] == ("cancelled",)
    assert not list(place.iterdir())
    assert not command.is_running
