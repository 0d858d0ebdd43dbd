"""Metrics of every availability pattern over several seeds, as a Markdown table.

python benchmarks/patterns.py DATA [--seeds 0,1,2]      one data set, trained with each seed
python benchmarks/patterns.py demo [--seeds 11,12,13]   demo parts made from each seed
"""

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from cmdiad_core.data.demo import generate
from cmdiad_core.progress import silent
from cmdiad_core.workflows.evaluate import evaluate
from cmdiad_core.workflows.train import train

METRICS = ("image_auroc", "pixel_auroc", "aupro_30", "aupro_01", "median_seconds")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("--seeds", default="0,1,2")
    options = parser.parse_args()
    found = defaultdict(list)
    for seed in map(int, options.seeds.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(options.data)
            if options.data == "demo":
                data = Path(folder) / "parts"
                generate(data, seed)
            detector = train(
                data,
                Path(folder) / "model",
                wanted=None,
                encoders={},
                seed=seed,
                device="auto",
                progress=silent,
                skipped=print,
            )
            result = evaluate(detector, data, progress=silent, skipped=print)
        for pattern in result.patterns:
            key = ("+".join(pattern.using), "+".join(pattern.predicting))
            found[key].append([getattr(pattern, metric) for metric in METRICS])
    print("| using | predicting | I-AUROC | P-AUROC | AUPRO 30 | AUPRO 1 | seconds |")
    print("|---|---|---|---|---|---|---|")
    for (using, predicting), rows in found.items():
        values = np.array(rows, float)
        cells = [f"{m:.3f} ± {s:.3f}" for m, s in zip(values.mean(0), values.std(0), strict=True)]
        print(f"| {using} | {predicting} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
