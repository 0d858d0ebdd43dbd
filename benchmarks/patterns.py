"""Metrics of every availability pattern over several seeds, as Markdown tables.

python benchmarks/patterns.py DATA [--seeds 0,1,2]      one data set, trained with each seed
python benchmarks/patterns.py demo [--seeds 11,12,13]   demo parts made from each seed
    [--networks]    the paper's networks in place of the default encoders, with random weights

The first table has all patterns. The others say by metric, for every pattern that something is
predicted for, what it gives without prediction (single), with it (MTFI) and with all modalities
measured (all), and how much of the gap between single and all the prediction closes.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.demo import generate
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.modalities import Kind, modality
from cmdiad_core.progress import silent
from cmdiad_core.workflows.evaluate import evaluate
from cmdiad_core.workflows.train import train

METRICS = {
    "image_auroc": "I-AUROC",
    "pixel_auroc": "P-AUROC",
    "aupro_30": "AUPRO 30",
    "aupro_01": "AUPRO 1",
    "median_seconds": "seconds",
}
GAPS = ("image_auroc", "pixel_auroc", "aupro_30")

#: Modalities used and predicted.
Pattern = tuple[tuple[str, ...], tuple[str, ...]]
#: Metrics (seeds, METRICS) by pattern.
Found = Mapping[Pattern, NDArray[np.float64]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--networks", action="store_true")
    options = parser.parse_args()
    seeds = [int(seed) for seed in options.seeds.split(",")]
    found = measure(options.data, seeds, options.networks)
    print_patterns(found)
    for metric in GAPS:
        print_gap(found, metric)


def measure(data: str, seeds: list[int], networks: bool) -> Found:
    """Train and evaluate with every seed."""
    rows = defaultdict(list)
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            parts = Path(data)
            if data == "demo":
                parts = Path(folder) / "parts"
                generate(parts, seed)
            detector = train(
                parts,
                Path(folder) / "model",
                wanted=None,
                encoders=random_networks(Path(folder), parts, seed) if networks else {},
                seed=seed,
                device="auto",
                progress=silent,
                skipped=print,
            )
            result = evaluate(detector, parts, progress=silent, skipped=print)
        for pattern in result.patterns:
            values = [getattr(pattern, metric) for metric in METRICS]
            rows[pattern.using, pattern.predicting].append(values)
    return {pattern: np.array(values, float) for pattern, values in rows.items()}


def random_networks(folder: Path, parts: Path, seed: int) -> dict[str, str]:
    """Write untrained networks to `folder` and return them as encoders of what the parts have."""
    import torch

    from cmdiad_core.encoders._point_mae import PointMAE
    from cmdiad_core.encoders._vision_transformer import VisionTransformer

    torch.manual_seed(seed)
    chosen = {}
    for name, network in (("dino_vitb8", VisionTransformer()), ("point_mae", PointMAE())):
        file = folder / f"{name}.pth"
        torch.save(network.state_dict(), file)
        chosen[name] = f"{name}:{file}"
    measured = {name for part in open_dataset(parts).parts for name in part.files}
    kinds = {Kind.IMAGE: chosen["dino_vitb8"], Kind.CLOUD: chosen["point_mae"]}
    return {name: kinds[modality(name).kind] for name in measured}


def print_patterns(found: Found) -> None:
    """Print every metric of every pattern."""
    print(f"| using | predicting | {' | '.join(METRICS.values())} |")
    print(f"|---|---|{'---|' * len(METRICS)}")
    for (using, predicting), values in found.items():
        cells = " | ".join(map(mean_and_deviation, values.T))
        print(f"| {'+'.join(using)} | {'+'.join(predicting)} | {cells} |")


def print_gap(found: Found, metric: str) -> None:
    """Print how much of the gap to all modalities prediction closes."""
    column = list(METRICS).index(metric)
    everything = max((using for using, _ in found), key=len)
    shares, gains, gaps = [], [], []
    print(f"\n{METRICS[metric]}\n")
    print("| using | single | MTFI | all | gain | share of the gap closed |")
    print("|---|---|---|---|---|---|")
    for using, predicting in found:
        if not predicting:
            continue
        single, mtfi, best = (
            found[pattern][:, column]
            for pattern in ((using, ()), (using, predicting), (everything, ()))
        )
        gain, gap = (mtfi - single).mean(), (best - single).mean()
        gains.append(gain)
        gaps.append(gap)
        share = "no gap"
        if gap > 0:
            shares.append(gain / gap)
            share = f"{shares[-1]:.0%}"
        cells = " | ".join(map(mean_and_deviation, (single, mtfi, best, mtfi - single)))
        print(f"| {'+'.join(using)} | {cells} | {share} |")
    if shares:
        print(
            f"\nShare of the gap closed: {np.mean(shares):.0%}, averaged over the {len(shares)} "
            f"patterns with a gap; {sum(gains) / sum(gaps):.0%} of the gaps of all patterns "
            f"together. Smallest gain: {min(gains):+.3f}."
        )


def mean_and_deviation(values: NDArray[np.float64]) -> str:
    """Return mean and standard deviation over the seeds."""
    return f"{values.mean():.3f} ± {values.std():.3f}"


if __name__ == "__main__":
    main()
