import subprocess
import sys
from types import SimpleNamespace

import pytest

from cmdiad_core import _display, doctor
from cmdiad_core.doctor import State, examine


@pytest.fixture
def no_probe(monkeypatch):
    monkeypatch.setattr(doctor, "opengl_problem", lambda: "")


def by_subject(subject: str):
    return next(finding for finding in examine() if finding.subject == subject)


def test_everything_that_was_asked_for_is_looked_at(no_probe):
    subjects = {finding.subject for finding in examine()}
    assert subjects >= {"cmdiad", "Python", "torch", "numpy", "PySide6_Essentials", "Device cpu"}
    assert subjects >= {"Display", "OpenGL", "Cached weights", "Free disk space", "Memory"}


def test_findings_are_single_lines_and_what_is_missing_has_a_remedy(no_probe, monkeypatch):
    monkeypatch.setattr(doctor, "find_library", lambda name: None)
    for finding in examine():
        assert finding.text
        assert "\n" not in finding.text + finding.remedy
        assert (finding.state is State.OK) == (finding.remedy == "")


def test_missing_libraries_are_one_line_to_run(no_probe, monkeypatch):
    monkeypatch.setattr(doctor.platform, "system", lambda: "Linux")
    monkeypatch.setattr(doctor, "find_library", lambda name: None if name in ("GL", "EGL") else "x")
    found = by_subject("System libraries")
    assert found.state is State.MISSING
    assert found.remedy == "Run: sudo apt-get install libgl1 libegl1"


def test_a_missing_package_is_named(no_probe, monkeypatch):
    monkeypatch.setattr(doctor, "_PACKAGES", {"no-such-thing": "no_such_thing"})
    found = by_subject("no-such-thing")
    assert found.state is State.MISSING
    assert found.remedy.endswith("-m pip install no-such-thing")


def test_one_broken_look_does_not_hide_the_others(no_probe, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    found = {finding.subject: finding for finding in examine()}
    assert found["Devices"].state is State.MISSING
    assert "Memory" in found


def test_no_display_is_a_note(no_probe, monkeypatch):
    monkeypatch.setattr(_display.platform, "system", lambda: "Linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert by_subject("Display").state is State.NOTE
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert by_subject("Display").state is State.OK


def test_cached_weights_are_counted(no_probe, monkeypatch, tmp_path):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    assert "the default encoders need none" in by_subject("Cached weights").text
    folder = tmp_path / "cmdiad" / "weights"
    folder.mkdir(parents=True)
    (folder / "dino.pth").write_bytes(bytes(10))
    assert by_subject("Cached weights").text.startswith("1 files, 0.0 GB")


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("import os; os.kill(os.getpid(), 11)", "the driver crashed (signal 11)"),
        ("raise SystemExit('the picture is black')", "the picture is black"),
        ("raise RuntimeError('no context')", "RuntimeError: no context"),
        ("raise SystemExit(3)", "rendering ended with status 3"),
        ("import time; time.sleep(60)", "no picture within 2 seconds"),
        ("", ""),
    ],
)
def test_whatever_the_driver_does_the_answer_comes(monkeypatch, program, problem):
    monkeypatch.setattr(_display, "_PROBE", program)
    monkeypatch.setattr(_display, "_SECONDS", 2)
    assert _display.opengl_problem() == problem


def test_an_empty_window_class_does_not_reach_vtk(monkeypatch):
    seen = {}

    def run(*_, env, **__):
        seen.update(env)
        return SimpleNamespace(returncode=0, stderr="")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setenv("VTK_DEFAULT_OPENGL_WINDOW", "")
    assert _display.opengl_problem() == ""
    assert "VTK_DEFAULT_OPENGL_WINDOW" not in seen
