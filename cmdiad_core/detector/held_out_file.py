"""What a calibration rests on, as a file: it is redone without the parts' own."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from cmdiad_core.detector.calibration import HeldOut
from cmdiad_core.detector.pattern import measured_for
from cmdiad_core.detector.sources import Evidence
from cmdiad_core.scoring import surroundings


def held_out_bytes(parts: Sequence[HeldOut]) -> bytes:
    """Return the content of the file.

    Features have been rounded to 16 bits, by under 0.0005 of the length of a typical patch, before
    anything was calibrated with them.
    """
    arrays: dict[str, NDArray[Any]] = {}
    for number, part in enumerate(parts):
        for name, shape in part.shapes.items():
            arrays[f"{number}/shape/{name}"] = np.array(shape, np.int32)
        for name, values in part.features.items():
            arrays[f"{number}/features/{name}"] = values.astype(np.float16)
        for name, evidence in part.evidence.items():
            arrays[f"{number}/distance/{name}"] = evidence.distance
            if evidence.confidence is not None:
                arrays[f"{number}/confidence/{name}"] = evidence.confidence
        for pair, share in part.explained.items():
            kept = [share, part.promised[pair]]
            arrays[f"{number}/kept/{'>'.join(pair)}"] = np.array(kept, np.float64)
    return save({key: np.ascontiguousarray(value) for key, value in arrays.items()})


def read_held_out(content: bytes) -> tuple[HeldOut, ...]:
    """Return the parts in such a file.

    Raises
    ------
    KeyError, ValueError, SafetensorError
        When it is none.
    """
    tree: dict[int, dict[str, dict[str, NDArray[Any]]]] = defaultdict(lambda: defaultdict(dict))
    for key, values in load(content).items():
        number, room, name = key.split("/")
        tree[int(number)][room][name] = values
    return tuple(_part(tree[number]) for number in range(len(tree)))


def _part(rooms: dict[str, dict[str, NDArray[Any]]]) -> HeldOut:
    kept = {(k.split(">")[0], k.split(">")[1]): v for k, v in rooms["kept"].items()}
    confidence = rooms["confidence"]
    features = {n: values.astype(np.float32) for n, values in rooms["features"].items()}
    around = {name: surroundings(values) for name, values in features.items()}
    return HeldOut(
        shapes={name: (int(shape[0]), int(shape[1])) for name, shape in rooms["shape"].items()},
        evidence={
            name: Evidence(distance, around[measured_for(name)], confidence.get(name))
            for name, distance in rooms["distance"].items()
        },
        explained={pair: float(both[0]) for pair, both in kept.items()},
        promised={pair: float(both[1]) for pair, both in kept.items()},
        features=features,
    )
