"""Replay on demo parts: how many escapes remain when some parts are sent near-line.

python benchmarks/nearline_choice.py [--seeds 21,22,23,24,25,26] [--budget 10] [--teach]

A model learns from 30 good parts, 20 more calibrate it. In-line, only one sensor looks at 60 good
and 45 defective others. Parts that it accepts leave the line unless they are among those sent
near-line, which finds every defect. Escapes are the defective parts that leave. Compared by who
chooses: the product's ranking, chance among accepted parts and among all (1,000 draws each), the
highest scores among the accepted and among all, and the scores nearest to one of the two limits.

With `--teach` the parts that were sent come back: all sensors have measured them, and what they are
is confirmed. *Teach* makes a model of each choice (chance: the mean of 3 draws among the accepted),
and each judges the next lot, 40 good and 36 defective parts, in-line with the same sensor.
"""

import argparse
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.demo import generate
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
from cmdiad_core.detector import Detector
from cmdiad_core.detector.lineage import Depth
from cmdiad_core.detector.looking import Look
from cmdiad_core.inspection import Inspection, Verdict
from cmdiad_core.metrics import auroc
from cmdiad_core.progress import silent
from cmdiad_core.sample import PartFiles
from cmdiad_core.scoring import ErrorRates, choose, doubt
from cmdiad_core.workflows.retrain import retrain
from cmdiad_core.workflows.train import train

SENSORS = ("rgb", "cloud", "infrared")
CHANCE, BLIND = "chance, of the accepted", "chance, of all"
RANKING, HIGHEST = "ranking", "highest score, of the accepted"
DRAWS, TAUGHT_DRAWS = 1000, 3
NEXT_GOOD, NEXT_DEFECTIVE = 40, 36
FIGURES = "image AUROC", "escapes", "false rejects", "undecided"

#: By who chooses, a number for each of some figures.
Found = Mapping[str, tuple[float, ...]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="21,22,23,24,25,26")
    parser.add_argument("--budget", type=int, default=10)
    parser.add_argument("--teach", action="store_true")
    options = parser.parse_args()
    left: dict[str, list[Found]] = {sensor: [] for sensor in SENSORS}
    after: dict[str, list[Found]] = {sensor: [] for sensor in SENSORS}
    for seed in map(int, options.seeds.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            replay = Replay.of(Path(folder), seed, options.budget)
            for sensor in SENSORS:
                left[sensor].append(say(seed, sensor, replay.escapes(sensor)))
                if options.teach:
                    after[sensor].append(say(seed, sensor, replay.taught(sensor)))
    tell("escapes", [[{n: v[0] for n, v in one.items()} for one in left[s]] for s in SENSORS])
    for place, title in enumerate(FIGURES) if options.teach else ():
        rows = [[{n: v[place] for n, v in one.items()} for one in after[s]] for s in SENSORS]
        tell(f"{title} of the next lot", rows)


def say(seed: int, sensor: str, found: Found) -> Found:
    """Print what was found, and return it."""
    shown = (f"{name} {', '.join(f'{v:.3g}' for v in values)}" for name, values in found.items())
    print(f"seed {seed}, {sensor}: {'; '.join(shown)}", flush=True)
    return found


@dataclass
class Replay:
    """One seed: a model, and a lot that one sensor looks at."""

    folder: Path
    seed: int
    budget: int
    model: Detector
    parts: Sequence[PartFiles]
    rng: np.random.Generator

    @classmethod
    def of(cls, folder: Path, seed: int, budget: int) -> "Replay":
        """Make the parts and the model."""
        data = folder / "parts"
        generate(data, seed, train=30, validation=20, test_good=60, test_defective=45)
        options = {"wanted": None, "encoders": {}, "seed": seed, "device": "auto"}
        model = train(data, folder / "model", **options, progress=silent, skipped=print)
        parts = open_dataset(data).split("test")
        return cls(folder, seed, budget, model, parts, np.random.default_rng(seed))

    def escapes(self, sensor: str) -> Found:
        """Return how many escapes remain, by who chooses."""
        seen = self._seen(sensor)
        accepted = np.array([one.verdict is Verdict.ACCEPT for one in seen])
        escaped = accepted & np.array([bool(part.defective) for part in self.parts])
        remaining = {"none sent": (float(escaped.sum()),)}
        for name, sent in self._chosen(seen).items():
            remaining[name] = (float(escaped.sum() - escaped[sent].sum()),)
        for name, pool in (
            (CHANCE, np.flatnonzero(accepted)),
            (BLIND, np.arange(len(self.parts))),
        ):
            counts = [escaped.sum() - escaped[self._drawn(pool)].sum() for _ in range(DRAWS)]
            remaining[name] = (float(np.mean(counts)),)
        return remaining

    def taught(self, sensor: str) -> Found:
        """Return the figures of the next lot once those sent were taught, by who chooses."""
        lot, seen = self._next_lot(), self._seen(sensor)
        passed = np.flatnonzero([one.verdict is Verdict.ACCEPT for one in seen])
        looks = [self.model.look(load_sample(part).using((sensor,))) for part in lot]
        truth = np.array([bool(part.defective) for part in lot])
        chosen = self._chosen(seen)
        found = {"none sent": judged(self.model, looks, truth)}
        for name in (RANKING, HIGHEST):
            found[name] = judged(self._teach(chosen[name]), looks, truth)
        draws = [
            judged(self._teach(self._drawn(passed)), looks, truth) for _ in range(TAUGHT_DRAWS)
        ]
        found[CHANCE] = tuple(map(float, np.mean(draws, axis=0)))
        return found

    def _seen(self, sensor: str) -> list[Inspection]:
        return [self.model.inspect(load_sample(part), using=(sensor,)) for part in self.parts]

    def _chosen(self, seen: Sequence[Inspection]) -> Mapping[str, Sequence[int]]:
        numbers = {part.id: number for number, part in enumerate(self.parts)}
        ranked = [numbers[choice.part] for choice in choose([*map(doubt, seen)], self.budget)]
        passed = np.flatnonzero([one.verdict is Verdict.ACCEPT for one in seen])
        by_hand = simple(seen, passed)
        return {RANKING: ranked} | {n: [*order[: self.budget]] for n, order in by_hand.items()}

    def _drawn(self, pool: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.rng.choice(pool, min(self.budget, len(pool)), replace=False)

    def _next_lot(self) -> Sequence[PartFiles]:
        data = self.folder / "next"
        if not data.exists():
            sizes = {"test_good": NEXT_GOOD, "test_defective": NEXT_DEFECTIVE}
            generate(data, self.seed + 1000, train=0, validation=0, **sizes)
        return open_dataset(data).split("test")

    def _teach(self, sent: Sequence[int] | NDArray[np.int64]) -> Detector:
        """Return what *teach* makes of the parts that were sent, as all sensors measured them."""
        data, labels, out = (self.folder / name for name in ("parts", "labels", "taught"))
        for stale in (labels, out):
            shutil.rmtree(stale, ignore_errors=True)
        shutil.copytree(data / "calibration", labels / "calibration")
        for path in (path for number in sent for path in self.parts[number].files.values()):
            target = labels / path.relative_to(data)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        model, depth = self.folder / "model", Depth.TEACH
        return retrain(model, out, depth=depth, labels=labels, progress=silent, skipped=print)


def judged(model: Detector, looks: Sequence[Look], truth: NDArray[np.bool_]) -> tuple[float, ...]:
    """Return `FIGURES` of a model on parts that were looked at."""
    scores, point = np.array([model.score(look) for look in looks]), model.operating_point
    rates = ErrorRates.at(point, scores[~truth], scores[truth])
    between = int(((scores >= point.accept_below) & (scores < point.reject_from)).sum())
    counts = rates.escapes.count, rates.false_rejects.count, between
    return (auroc(truth, scores), *map(float, counts))


def simple(
    seen: Sequence[Inspection], passed: NDArray[np.int64]
) -> Mapping[str, NDArray[np.int64]]:
    """Return the orders of who looks at the score only."""
    scores = np.array([one.score for one in seen])
    limits = seen[0].operating_point
    apart = np.abs(scores[:, None] - [limits.accept_below, limits.reject_from]).min(1)
    return {
        HIGHEST: passed[np.argsort(-scores[passed])],
        "highest score, of all": np.argsort(-scores),
        "nearest to a limit, of all": np.argsort(apart),
    }


def tell(title: str, found: Sequence[Sequence[Mapping[str, float]]]) -> None:
    """Print mean and spread over the seeds, and the differences from chance; rows are sensors."""
    table = {n: np.array([[one[n] for one in row] for row in found]) for n in found[0][0]}
    print(f"\n{title}\n\n| who chooses | {' | '.join(SENSORS)} | all | less than chance |")
    print("|---|---|---|---|---|---|")
    for name, values in table.items():
        cells = [f"{row.mean():.3g} ± {row.std(ddof=1):.2g}" for row in (*values, values.mean(0))]
        # One number a seed: its sensors see the same parts.
        less = (table[CHANCE] - values).mean(0)
        low, high = interval(less)
        print(f"| {name} | {' | '.join(cells)} | {less.mean():.3f} ({low:.3f} to {high:.3f}) |")


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % interval of the mean by Student's t."""
    from scipy.stats import t

    half = float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return float(values.mean() - half), float(values.mean() + half)


if __name__ == "__main__":
    main()
