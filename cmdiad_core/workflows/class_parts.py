"""The parts of one class of a data set that the paper's pipelines can use."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cmdiad_core.array_cache import ArrayCache
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.distillation.networks import Level
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress
from cmdiad_core.reference import Backbones, CachedParts
from cmdiad_core.sample import PartFiles
from cmdiad_core.workflows.reading import Skipped

MODALITIES = ("rgb", "cloud")


@dataclass(frozen=True)
class ClassParts:
    """The parts of one class that have an image and a cloud, none of them read yet.

    Parameters
    ----------
    name : str
        Of the class.
    train, validation, test : tuple of PartFiles
        By split; the first two hold good parts only.
    """

    name: str
    train: tuple[PartFiles, ...]
    validation: tuple[PartFiles, ...]
    test: tuple[PartFiles, ...]

    @classmethod
    def open(
        cls,
        folder: Path,
        limit: int | None,
        skipped: Skipped,
        splits: Sequence[str] = ("train", "validation", "test"),
    ) -> "ClassParts":
        """Find the parts below `folder`; those that lack a modality are reported and left out.

        Parameters
        ----------
        folder : Path
            Of one class.
        limit : int or None
            Most parts of a split, spread evenly over good parts and defects.
        skipped : callable
            Told of each part that is left out.
        splits : sequence of str
            Those that are needed; of the others nothing is looked at.

        Raises
        ------
        InputError
            No data set, or one whose modalities do not correspond pixel by pixel.
        """
        complete = []
        for part in (p for p in open_dataset(folder).parts if p.split in splits):
            lacking = [name for name in MODALITIES if name not in part.files]
            if lacking:
                skipped(InputError(folder / part.id, f"has no {' and '.join(lacking)}"))
            else:
                complete.append(part)
        if not all(part.registered for part in complete):
            raise InputError(
                folder,
                "has parts that are not registered pixel by pixel, so that nothing is predicted",
            )

        def split(name: str) -> tuple[PartFiles, ...]:
            found = [p for p in complete if p.split == name]
            kept = found if name == "test" else [p for p in found if not p.defective]
            count = min(len(kept), limit or len(kept))
            spread = np.linspace(0, len(kept) - 1, count, dtype=int)
            return tuple(kept[index] for index in spread)

        return cls(folder.name, split("train"), split("validation"), split("test"))

    def readable(
        self, backbones: Backbones, cache: ArrayCache, progress: Progress, skipped: Skipped
    ) -> "ClassParts":
        """Return the parts whose features can be computed; they are in the cache then."""
        splits = (self.train, self.validation, self.test)
        total, done = sum(map(len, splits)), 0
        kept: list[tuple[PartFiles, ...]] = []
        for split in splits:
            parts = CachedParts(split, backbones, cache)
            good = []
            for index, part in enumerate(split):
                try:
                    for name in MODALITIES:
                        parts.read(index, name, Level.FEATURES)
                    good.append(part)
                except InputError as error:
                    skipped(error)
                done += 1
                progress("encode", done, total)
            kept.append(tuple(good))
        return ClassParts(self.name, *kept)


def stamp(*splits: Sequence[PartFiles]) -> str:
    """Return a digest that changes with the parts and, by size and time, with their files."""
    said = []
    for parts in splits:
        for part in parts:
            extra = [part.mask, part.camera, *part.masks.values()]
            files = [*part.files.values(), *filter(None, extra)]
            said.append([part.id, *([os.path.realpath(path), *_state(path)] for path in files)])
        said.append([])
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _state(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()  # What reads the file says what is wrong with it.
    return found.st_size, found.st_mtime_ns
