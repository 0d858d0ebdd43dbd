"""Time from start to a shown window, and memory at rest with one part.

python benchmarks/window.py MODEL PART [--runs 5]       (needs a display; xvfb-run will do)
"""

import argparse
import subprocess
import sys
from pathlib import Path
from statistics import median

PROBE = """
import sys, time
start = time.perf_counter()
import app.application as application
from PySide6.QtCore import QTimer
import psutil

def shown():
    print("shown", time.perf_counter() - start, "torch" in sys.modules, flush=True)
    QTimer.singleShot(15000, rest)

def rest():
    memory = psutil.Process().memory_full_info()
    print("memory", memory.rss / 1e6, memory.uss / 1e6, flush=True)
    from PySide6.QtWidgets import QApplication
    QApplication.closeAllWindows()

from PySide6.QtWidgets import QMainWindow
first = QMainWindow.showEvent
def show_event(window, event):
    first(window, event)
    QTimer.singleShot(0, shown)
QMainWindow.showEvent = show_event
from pathlib import Path
application.run(Path(sys.argv[1]), [Path(sys.argv[2])])
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("part", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    times, memories = [], []
    for _ in range(options.runs):
        command = [sys.executable, "-c", PROBE, str(options.model), str(options.part)]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        lines = [line.split() for line in output.splitlines()]
        # The 3D view is a main window too, and comes later.
        times.append(next(float(words[1]) for words in lines if words[0] == "shown"))
        memories += [[float(v) for v in words[1:]] for words in lines if words[0] == "memory"]
    print(f"start to shown: {median(times):.2f} s (median of {len(times)})")
    print(f"resident {median(m[0] for m in memories):.0f} MB, ", end="")
    print(f"private {median(m[1] for m in memories):.0f} MB")


if __name__ == "__main__":
    main()
