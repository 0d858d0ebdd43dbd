"""Parts as the pipelines and the distillers read them, through a cache on disk."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cmdiad_core.array_cache import ArrayCache
from cmdiad_core.distillation.networks import MAP, Level
from cmdiad_core.errors import InputError
from cmdiad_core.reference.backbones import Backbones
from cmdiad_core.reference.preparation import VERSION, load_input
from cmdiad_core.sample import PartFiles


class CachedParts:
    """Parts of one class or of many; features are computed once and kept in half precision.

    Parameters
    ----------
    parts : sequence of PartFiles
        Each with an image and a cloud.
    backbones : Backbones
        Compute what is not in the cache.
    cache : ArrayCache
        Of inputs and features; a file that changes, the camera's too, is another key.
    """

    def __init__(self, parts: Sequence[PartFiles], backbones: Backbones, cache: ArrayCache) -> None:
        self.parts = tuple(parts)
        self._backbones, self._cache = backbones, cache

    def __len__(self) -> int:
        """Return how many parts there are."""
        return len(self.parts)

    def read(self, index: int, modality: str, level: Level) -> Tensor:
        """Return features (768, 56, 56) or input (3, 224, 224) of one part, float32.

        Features on a coarser grid are repeated.

        Raises
        ------
        InputError
            When the part cannot be read.
        """
        if level is Level.INPUT:
            return self._input(index, modality)
        key = f"{self._key(index, modality)} {self._backbones.name}"
        kept = self._cache.get(key, lambda: self._features(index, modality))
        return functional.adaptive_avg_pool2d(torch.from_numpy(kept.astype(np.float32)), MAP)

    def _input(self, index: int, modality: str) -> Tensor:
        made = self._cache.get(
            self._key(index, modality), lambda: load_input(self.parts[index], modality).numpy()
        )
        return torch.from_numpy(made)

    def _features(self, index: int, modality: str) -> NDArray[np.float16]:
        try:
            features = self._backbones.features(modality, self._input(index, modality))
        except InputError as error:
            raise InputError(self.parts[index].files[modality], error.problem) from error
        return features.numpy().astype(np.float16)

    def _key(self, index: int, modality: str) -> str:
        part = self.parts[index]
        if modality not in part.files:
            raise InputError(part.id, f"has no {modality}")
        paths = [part.files[modality]]
        if modality == "cloud" and part.camera is not None:
            paths.append(part.camera)
        return f"{VERSION} {modality} {' '.join(map(_state, paths))}"


def _state(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error
    return f"{path.resolve()} {status.st_size} {status.st_mtime_ns}"
