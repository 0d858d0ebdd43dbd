"""A queue of 50,000 parts: seconds until it can be used, and frames a second while scrolling.

    xvfb-run -a python benchmarks/long_queue.py [--parts 50000]

Every part is a file of its own on the disk. Opening is timed from the action to the first table
that shows all parts; scrolling turns the wheel of the real mouse events over the table, then over
the pictures, and counts what was painted.
"""

import argparse
import statistics
import tempfile
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication

from app import actions, application
from app.main_window import MainWindow

_TURNS = 200
_PICTURE = 64


def main() -> None:
    """Open, scroll, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", type=int, default=50_000)
    count = parser.parse_args().parts
    app = application.create_application()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "parts" / "rgb"
        _write(root, count)
        settings = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        bench = application.create_workbench(settings, Path(folder) / "store.sqlite")
        window = MainWindow(bench)
        window.show()
        start = perf_counter()
        actions.open_parts(bench, [root.parent])
        view = window.queue.view
        _until(app, lambda: view.table.model().rowCount() == count)
        view.table.repaint()
        print(f"{count} parts: table after {perf_counter() - start:.2f} s")
        start = perf_counter()
        view.search.setText("4999")
        view.table.repaint()
        print(f"search: {perf_counter() - start:.3f} s for {view.table.model().rowCount()} parts")
        view.search.setText("")
        print(f"table: {_frames(app, view.table):.0f} frames a second")
        view.pictures.setChecked(True)
        print(f"pictures: {_frames(app, view.film):.0f} frames a second")
        window.close()


def _write(root: Path, count: int) -> None:
    root.mkdir(parents=True)
    rng = np.random.default_rng(0)
    first = root / "part-00000.png"
    Image.fromarray(rng.integers(0, 255, (_PICTURE, _PICTURE, 3), np.uint8)).save(first)
    for number in range(1, count):
        (root / f"part-{number:05d}.png").hardlink_to(first)


def _until(app: QApplication, done: object) -> None:
    while not done():  # type: ignore[operator]
        app.processEvents()
        sleep(0.001)


def _frames(app: QApplication, view: QAbstractItemView) -> float:
    port, seconds = view.viewport(), []
    middle = QPointF(port.rect().center())
    app.processEvents()
    for _ in range(_TURNS):
        start = perf_counter()
        event = QWheelEvent(
            middle,
            QPointF(port.mapToGlobal(middle.toPoint())),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        app.sendEvent(port, event)
        port.repaint()
        app.processEvents()
        seconds.append(perf_counter() - start)
    return 1 / statistics.median(seconds)


if __name__ == "__main__":
    main()
