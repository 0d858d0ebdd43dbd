"""Time and memory of training FtoF on features from the cache on disk, as a Markdown table.

python benchmarks/distillation.py [--parts 240] [--epochs 2] [--portion 4] [--device cpu]

Features are random, of the shape of ViT-B/8 and Point-MAE; time for 100 epochs is extrapolated.
"""

import argparse
import resource
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from torch.nn import functional

from cmdiad_core.array_cache import ArrayCache
from cmdiad_core.distillation.map_training import Schedule, train_network
from cmdiad_core.distillation.networks import CHANNELS, MAP, networks
from cmdiad_core.reference.backbones import GRID


class RandomParts:
    """As many parts as wanted, whose features come from a cache like those of real parts."""

    def __init__(self, count: int, cache: ArrayCache) -> None:
        self._count, self._cache = count, cache

    def __len__(self) -> int:
        return self._count

    def read(self, index: int, modality: str, level: str) -> torch.Tensor:
        """Return features (768, 56, 56)."""
        shape = (CHANNELS, GRID[modality], GRID[modality])
        rng = np.random.default_rng([index, GRID[modality]])
        kept = self._cache.get(
            f"{index} {modality}", lambda: rng.standard_normal(shape, np.float32).astype("f2")
        )
        return functional.adaptive_avg_pool2d(torch.from_numpy(kept.astype("f4")), MAP)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", type=int, default=240)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--portion", type=int, default=4)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cache = ArrayCache(Path(folder) / "features", 10**10, print)
        ends: list[float] = []
        parts = RandomParts(options.parts, cache)
        for index in range(options.parts):
            for modality in GRID:
                parts.read(index, modality, "features")
        before, start = _peak(), perf_counter()
        train_network(
            networks()["f2f"],
            ("rgb", "cloud"),
            parts,
            None,
            schedule=Schedule(epochs=options.epochs, portion=options.portion),
            device=options.device,
            checkpoint=Path(folder) / "f2f.training",
            about="random",
            epoch_done=lambda _: ends.append(perf_counter()),
            unusable=print,
        )
    epoch = (ends[-1] - start) / len(ends)
    print("| parts | portion | device | peak before | peak | an epoch | 100 epochs |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {options.parts} | {options.portion} | {options.device} | {before:.2f} GB | "
        f"{_peak():.2f} GB | {epoch:.1f} s | {epoch * 100 / 3600:.2f} h |"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
