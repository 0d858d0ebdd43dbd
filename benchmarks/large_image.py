"""Showing, zooming and moving a large image with its anomaly map, with real mouse events.

python benchmarks/large_image.py [--side 8000] [--picture FILE]

Needs a display; xvfb-run will do.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import psutil
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.application import create_application
from app.colour_scale import ColourScale
from app.panels.image.model import choose
from app.widgets.image_canvas import ImageCanvas
from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.sample import Sample


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", type=int, default=8000)
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    application = create_application()
    side = options.side
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    noise = np.random.default_rng(0).random((side, side), np.float32)
    sample = Sample("plate", {"rgb": np.stack([x, y, noise], axis=-1)})
    values = 9 * np.exp(-((x - 0.6) ** 2 + (y - 0.4) ** 2) * 60) + noise
    del x, y, noise
    canvas = ImageCanvas("image")
    canvas.resize(900, 760)
    canvas.show()
    QTest.qWaitForWindowExposed(canvas)
    print(f"{side} x {side} pixels, view {canvas.width()} x {canvas.height()}")

    def say(what: str, call: Callable[[], object]) -> None:
        begin = time.perf_counter()
        call()
        canvas.viewport.repaint()
        application.processEvents()
        memory = psutil.Process().memory_info().rss / 1e6
        print(f"  {what}: {time.perf_counter() - begin:.2f} s, memory {memory:.0f} MB", flush=True)

    say("before", lambda: None)
    pixels = []
    say("pixels for the screen", lambda: pixels.append(choose(sample, "rgb").pixels(sample)))
    say("first look", lambda: canvas.show_image(pixels[0]))
    say("map", lambda: canvas.show_map(values, ColourScale(0, 10, OperatingPoint(4, 6))))
    for name, turn in (("zooming in", 120), ("zooming out", -120)):
        tell(name, canvas, [turn] * 14)
    for _ in range(5):
        wheel(canvas, 120)
    moves(canvas)
    steps = []
    for limit in np.linspace(3, 7, 20):
        begin = time.perf_counter()
        canvas.show_map(values, ColourScale(0, 10, OperatingPoint(float(limit), 8)))
        canvas.viewport.repaint()
        steps.append(time.perf_counter() - begin)
    print(f"  a moved limit: {median(steps) * 1e3:.0f} ms, at most {max(steps) * 1e3:.0f} ms")
    begin = time.perf_counter()
    canvas._draw_outline()
    canvas.viewport.repaint()
    print(f"  the outline when it rests: {time.perf_counter() - begin:.2f} s")
    steps = []
    for share in np.linspace(0, 1, 20):
        begin = time.perf_counter()
        canvas.set_opacity(float(share))
        canvas.viewport.repaint()
        steps.append(time.perf_counter() - begin)
    print(f"  another opacity: {median(steps) * 1e3:.0f} ms, at most {max(steps) * 1e3:.0f} ms")
    say("at the end", canvas.fit)
    if options.picture is not None:
        canvas.grab().save(str(options.picture))


def tell(name: str, canvas: ImageCanvas, turns: list[int]) -> None:
    """Turn the wheel and print how long frames took."""
    steps = [wheel(canvas, turn) for turn in turns]
    print(f"  {name}: {median(steps) * 1e3:.0f} ms a frame, at most {max(steps) * 1e3:.0f} ms")


def wheel(canvas: ImageCanvas, turn: int) -> float:
    """Turn the wheel once; return the seconds until it is drawn."""
    viewport = canvas.viewport
    at = QPointF(viewport.rect().center()) + QPointF(60, -60)
    none, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    where = viewport.mapToGlobal(at)
    event = QWheelEvent(at, where, QPoint(), QPoint(0, turn), none, no_key, phase, False)
    begin = time.perf_counter()
    QApplication.sendEvent(viewport, event)
    viewport.repaint()
    return time.perf_counter() - begin


def moves(canvas: ImageCanvas) -> None:
    """Drag the image and print how long frames took."""
    viewport, steps = canvas.viewport, []
    centre = viewport.rect().center()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=centre)
    for step in range(30):
        QTest.qWait(15)  # moves that follow each other at once are dropped
        begin = time.perf_counter()
        QTest.mouseMove(viewport, centre - QPoint(12 * step, 8 * step))
        viewport.repaint()
        steps.append(time.perf_counter() - begin)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=centre)
    print(f"  dragging: {median(steps) * 1e3:.0f} ms a frame, at most {max(steps) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
