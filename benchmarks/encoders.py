"""Seconds that each stage of the encoders takes, medians, as a Markdown table.

python benchmarks/encoders.py [--repeats 5] [--threads 2] [--device cpu]

Weights are random: they make no difference to the time. The part has 400 x 400 pixels, all
measured.
"""

import argparse
from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
import torch

from cmdiad_core.encoders import Pretrained, encoders
from cmdiad_core.encoders._point_groups import farthest_points, interpolation, nearest_points
from cmdiad_core.encoders._point_mae import PointMAE
from cmdiad_core.encoders._pretrained import fast_type
from cmdiad_core.encoders._valid_points import valid_points
from cmdiad_core.encoders._vision_transformer import VisionTransformer
from cmdiad_core.modalities import Kind

SIDE, PIXELS = 400, 224


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print("| stage | seconds |\n|---|---|")
    for stages in (_networks, _encoders):
        for name, work, given in stages(options.device):
            taken = []
            for _ in range(options.repeats + 1):
                start = perf_counter()
                with torch.inference_mode():
                    work(*given)
                if options.device.startswith("cuda"):
                    torch.cuda.synchronize()
                taken.append(perf_counter() - start)
            print(f"| {name} | {np.median(taken[1:]):.3f} |", flush=True)  # the first warms up


Stage = tuple[str, Callable[..., object], tuple[object, ...]]


def _networks(device: str) -> Iterator[Stage]:
    found, _ = valid_points(_part()[Kind.CLOUD], PIXELS)
    points = torch.from_numpy(found).to(device)
    centres = points[farthest_points(points, 1024)]
    _, members = nearest_points(points, centres, 128)
    groups = points[members] - centres[:, None]
    yield f"1024 farthest of {len(points)} points", farthest_points, (points, 1024)
    yield "128 nearest of each", nearest_points, (points, centres, 128)
    yield "interpolation to all points", interpolation, (centres, points)
    image = torch.rand(1, 3, PIXELS, PIXELS, device=device)
    for network, given, name in (
        (VisionTransformer(), (image,), f"ViT-B/8, {PIXELS} x {PIXELS}"),
        (PointMAE(), (groups, centres), "Point-MAE, 1024 groups of 128"),
    ):
        for kind in (torch.float32, torch.bfloat16):
            ready = network.to(device, kind).eval()
            yield f"{name}, {kind}", ready, tuple(one.to(kind) for one in given)


def _encoders(device: str) -> Iterator[Stage]:
    for entry in encoders().values():
        name = entry.name
        if issubclass(entry, Pretrained):
            if entry.weights is None:
                continue
            network = entry.weights.network
            untrained = {"_load": lambda *_, network=network: network()}
            entry = type(name, (entry,), untrained)
            name = f"{name}, {fast_type(device)}"
        (kind,) = entry.kinds
        yield f"{name}, all of it", entry(device).encode, (_part()[kind],)


def _part() -> dict[Kind, np.ndarray]:
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:SIDE, :SIDE] * 0.001
    cloud = np.stack([columns, rows, 0.6 + 0.002 * rng.normal(size=(SIDE, SIDE))], -1)
    return {
        Kind.IMAGE: rng.random((SIDE, SIDE, 3), np.float32),
        Kind.CLOUD: cloud.astype(np.float32),
    }


if __name__ == "__main__":
    main()
