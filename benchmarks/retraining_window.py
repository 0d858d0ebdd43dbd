"""How long the window stalls at most while a model is retrained, and how good the estimate is.

    python benchmarks/retraining_window.py MODEL PARTS [--good 10] [--depth teach]

Accepts good test parts of PARTS in a store of its own, opens MODEL, retrains it from the window and
asks every 5 ms how late the main thread is.
"""

import argparse
import os
import tempfile
from pathlib import Path
from time import perf_counter


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("parts", type=Path)
    parser.add_argument("--good", type=int, default=10)
    parser.add_argument("--depth", default="teach")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = str(Path(home) / kind)
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _run(asked.model, asked.parts, asked.good, asked.depth, Path(home))


def _run(model: Path, parts: Path, good: int, depth: str, home: Path) -> None:
    from PySide6.QtCore import QSettings, QTimer

    from app import actions
    from app.application import create_application, create_workbench
    from app.main_window import MainWindow
    from cmdiad_core.data.layouts import open_dataset
    from cmdiad_core.edits import Opinion, PersonVerdict
    from cmdiad_core.store.jobs import Jobs

    application = create_application()
    settings = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
    bench = create_workbench(settings, home / "store.sqlite")
    store = bench.store.open()
    chosen = [p for p in open_dataset(parts).split("test") if not p.defective][:good]
    for part in chosen:
        verdict = PersonVerdict.ACCEPT
        store.review(store.identify(part), settings.fileName(), Opinion(), verdict=verdict)
    window = MainWindow(bench)
    window.show()

    def wait(condition) -> None:
        while not condition():
            application.processEvents()

    actions.open_model(bench, model)
    actions.open_parts(bench, list(chosen[0].files.values()))
    wait(lambda: bench.session.inspection is not None)
    window.retraining.ask()
    dialog = window.retraining.dialog
    wait(dialog.buttons["start"].isEnabled)
    dialog.choice.radios[depth].setChecked(True)
    late = [0.0]
    before = [perf_counter()]

    def tick() -> None:
        now = perf_counter()
        late.append(now - before[0] - 0.005)
        before[0] = now

    timer = QTimer(interval=5)
    timer.timeout.connect(tick)
    before[0] = perf_counter()
    timer.start()
    dialog.buttons["start"].click()
    wait(lambda: not bench.retraining.is_running)
    timer.stop()
    print(bench.retraining.problem or "done")
    (job,) = Jobs(store.database).done("retrain")
    print(f"longest stall {max(late) * 1000:.0f} ms of {len(late)} ticks")
    print(f"expected {job.expected_seconds:.1f} s, took {job.seconds:.1f} s")
    print(f"expected {job.expected_bytes / 1e6:.0f} MB, took {job.peak_bytes / 1e6:.0f} MB")
    window.close()


if __name__ == "__main__":
    main()
