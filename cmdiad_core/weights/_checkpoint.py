import argparse
import hashlib
import pickle
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from cmdiad_core.errors import InputError
from cmdiad_core.weights._published import PublishedWeights

#: Containers in containers, and tensors, that no checkpoint has more of.
_DEPTH, _TENSORS = 6, 20_000
#: Types of an entry that convert to the network's own, which has fractions or whole numbers.
_FRACTIONS = {torch.float16, torch.bfloat16, torch.float32, torch.float64}
_WHOLE = {torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64}


def read_checkpoint(
    path: Path, candidates: Sequence[PublishedWeights]
) -> tuple[PublishedWeights, dict[str, Tensor]]:
    """Read whichever of some published weights a file holds.

    Training checkpoints keep the network among other things and under longer names (``teacher.``,
    ``backbone.``, ``base_model.module.MAE_encoder.``); it is found by the names of its entries.
    Of a teacher and a student the teacher is taken, as in DINO (Caron et al., 2021).

    Parameters
    ----------
    path : Path
        A safetensors file, or what `torch.save` wrote. Of a pickle only tensors and plain
        containers are read; nothing in it is run.
    candidates : sequence of PublishedWeights
        What it may hold.

    Returns
    -------
    PublishedWeights, dict of str to Tensor
        What it holds, and its entries in float32.

    Raises
    ------
    InputError
        The file cannot be read, holds none of the candidates, or entries are missing,
        superfluous, of another shape or kind, not finite or impossible; the message names them.
    """
    tensors = _tensors(path)
    counts = {one.name: _prefixes(tensors, _entries(one)) for one in candidates}
    chosen = max(candidates, key=lambda one: _share(counts[one.name], one))
    if _share(counts[chosen.name], chosen) < 0.5:
        known = " or ".join(one.name for one in candidates)
        raise InputError(path, f"does not hold {known}: it has {_some(list(tensors))}")
    found = counts[chosen.name]
    prefix = max(found, key=lambda one: (found[one], "teacher" in one, -len(one)))
    entries = {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
    return chosen, _fitted(path, chosen, entries)


def digest(state: Mapping[str, Tensor]) -> str:
    """Return the SHA-256 of names, shapes and values, which no file format changes."""
    found = hashlib.sha256()
    for name in sorted(state):
        value = state[name].detach().cpu().contiguous()
        found.update(f"{name} {tuple(value.shape)} {value.dtype}\n".encode())
        found.update(value.reshape(-1).view(torch.uint8).numpy().data)
    return found.hexdigest()


def _tensors(path: Path) -> dict[str, Tensor]:
    """Return every tensor of a file under the names of the containers it lies in."""
    try:
        with path.open("rb") as file:
            start = file.read(9)
        if start[8:] == b"{":
            return load_file(path)
        _refuse_bomb(path)
        # DINO's training checkpoints hold their command line options, a bag of plain values.
        with torch.serialization.safe_globals([argparse.Namespace]), warnings.catch_warnings():
            # Of a pickle that it is about to refuse, torch warns as of a fault of its own.
            warnings.simplefilter("ignore", UserWarning)
            content = torch.load(path, map_location="cpu", weights_only=True)
        return dict(_flattened(content))
    except InputError:
        raise
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error
    except pickle.UnpicklingError as error:
        raise InputError(
            path, "is damaged, or holds more than tensors and is refused; nothing in it was run"
        ) from error
    except Exception as error:  # the readers meet damage with whatever their pieces raise
        raise InputError(path, "is damaged or no checkpoint") from error


def _refuse_bomb(path: Path) -> None:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > 2 * path.stat().st_size:
            raise InputError(path, f"is refused: it would unpack to {size / 1e6:.0f} MB")


def _flattened(content: Any) -> Iterator[tuple[str, Tensor]]:
    waiting = [("", content, 0)]
    count = 0
    while waiting:
        name, value, depth = waiting.pop()
        count += 1
        if depth > _DEPTH or count > _TENSORS:
            raise ValueError("containers in containers")
        if isinstance(value, Tensor):
            yield name, value
        elif isinstance(value, Mapping):
            start = f"{name}." if name else ""
            waiting += [(f"{start}{key}", one, depth + 1) for key, one in value.items()]


def _entries(weights: PublishedWeights) -> dict[str, Tensor]:
    with torch.device("meta"):
        network = weights.network()
    return dict(network.state_dict())


def _prefixes(names: Mapping[str, Tensor], expected: Mapping[str, Tensor]) -> Counter[str]:
    """Return how many expected entries there are under each beginning of a name."""
    found: Counter[str] = Counter()
    for name in names:
        steps = name.split(".")
        for i in range(len(steps)):
            rest = ".".join(steps[i:])
            if rest in expected:
                found[name.removesuffix(rest)] += 1
    return found


def _share(counts: Counter[str], weights: PublishedWeights) -> float:
    return max(counts.values(), default=0) / len(_entries(weights))


def _fitted(
    path: Path, weights: PublishedWeights, entries: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    expected = _entries(weights)
    what = f"does not hold {weights.name} as published"
    if missing := [name for name in expected if name not in entries]:
        raise InputError(path, f"{what}: it lacks {_some(missing)}")
    if extra := [name for name in entries if name not in expected]:
        raise InputError(path, f"{what}: it also has {_some(extra)}")
    fitted = {}
    for name, wanted in expected.items():
        value = entries[name]
        # First of all: of a nested tensor not even the shape can be asked.
        if not _plain(value, wanted):
            raise InputError(
                path, f"{what}: {name} is no plain tensor of numbers of the network's kind"
            )
        if value.shape != wanted.shape:
            raise InputError(
                path, f"{what}: {name} is {_size(value.shape)} instead of {_size(wanted.shape)}"
            )
        fitted[name] = value = value.to(wanted.dtype)
        if not value.isfinite().all():
            raise InputError(path, f"is damaged: {name} holds values that are no numbers")
        if name.endswith("running_var") and (value < 0).any():
            raise InputError(path, f"is damaged: {name} holds variances below 0")
    return fitted


def _plain(value: Tensor, wanted: Tensor) -> bool:
    """Return whether a tensor can be read and has fractions or whole numbers as the network has."""
    kinds = _FRACTIONS if wanted.is_floating_point() else _WHOLE
    dense = value.layout is torch.strided and not value.is_nested
    return dense and value.device.type == "cpu" and value.dtype in kinds


def _size(shape: torch.Size) -> str:
    return " x ".join(map(str, shape)) or "one number"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3]) or "no tensors"
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
