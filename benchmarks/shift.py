"""A long shift: seconds to the next part, and memory over 300 parts and 50 windows.

    xvfb-run -a python benchmarks/shift.py MODEL PARTS

A part is there when its inspection is in the session and the window was painted with it. Not
cached means read from the disk and inspected; cached means shown before. Memory is what belongs
to this process alone, after garbage was collected.
"""

import argparse
import gc
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication

from app import actions, application
from app.main_window import MainWindow
from app.workbench import Workbench

_PARTS = 300
_WINDOWS = 50
_SETTLED = 30
_PATIENCE_S = 600.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("parts", type=Path)
    options = parser.parse_args()
    app = application.create_application()
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        bench = application.create_workbench(settings, Path(folder) / "store.sqlite")
        window = MainWindow(bench)
        window.show()
        window.start()
        actions.open_model(bench, options.model)
        _until(app, lambda: bench.session.detector is not None and window.cloud.is_ready)
        actions.open_parts(bench, [options.parts])
        _until(app, lambda: bool(bench.session.entries) and not bench.session.remaining)
        _next_parts(app, bench)
        _many_parts(app, bench)
        window.close()
        window.deleteLater()
        _many_windows(app, settings, Path(folder) / "store.sqlite")


def _next_parts(app: QApplication, bench: Workbench) -> None:
    ids = list(bench.session.ordered)
    bench.session.shelf.clear()
    fresh = [_show(app, bench, part_id) for part_id in ids[:20]]
    known = [_show(app, bench, part_id) for part_id in reversed(ids[15:20])]
    print(f"next part, not cached: {median(fresh):.3f} s; cached: {median(known):.3f} s")


def _many_parts(app: QApplication, bench: Workbench) -> None:
    ids, start = list(bench.session.ordered), 0.0
    for number in range(_PARTS):
        _show(app, bench, ids[number % len(ids)])
        if number == _SETTLED:
            start = _memory()
    end = _memory()
    print(f"{_PARTS} parts: {start:.0f} MB after {_SETTLED}, {end:.0f} MB at the end", end="")
    print(f" ({end / start - 1:+.1%})")


def _many_windows(app: QApplication, settings: QSettings, store: Path) -> None:
    start = 0.0
    for number in range(_WINDOWS):
        bench = application.create_workbench(settings, store)
        window = MainWindow(bench)
        window.show()
        window.start()
        _until(app, lambda w=window: w.cloud.is_ready)
        window.close()
        window.deleteLater()
        del window, bench
        _collect(app)
        if number == _SETTLED:
            start = _memory()
    end = _memory()
    print(f"{_WINDOWS} windows: {start:.0f} MB after {_SETTLED}, {end:.0f} MB at the end", end="")
    print(f" ({end / start - 1:+.1%})")


def _show(app: QApplication, bench: Workbench, part_id: str) -> float:
    start = perf_counter()
    actions.show_part(bench, part_id)
    session = bench.session
    _until(app, lambda: session.current == part_id and session.inspection is not None)
    for window in app.topLevelWidgets():
        if window.isVisible():
            window.repaint()
    app.processEvents()
    return perf_counter() - start


def _until(app: QApplication, done: Callable[[], bool]) -> None:
    end = perf_counter() + _PATIENCE_S
    while not done():
        if perf_counter() > end:
            raise SystemExit("the window did not get ready")
        app.processEvents()
        sleep(0.001)


def _collect(app: QApplication) -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()
    gc.collect()


def _memory() -> float:
    gc.collect()
    return psutil.Process().memory_full_info().uss / 1e6


if __name__ == "__main__":
    main()
