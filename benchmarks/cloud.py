"""Turning, pointing at and recolouring large clouds, with real mouse events on the window.

python benchmarks/cloud.py [--millions 1 10] [--picture FOLDER]

Needs a display; xvfb-run will do.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import SimpleNamespace

import numpy as np
import psutil
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.application import create_application, create_workbench
from app.main_window import MainWindow
from app.panels.cloud.scene import Scene
from app.workbench import Workbench
from cmdiad_core.inspection import Inspection, ModalityResult, OperatingPoint, Provenance
from cmdiad_core.sample import PartFiles, Sample

LIMITS = OperatingPoint(4.0, 6.0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 10])
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    application = create_application()
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        bench = create_workbench(store, Path(folder) / "store.sqlite")
        window = MainWindow(bench)
        window.resize(1480, 920)
        window.show()
        window.start()
        until(lambda: window.cloud.is_ready)
        window._splitters["views"].setSizes([100, 900])
        bench.session.detector = SimpleNamespace(
            scale=(0.0, 10.0), operating_point=LIMITS, modalities=("cloud",), calibration_scores={}
        )
        bench.session.operating_point = LIMITS
        for millions in options.millions:
            measure(window, bench, int(np.sqrt(millions * 1e6)), options.picture)
        window.close()
        application.processEvents()


def measure(window: MainWindow, bench: Workbench, side: int, pictures: Path | None) -> None:
    """Show a cloud of `side` x `side` points and use it."""
    start, session = time.perf_counter(), bench.session
    sample, inspection = part(side)
    session.set_parts([PartFiles(sample.id, {})])
    session.show(sample.id)
    session.add_inspection(sample.id, sample, inspection)
    until(lambda: window.cloud.view.space is not None and window.cloud.camera() != [])
    space = window.cloud.view.space
    scene, widget = space.scene, space._plotter
    QTest.qWait(500)
    print(f"{side**2:,} points, view {widget.width()} x {widget.height()}")
    print(f"  from the part to the picture: {time.perf_counter() - start:.1f} s")
    for number in range(3):
        frames, seconds = drag(widget, 3.0)
        points = scene.size
        rested, longest = rest(scene)
        shown = f"{frames / seconds:.1f} frames a second, {points:,} points"
        print(f"  drag {number + 1}: {shown}; whole {rested:.1f} s after, ", end="")
        print(f"the window held for {longest * 1e3:.0f} ms at most")
    picks = []
    for _ in range(50):
        begin = time.perf_counter()
        scene.pick(*np.random.default_rng(len(picks)).uniform(0.3, 0.7, 2))
        picks.append(time.perf_counter() - begin)
    print(f"  finding the point under the mouse: {median(picks) * 1e3:.1f} ms, ", end="")
    print(f"the first {picks[0] * 1e3:.0f} ms")
    hovers = hover(widget)
    print(f"  a mouse move without a button, views drawn: {hovers * 1e3:.1f} ms")
    steps = limits(bench)
    print(f"  dragging a limit: {1 / median(steps):.0f} updates a second, ", end="")
    print(f"the slowest {max(steps) * 1e3:.0f} ms")
    rested, longest = rest(scene)
    print(f"  whole {rested:.1f} s after, the window held for {longest * 1e3:.0f} ms at most")
    print(f"  memory {psutil.Process().memory_info().rss / 1e6:.0f} MB", flush=True)
    if pictures is not None:
        window.grab().save(str(pictures / f"cloud-{side}.png"))
        scene.move()
        space.refresh()
        QTest.qWait(300)
        window.grab().save(str(pictures / f"cloud-{side}-moving.png"))
        scene.rest()


def part(side: int) -> tuple[Sample, Inspection]:
    """Return a bumpy plate with one flagged area."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    cloud = np.stack([x * 0.2, y * 0.2, 0.5 + 0.004 * np.sin(31 * x) * np.cos(23 * y)], axis=-1)
    values = 8 * np.exp(-((x - 0.6) ** 2 + (y - 0.4) ** 2) * 60)
    sample = Sample(f"plate-{side}", {"cloud": cloud.astype(np.float32)}, metric=True)
    result = ModalityResult(Provenance.MEASURED, values)
    return sample, Inspection(
        sample_id=sample.id,
        model_id="",
        score=8.0,
        p_value=0.1,
        p_value_without_predictions=0.1,
        calibration_size=10,
        operating_point=LIMITS,
        map=values,
        modalities={"cloud": result},
        regions=(),
        score_without_predictions=8.0,
        seconds={},
    )


def drag(widget: QWidget, seconds: float) -> tuple[int, float]:
    """Turn by the mouse; return frames drawn and the time they took."""
    times: list[float] = []
    count = widget.painted.connect(lambda _: times.append(time.perf_counter()))
    centre = widget.rect().center()
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=centre)
    start = time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        at = QPoint(int(90 * np.sin(2 * passed)), int(40 * np.sin(3 * passed)))
        QTest.mouseMove(widget, centre + at)
        QTest.qWait(1)
    widget.painted.disconnect(count)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=centre + at)
    return len(times) - 1, times[-1] - times[0]


def hover(widget: QWidget) -> float:
    """Move the mouse over the cloud; return the median time until everything is drawn."""
    took = []
    for step in range(30):
        begin = time.perf_counter()
        QTest.mouseMove(widget, widget.rect().center() + QPoint(3 * step - 45, step))
        QTest.qWait(0)
        took.append(time.perf_counter() - begin)
    return median(took)


def rest(scene: Scene) -> tuple[float, float]:
    """Wait until all is drawn; return the time it took, and the longest without the window."""
    begin = last = time.perf_counter()
    longest = 0.0
    while not scene.is_whole:
        QTest.qWait(0)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return last - begin, longest


def limits(bench: Workbench) -> list[float]:
    """Drag the accept limit for two seconds; return the time of each update."""
    took = []
    for limit in np.linspace(2, 5, 40):
        begin = time.perf_counter()
        bench.session.set_operating_point(OperatingPoint(float(limit), 6.0))
        QTest.qWait(0)
        took.append(time.perf_counter() - begin)
        time.sleep(0.02)
    return took


def until(done: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    while not done():
        QTest.qWait(10)


if __name__ == "__main__":
    main()
