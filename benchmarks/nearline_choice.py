"""Replay on demo parts: how many escapes remain when some parts are sent near-line.

python benchmarks/nearline_choice.py [--seeds 21,22,23,24,25,26] [--budget 10]

A model learns from 30 good parts, 20 more calibrate it. In-line, only one sensor looks at 60 good
and 45 defective others. Parts that it accepts leave the line unless they are among those sent
near-line, which finds every defect. Escapes are the defective parts that leave. Compared by who
chooses: the product's ranking, chance among accepted parts and among all (1,000 draws each), the
highest scores among the accepted and among all, and the scores nearest to one of the two limits.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.demo import generate
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
from cmdiad_core.detector import Detector
from cmdiad_core.inspection import Inspection, Verdict
from cmdiad_core.progress import silent
from cmdiad_core.sample import PartFiles
from cmdiad_core.scoring import choose, doubt
from cmdiad_core.workflows.train import train

SENSORS = ("rgb", "cloud", "infrared")
CHANCE, BLIND = "chance, of the accepted", "chance, of all"
DRAWS = 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="21,22,23,24,25,26")
    parser.add_argument("--budget", type=int, default=10)
    options = parser.parse_args()
    found: dict[str, list[dict[str, float]]] = {sensor: [] for sensor in SENSORS}
    for seed in map(int, options.seeds.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            for sensor, counts in replay(Path(folder), seed, options.budget).items():
                found[sensor].append(counts)
                shown = ", ".join(f"{name} {value:.2f}" for name, value in counts.items())
                print(f"seed {seed}, {sensor}: {shown}", flush=True)
    tell(found)


def replay(folder: Path, seed: int, budget: int) -> Mapping[str, dict[str, float]]:
    """Return the escapes of one seed, by sensor and by who chooses."""
    data = folder / "parts"
    generate(data, seed, train=30, validation=20, test_good=60, test_defective=45)
    options = {"wanted": None, "encoders": {}, "seed": seed, "device": "auto"}
    model = train(data, folder / "model", **options, progress=silent, skipped=print)
    parts = open_dataset(data).split("test")
    rng = np.random.default_rng(seed)
    return {sensor: escapes(model, parts, sensor, budget, rng) for sensor in SENSORS}


def escapes(
    model: Detector, parts: Sequence[PartFiles], sensor: str, budget: int, rng: np.random.Generator
) -> dict[str, float]:
    """Return how many escapes remain, by who chooses."""
    seen = [model.inspect(load_sample(part), using=(sensor,)) for part in parts]
    accepted = np.array([one.verdict is Verdict.ACCEPT for one in seen])
    escaped = accepted & np.array([bool(part.defective) for part in parts])
    passed = np.flatnonzero(accepted)
    numbers = {part.id: number for number, part in enumerate(parts)}
    ranked = [numbers[choice.part] for choice in choose([*map(doubt, seen)], budget)]
    by_hand = simple(seen, passed)
    chosen = {"ranking": ranked} | {name: order[:budget] for name, order in by_hand.items()}
    remaining = {"none sent": float(escaped.sum())}
    remaining |= {name: float(escaped.sum() - escaped[sent].sum()) for name, sent in chosen.items()}
    for name, pool in ((CHANCE, passed), (BLIND, np.arange(len(parts)))):
        draws = [rng.choice(pool, min(budget, len(pool)), replace=False) for _ in range(DRAWS)]
        remaining[name] = float(np.mean([escaped.sum() - escaped[sent].sum() for sent in draws]))
    return remaining


def simple(
    seen: Sequence[Inspection], passed: NDArray[np.int64]
) -> Mapping[str, NDArray[np.int64]]:
    """Return the orders of who looks at the score only."""
    scores = np.array([one.score for one in seen])
    limits = seen[0].operating_point
    apart = np.abs(scores[:, None] - [limits.accept_below, limits.reject_from]).min(1)
    return {
        "highest score, of the accepted": passed[np.argsort(-scores[passed])],
        "highest score, of all": np.argsort(-scores),
        "nearest to a limit, of all": np.argsort(apart),
    }


def tell(found: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
    """Print mean and spread over the seeds, and the differences from chance."""
    names = list(found[SENSORS[0]][0])
    table = {n: np.array([[one[n] for one in found[s]] for s in SENSORS]) for n in names}
    print(f"\n| who chooses | {' | '.join(SENSORS)} | all | fewer than chance |")
    print("|---|---|---|---|---|---|")
    for name, values in table.items():
        cells = [f"{row.mean():.1f} ± {row.std(ddof=1):.1f}" for row in (*values, values.mean(0))]
        # One number a seed: its sensors see the same parts.
        fewer = (table[CHANCE] - values).mean(0)
        low, high = interval(fewer)
        print(f"| {name} | {' | '.join(cells)} | {fewer.mean():.2f} ({low:.2f} to {high:.2f}) |")


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % interval of the mean by Student's t."""
    from scipy.stats import t

    half = float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return float(values.mean() - half), float(values.mean() + half)


if __name__ == "__main__":
    main()
