"""Updates a second while a limit is dragged over a long queue, a large map and a cloud.

python benchmarks/limits.py [--moves 100]       (needs a display; xvfb-run will do)
"""

import argparse
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import numpy as np
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import actions, application
from app.main_window import MainWindow
from cmdiad_core.inspection import Inspection, ModalityResult, OperatingPoint, Provenance
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.scoring import find_regions, smooth

SIDE = 1024
POINTS = 100_000
PARTS = 10_000


@dataclass(frozen=True)
class Model:
    """What the window asks of a detector whose parts were all inspected."""

    id: str = "0123456789abcdef"
    name: str = "benchmark"
    modalities: tuple[str, ...] = ("rgb", "cloud")
    device: str = "cpu"
    operating_point: OperatingPoint = field(default_factory=lambda: OperatingPoint(0.8, 1.0))
    scale: tuple[float, float] = (0.0, 3.0)
    training_parts: tuple[()] = ()
    calibration_scores: dict[tuple[str, ...], np.ndarray] = field(
        default_factory=lambda: {("cloud", "rgb"): np.random.default_rng(1).normal(0, 0.5, 200)}
    )


def inspected() -> tuple[Sample, Inspection]:
    """Return a part with a map of a megapixel and its inspection."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float32) / SIDE
    cloud = np.stack([columns * 0.1, rows * 0.1, 0.3 + 0.002 * np.sin(20 * rows)], axis=-1)
    cloud[rng.permutation(SIDE * SIDE).reshape(SIDE, SIDE) >= POINTS] = np.nan
    fused = rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32)
    for _ in range(40):
        fused = smooth(fused)
    fused = fused / np.float32(fused.std()) * np.float32(0.5) + np.float32(0.5)
    sample = Sample("part/0", {"rgb": rng.random((SIDE, SIDE, 3), np.float32), "cloud": cloud})
    limits = Model().operating_point
    measured = {name: ModalityResult(Provenance.MEASURED, fused) for name in Model().modalities}
    regions = find_regions(fused, limits.accept_below, {"rgb": (Provenance.MEASURED, fused)}, None)
    score = float(fused.max())
    return sample, Inspection(
        "part/0", Model().id, score, 0.01, 200, limits, fused, measured, regions, score, 0.01, {}
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=100)
    options = parser.parse_args()
    qt = application.create_application()
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        bench = application.create_workbench(store, Path(folder) / "store.sqlite")
        window = MainWindow(bench)
        window.resize(1600, 1000)
        window.show()
        window.start()
        _fill(bench)
        while not window.cloud.is_ready:
            qt.processEvents()
        actions.show_part(bench, "part/0")
        _rest(qt)
        times = _drag(qt, window, options.moves)
        window.close()
    print(f"{PARTS} scores, map of {SIDE} x {SIDE}, {POINTS} points")
    print(f"{len(times) / sum(times):.1f} updates a second over {len(times)} moves of the mouse,")
    print(f"95 % within {quantiles(times, n=20)[-1] * 1000:.0f} ms")


def _fill(bench) -> None:
    sample, inspection = inspected()
    files = dict.fromkeys(sample.measured, Path("part"))
    bench.session.set_model(Model(), Path(), "")
    bench.session.set_parts(
        PartFiles(f"part/{n}", files, defective=(None, False, True)[n % 3]) for n in range(PARTS)
    )
    rng = np.random.default_rng(2)
    small = Sample("small", {"rgb": np.zeros((2, 2, 3), np.float32)})
    for number, score in enumerate(rng.gumbel(0.5, 0.5, PARTS)):
        light = Inspection(
            f"part/{number}", "", float(score), 0.5, 200, inspection.operating_point,
            None, {}, (), float(score), 0.5, {},
        )  # fmt: skip
        bench.session.add_inspection(f"part/{number}", small, light)
    bench.session.add_inspection("part/0", sample, inspection)


def _drag(qt: QApplication, window: MainWindow, moves: int) -> list[float]:
    view = window.operating_point.view
    plot = view.plot.viewport()
    low, high = view.place_of(0.3), view.place_of(2.7)
    start = view.place_of(window.operating_point.view.accept_line.value())
    _mouse(QTest.mousePress, plot, start)
    times, seen = [], set()
    for number in range(moves):
        share = abs(2 * (number / moves) - 1)
        place = QPointF(low.x() + share * (high.x() - low.x()), start.y())
        began = perf_counter()
        QTest.mouseMove(plot, place.toPoint())
        qt.processEvents()
        times.append(perf_counter() - began)
        seen.add(view.accept_box.value())
    _mouse(QTest.mouseRelease, plot, place)
    assert len(seen) > moves / 4, f"the line stood still: {len(seen)} places of {moves}"
    return times


def _mouse(act, widget, place: QPointF) -> None:
    act(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place.toPoint())


def _rest(qt: QApplication) -> None:
    end = perf_counter() + 2
    while perf_counter() < end:
        qt.processEvents()


if __name__ == "__main__":
    main()
