"""Time per mouse event of a brush stroke on a part of 4,096 x 4,096 pixels, in the whole window.

xvfb-run -s "-screen 0 1920x1080x24" python benchmarks/annotation.py [--side 4096] [--radius 40]
"""

import argparse
import math
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app import actions, application
from app.annotating import Tool
from app.main_window import MainWindow
from cmdiad_core.data.writing import encoded
from cmdiad_core.sample import PartFiles, Sample

EVENTS = 240
STROKES = 5


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", type=int, default=4096)
    parser.add_argument("--radius", type=float, default=40.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options.side, options.radius)


def measure(folder: Path, side: int, radius: float) -> None:
    """Draw a spiral in a window that shows a part of noise."""
    pixels = np.random.default_rng(0).random((side, side, 3)).astype(np.float32)
    path = folder / "part.png"
    path.write_bytes(encoded("rgb", np.round(pixels * 255) / 255))
    qt = application.create_application()
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    bench = application.create_workbench(settings, folder / "store.sqlite")
    window = MainWindow(bench)
    window.resize(1900, 1040)
    window.show()
    part = PartFiles("part", {"rgb": path})
    bench.session.set_parts([part])
    bench.session.show("part")
    bench.session.add_sample("part", Sample("part", {"rgb": pixels}, part.files))
    wait(qt, lambda: bool(bench.session.annotating.annotations))
    canvas = window.image.view.canvas
    bench.session.annotating.set_radius(radius)
    actions.choose_tool(bench, Tool.BRUSH)
    settle(qt)
    strokes = []
    for one in bench.session.annotating.types[:STROKES]:
        bench.session.annotating.set_type(one.id)
        settle(qt)
        strokes.append(draw(qt, canvas.viewport))
    marked = np.count_nonzero(bench.session.annotating.annotations[""].mask)
    window.close()
    times = np.array(strokes)
    press, moves, release = times[:, 0], np.sort(times[:, 1:-1], axis=None), times[:, -1]
    print(f"{side} x {side}, brush {2 * radius:.0f} px wide, {len(moves)} moves")
    print(
        f"medians of {len(times)} strokes over each other, {marked} pixels; in brackets the slowest"
    )
    for name, values in (("press", press), ("move", moves), ("release, stroke kept", release)):
        print(f"{name}: {np.median(values):.1f} ms ({values.max():.1f} ms)")


def draw(qt: QApplication, viewport) -> list[float]:
    """Return milliseconds per event, each until what it changed is on the screen."""
    centre, reach = viewport.rect().center(), min(viewport.width(), viewport.height()) * 0.35
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * EVENTS]
    times = []
    for step, kind in enumerate([*kinds, QEvent.Type.MouseButtonRelease]):
        angle = min(step, EVENTS) / EVENTS * 4 * math.pi
        far = reach * (0.3 + 0.7 * min(step, EVENTS) / EVENTS)
        turned = QPoint(round(far * math.cos(angle)), round(far * math.sin(angle)))
        place = QPointF(centre + turned)
        up = kind == QEvent.Type.MouseButtonRelease
        event = QMouseEvent(
            kind,
            place,
            QPointF(viewport.mapToGlobal(place.toPoint())),
            Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton,
            Qt.MouseButton.NoButton if up else Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        begin = time.perf_counter()
        qt.sendEvent(viewport, event)
        qt.processEvents()
        times.append(1000 * (time.perf_counter() - begin))
    return times


def settle(qt: QApplication) -> None:
    """Let everything be drawn that waits."""
    end = time.monotonic() + 1
    wait(qt, lambda: time.monotonic() > end)


def wait(qt: QApplication, arrived) -> None:
    """Work off events until something is there."""
    while not arrived():
        qt.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    main()
