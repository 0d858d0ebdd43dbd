import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cmdiad_core.cli import app
from cmdiad_core.text import speak


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def cmdiad(monkeypatch):
    """Return a function that runs the command line in this process."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> Ended:
        result = CliRunner().invoke(app, [str(a) for a in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    yield run
    # A language that was asked for holds for the process.
    speak("en")


@pytest.fixture
def refused(cmdiad):
    """Return a function that expects one sentence with some words in it, and status 2."""

    def run(*arguments: object, naming: object) -> str:
        ended = cmdiad(*arguments)
        lines = [line for line in ended.err.splitlines() if not line.endswith("…")]
        assert ended.status == 2, ended
        assert len(lines) == 1, ended.err
        assert str(naming) in lines[0]
        assert "Traceback" not in ended.err + ended.out
        return lines[0]

    return run


@pytest.fixture
def part(demo_data, tmp_path):
    """Return a folder with one part that may be spoilt, with umlauts and spaces in all names."""
    root = tmp_path / "Zelle für Ähre"
    for name, suffix in (("rgb", "png"), ("xyz", "tiff")):
        (root / name).mkdir(parents=True)
        source = demo_data / "test" / "dent" / name / f"000.{suffix}"
        shutil.copy(source, root / name / f"Größe 7.{suffix}")
    return root


@pytest.fixture
def below_a_file(tmp_path) -> Path:
    """Return a place that not even root can write to."""
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "out"
