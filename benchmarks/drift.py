"""After how many demo parts a changed lamp is found by the drift of scores.

python benchmarks/drift.py [--seed 31] [--parts 120] [--calibration 60] [--draws 200]

A model of the photographs learns from 40 good parts; others calibrate it. Then come good parts
under the lamps of before, and the same number under changed ones. As on the page, only parts that
the model accepts count, against the calibration scores that it would accept. Charts are made of
parts drawn from both in another order each time.
"""

import argparse
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.demo import Part, draw_part, generate, render
from cmdiad_core.detector import Detector
from cmdiad_core.progress import silent
from cmdiad_core.quality import drift
from cmdiad_core.sample import Sample
from cmdiad_core.workflows.train import train

START = datetime(2026, 1, 5, tzinfo=UTC)
#: Standard deviations of good parts: 2 % of exposure, 4 mm of the place of the lamps.
CHANGES = {
    "none": lambda part, _: part,
    "15 % darker": lambda part, _: replace(part, exposure=0.85 * part.exposure),
    "30 % brighter": lambda part, _: replace(part, exposure=1.3 * part.exposure),
    "lamps 30 mm aside": lambda part, _: replace(
        part, light_shift=(part.light_shift[0] + 30, part.light_shift[1])
    ),
    "slowly darker, to 30 %": lambda part, way: replace(
        part, exposure=(1 - 0.3 * way) * part.exposure
    ),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument("--parts", type=int, default=120)
    parser.add_argument("--calibration", type=int, default=60)
    parser.add_argument("--draws", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, seed = Path(folder) / "parts", options.seed
        generate(data, seed, train=40, validation=options.calibration, test_good=1)
        asked = {"wanted": ("rgb",), "encoders": {}, "seed": seed, "device": "auto"}
        model = train(data, Path(folder) / "m", **asked, progress=silent, skipped=print)
    calibration = model.calibration_scores["rgb",]
    limit = model.operating_point.accept_below
    print(f"{(calibration < limit).sum()} of {len(calibration)} calibration scores are accepted")
    before = scores(model, seed + 1, options.parts, "none")
    for change in CHANGES:
        after = scores(model, seed + 2, options.parts, change)
        rng, delays, early = np.random.default_rng(1), [], 0
        for _ in range(options.draws):
            # What grows slowly keeps its order.
            order = np.arange(len(after)) if "slowly" in change else rng.permutation(len(after))
            together = np.append(rng.permutation(before), after[order])
            places = np.flatnonzero(together < limit)
            times = [START + timedelta(minutes=int(one)) for one in places]
            since = drift(together[places], times, calibration[calibration < limit]).alarm_since
            if since is not None:
                delay = (since - START) / timedelta(minutes=1) - len(before)
                early += delay < 0
                delays.append(delay)
        found = f", after {np.median(delays):.0f} parts (median)" if delays else ""
        print(
            f"{change}: median score {np.median(after):.2f}, was {np.median(before):.2f}; "
            f"{np.mean(after < limit):.0%} accepted, was {np.mean(before < limit):.0%}; alarm in "
            f"{len(delays) / options.draws:.0%} of {options.draws}, {early} too early{found}",
            flush=True,
        )


def scores(model: Detector, seed: int, count: int, change: str) -> NDArray[np.float64]:
    """Return the scores of good parts under changed lamps."""
    found = []
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        part: Part = CHANGES[change](draw_part(rng, None), number / count)
        photograph = render(part, rng).rgb.astype(np.float32) / 255
        found.append(model.inspect(Sample(str(number), {"rgb": photograph})).score)
    return np.array(found)


if __name__ == "__main__":
    main()
