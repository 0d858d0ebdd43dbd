"""How often quality over time alarms without reason and with one, and how long it takes.

python benchmarks/quality.py [--runs 300] [--weeks 200]
"""

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import store_of_weeks

from cmdiad_core.quality import drift, kappa
from cmdiad_core.store import Store
from cmdiad_core.workflows.quality import Calibrated, measure_quality

START = datetime(2026, 1, 5, tzinfo=UTC)


def drifts(
    runs: int, calibration: int, days: int, daily: int, shift: float, widen: float = 1.0
) -> None:
    """Print how often charts alarm whose second half is shifted, and after how many parts.

    Every hundredth part is defective. As on the page, only parts that score below the 90th
    percentile of the calibration scores count, and the calibration scores below it.
    """
    rng = np.random.default_rng(3)
    parts = days * daily
    times = [START + timedelta(days=n // daily, seconds=n % daily) for n in range(parts)]
    alarms, delays = 0, []
    for _ in range(runs):
        known, scores = rng.gamma(4, size=calibration), rng.gamma(4, size=parts)
        limit = np.sort(known)[-(calibration // 10)]
        # A gamma distribution of shape 4 has the standard deviation 2.
        scores[parts // 2 :] = 4 + widen * (scores[parts // 2 :] - 4) + 2 * shift
        scores[rng.random(parts) < 0.01] += 6
        accepted = np.flatnonzero(scores < limit)
        moments = [times[one] for one in accepted]
        since = drift(scores[accepted], moments, known[known < limit]).alarm_since
        if since is not None:
            alarms += 1
            delays.append(times.index(since) - parts // 2)
    late = [one for one in delays if one >= 0]
    delay = f", median delay {np.median(late):.0f} parts" if late else ""
    print(
        f"{calibration} calibration scores, {days} days of {daily} parts, shift {shift} sd, "
        f"spread x {widen}: alarms in {alarms / runs:.1%} of {runs}{delay}",
        flush=True,
    )


def intervals(runs: int) -> None:
    """Print how often the interval of kappa holds the true one."""
    rng = np.random.default_rng(4)
    cells = np.array([[0.45, 0.03, 0.02], [0.03, 0.04, 0.03], [0.02, 0.03, 0.35]])
    chance = cells.sum(0) @ cells.sum(1)
    true = (np.trace(cells) - chance) / (1 - chance)
    for parts in (20, 50, 200):
        held = 0
        for _ in range(runs):
            drawn = rng.choice(9, size=parts, p=cells.ravel())
            found = kappa((drawn // 3).tolist(), (drawn % 3).tolist())
            held += found.value is not None and found.low <= true <= found.high
        print(f"kappa {true:.2f}, {parts} parts: held by the interval in {held / runs:.1%}")


def duration(weeks: int) -> None:
    """Print how long a large store takes."""
    store_of_weeks.WEEKS = weeks
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store.sqlite")
        store_of_weeks.fill(store, per_week=420)
        model = Calibrated(
            store_of_weeks.MODEL_ID,
            {store_of_weeks.MEASURED: store_of_weeks.CALIBRATION},
            store_of_weeks.LIMITS.accept_below,
        )
        for which in ("first", "second"):
            begin, cpu = time.perf_counter(), time.process_time()
            measure_quality(store, model)
            print(
                f"{len(store.verdicts())} verdicts, {weeks} weeks, {which} time: "
                f"{time.perf_counter() - begin:.1f} s, {time.process_time() - cpu:.1f} s of CPU"
            )
        store.close()


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--weeks", type=int, default=200)
    options = parser.parse_args()
    for calibration, days, daily in ((20, 10, 20), (40, 20, 50), (100, 20, 500), (200, 20, 50)):
        for shift in (0.0, 0.5, 1.0):
            drifts(options.runs, calibration, days, daily, shift)
    drifts(options.runs, 200, 20, 50, 0.0, widen=2.0)
    intervals(5 * options.runs)
    duration(options.weeks)


if __name__ == "__main__":
    main()
