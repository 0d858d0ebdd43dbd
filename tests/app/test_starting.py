import json
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest
from part_files import WAIT
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize
from PySide6.QtGui import QExposeEvent, QRegion
from PySide6.QtWidgets import QStyle

from app import application
from app.main_window import MainWindow
from app.text import catalogue
from cmdiad_core.errors import InputError

ROOT = Path(__file__).parents[2]

PROBE = """
import json, sys
from app import application
from app.main_window import MainWindow

class Probe(MainWindow):
    def start(self):
        heavy = {"torch", "open3d", "pyvista", "pyvistaqt", "sklearn", "faiss", "sqlalchemy"}
        heavy &= set(sys.modules)
        print(json.dumps([self.isVisible(), sorted(heavy)]))
        self.close()

application.MainWindow = Probe
sys.exit(application.run(None, []))
"""


def test_window_is_shown_before_anything_heavy_is_imported(tmp_path, qapp):
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) == [True, []]


def test_run_without_a_display_says_so_in_one_sentence(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(InputError, match="no window"):
        application.run(None, [])


def test_offscreen_platform_needs_no_display(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    application.require_display()


def test_layout_comes_back(bench, window, qtbot):
    window.resize(1333, 777)
    window.close()
    again = MainWindow(bench)
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (1333, 777)


@pytest.mark.parametrize(
    ("screen", "window"), [((2560, 1440), (2304, 1296)), ((1366, 768), (1366, 768))]
)
def test_the_first_window_takes_most_of_the_screen(screen, window, bench, qtbot, monkeypatch):
    room = types.SimpleNamespace(availableSize=lambda: QSize(*screen))
    monkeypatch.setattr(MainWindow, "screen", lambda self: room)
    first = MainWindow(bench)
    qtbot.addWidget(first)
    frame = first.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    assert (first.width(), first.height()) == (window[0], min(window[1], screen[1] - frame))


def test_what_another_window_covered_is_drawn_anew(window, qtbot):
    drawn = []

    class Watch(QObject):
        def eventFilter(self, watched, event):  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                drawn.append(event.region().boundingRect())
            return False

    watch = Watch()
    window.installEventFilter(watch)
    # As the system says it when a window over this one has gone.
    gone = QExposeEvent(QRegion(50, 50, 200, 100))
    QCoreApplication.sendEvent(window.windowHandle(), gone)
    qtbot.waitUntil(lambda: window.rect() in drawn, timeout=WAIT)
    window.removeEventFilter(watch)


def test_recent_list_is_short_and_has_no_doubles(bench, tmp_path):
    for number in range(12):
        bench.settings.remember("models", [tmp_path / str(number % 10)])
    recent = bench.settings.recent("models")
    assert len(recent) == 8
    assert recent[0] == tmp_path / "1"
    assert len(set(recent)) == 8


def test_every_text_is_in_the_catalogue_and_every_entry_is_used():
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    drawings = [path.read_text("utf-8") for path in (ROOT / "resources/help").glob("*.svg")]
    plain = set(re.findall(r'"([a-z_0-9]+(?:\.[a-z_0-9]+)+)"', code))
    in_drawings = {key for drawing in drawings for key in re.findall(r"{([a-z_.]+)}", drawing)}
    plain |= in_drawings
    patterns = [
        re.compile(re.sub(r"\\{.*?\\}", "[a-z_0-9.]+", re.escape(found)) + "$")
        for found in re.findall(r'text\(f[\'"]([^\'"]+)[\'"]', code)
    ]
    entries = set(catalogue("en"))
    used = {key for key in entries if key in plain or any(p.match(key) for p in patterns)}
    assert entries == used
    assert in_drawings <= entries
    assert set(re.findall(r'\btext\("([a-z_0-9.]+)"', code)) <= entries
