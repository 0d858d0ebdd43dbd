"""Replay of a line on demo parts: labelled parts come in rounds and the model is retrained.

python benchmarks/retraining.py [--seeds 21] [--rounds 10] [--rebuild-at 5,10]

Starts with 20 good parts, without validation parts. Every round brings 7 good and 3 defective
parts that were labelled; *teach* makes the next model of the one before. Beside it stand *rebuild*
from all parts so far and the first model, which is never retrained. All are judged on the same 30
good and 36 defective parts that none of them learned from, each at its own limits.
"""

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from cmdiad_core.data.demo import generate
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
from cmdiad_core.detector import Detector
from cmdiad_core.detector.lineage import Depth
from cmdiad_core.metrics import auroc
from cmdiad_core.progress import silent
from cmdiad_core.sample import PartFiles
from cmdiad_core.scoring import ErrorRates
from cmdiad_core.workflows.retrain import retrain
from cmdiad_core.workflows.train import train

START, GOOD, DEFECTIVE = 20, 7, 3
TEST_GOOD, TEST_DEFECTIVE = 30, 36


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="21")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--rebuild-at", default="5,10")
    options = parser.parse_args()
    rebuilt = [int(number) for number in options.rebuild_at.split(",")]
    for seed in options.seeds.split(","):
        with tempfile.TemporaryDirectory() as folder:
            replay(Path(folder), int(seed), options.rounds, rebuilt)


def replay(folder: Path, seed: int, rounds: int, rebuilt: Sequence[int]) -> None:
    """Print the curve of one seed."""
    data = folder / "parts"
    good, bad = TEST_GOOD + GOOD * rounds, TEST_DEFECTIVE + DEFECTIVE * rounds
    generate(data, seed, train=START, validation=0, test_good=good, test_defective=bad)
    order = np.random.default_rng(seed)
    parts = open_dataset(data).split("test")
    goods, bads = ([p for p in parts if p.defective is truth] for truth in (False, True))
    order.shuffle(goods)
    order.shuffle(bads)
    test = goods[:TEST_GOOD] + bads[:TEST_DEFECTIVE]
    stream = goods[TEST_GOOD:], bads[TEST_DEFECTIVE:]

    print(
        f"\nSeed {seed}\n\n| round | model | image AUROC | escapes | false rejects | undecided |",
        end="",
    )
    print(" s | processor s |\n|---|---|---|---|---|---|---|---|")
    options = {"wanted": None, "encoders": {}, "seed": seed, "device": "auto"}
    begun = perf_counter(), process_time()
    train(data, folder / "0", **options, progress=silent, skipped=print)
    tell(0, "never retrained", folder / "0", test, begun)
    for number in range(1, rounds + 1):
        place = (
            slice(GOOD * (number - 1), GOOD * number),
            slice(DEFECTIVE * (number - 1), DEFECTIVE * number),
        )
        new = [*stream[0][place[0]], *stream[1][place[1]]]
        copy(new, data, folder / f"labels-{number}")
        copy(new, data, folder / "labels")
        begun = perf_counter(), process_time()
        step(
            folder / str(number - 1), folder / str(number), Depth.TEACH, folder / f"labels-{number}"
        )
        tell(number, "teach", folder / str(number), test, begun)
        if number in rebuilt:
            begun = perf_counter(), process_time()
            step(folder / "0", folder / f"rebuilt-{number}", Depth.REBUILD, folder / "labels")
            tell(number, "rebuild", folder / f"rebuilt-{number}", test, begun)


def step(model: Path, out: Path, depth: Depth, labels: Path) -> None:
    """Make the next model."""
    retrain(model, out, depth=depth, labels=labels, progress=silent, skipped=print)


def copy(parts: Sequence[PartFiles], data: Path, labels: Path) -> None:
    """Add parts to a data set of labelled parts."""
    for part in parts:
        for path in part.files.values():
            target = labels / path.relative_to(data)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    if not (labels / "calibration").exists():
        shutil.copytree(data / "calibration", labels / "calibration")


def tell(
    number: int, name: str, model: Path, test: Sequence[PartFiles], begun: tuple[float, float]
) -> None:
    """Print what a model says of the test parts, and how long it took to make."""
    wall, processor = perf_counter() - begun[0], process_time() - begun[1]
    detector = Detector.load(model)
    scores = np.array([detector.inspect(load_sample(part)).score for part in test])
    truth = np.array([bool(part.defective) for part in test])
    point = detector.operating_point
    rates = ErrorRates.at(point, scores[~truth], scores[truth])
    between = int(((scores >= point.accept_below) & (scores < point.reject_from)).sum())
    print(
        f"| {number} | {name} | {auroc(truth, scores):.3f} | {rates.escapes.count}"
        f" | {rates.false_rejects.count} | {between} | {wall:.1f} | {processor:.1f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
