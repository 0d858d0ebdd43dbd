"""Write a copy of a data set in which parts have no background."""

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.layouts import Dataset, open_dataset
from cmdiad_core.data.loading import load_mask
from cmdiad_core.data.preprocessing import Distances, blanked, preprocessed, squared
from cmdiad_core.data.writing import encoded, encoded_mask, suffix_for
from cmdiad_core.encoders import foreground, has_background
from cmdiad_core.errors import InputError
from cmdiad_core.file_names import file_stem
from cmdiad_core.modalities import Kind, modality
from cmdiad_core.progress import Progress
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.workflows.reading import Skipped, read_samples
from cmdiad_core.writing import write_file

#: Raised whenever the same distances come to other files.
SCHEMA = 1

_STAMP = "preprocessing.json"
#: Stands for the mask of a part among its files.
_TRUTH = "gt"


@dataclass(frozen=True)
class Copied:
    """What became of the parts of a data set.

    Parameters
    ----------
    written, kept : int
        Parts written now, and found written before.
    without_cloud : tuple of str
        Ids of those among them that have no cloud to tell the part by.
    masked : tuple of str
        Modalities in which these were cut out by their own foreground; in the others nothing
        is blanked, because good parts do not lie on a background there.
    """

    written: int
    kept: int
    without_cloud: tuple[str, ...]
    masked: tuple[str, ...]


def preprocess(
    data: Path, out: Path, *, distances: Distances, progress: Progress, skipped: Skipped
) -> Copied:
    """Write every part of the data set at `data`, preprocessed, to the folder `out`.

    The copy is in the layout of MVTec 3D-AD, or a plain folder where no part has a split or a
    known truth. What an earlier run wrote is kept, so that an interrupted one goes on.

    Parameters
    ----------
    data : Path
        Data set; only read.
    out : Path
        Folder outside of it: empty, not there yet, or with an earlier copy of the same.
    distances : Distances
        What counts as near.
    progress : Progress
        Told of the stages ``"background"``, only where parts lack a cloud, and ``"preprocess"``.
    skipped : callable
        Told of each part that cannot be used; nothing is written of it.

    Raises
    ------
    InputError
        The data set cannot be preprocessed, or `out` cannot be used or written.
    """
    dataset = open_dataset(data)
    if not all(part.registered for part in dataset.parts):
        raise InputError(
            data, "is not registered: the clouds do not show what is background in the images"
        )
    dataset = _placeable(dataset, skipped)
    places = _places(dataset)
    _check_apart(data, out)
    _claim(out, data, distances)
    targets = {part.id: _targets(part, out / places[part.id]) for part in dataset.parts}
    waiting = [p for p in dataset.parts if not all(t.exists() for t in targets[p.id].values())]
    flat = [part for part in dataset.parts if not _has_cloud(part)]
    masked = _before_background(dataset, progress) if flat else ()
    written = {part.id for part in dataset.parts} - {part.id for part in waiting}
    kept = len(written)
    for part, sample in read_samples(waiting, "preprocess", progress, skipped):
        try:
            contents = _contents(part, sample, distances, masked)
        except InputError as error:
            skipped(error)
            continue
        for name, path in targets[part.id].items():
            write_file(path, contents[name])
        written.add(part.id)
    return Copied(
        written=len(written) - kept,
        kept=kept,
        without_cloud=tuple(part.id for part in flat if part.id in written),
        masked=masked,
    )


def _contents(
    part: PartFiles, sample: Sample, distances: Distances, masked: Sequence[str]
) -> dict[str, bytes]:
    """Return the files of a part by modality, and that of its ground truth."""
    if _has_cloud(part):
        kept, _ = preprocessed(sample, distances)
    else:
        found = {n: _foreground(n, v) for n, v in sample.measured.items() if n in masked}
        kept = blanked(sample, found)
    contents = {name: encoded(name, values) for name, values in kept.measured.items()}
    if part.mask is not None:
        contents[_TRUTH] = encoded_mask(squared(load_mask(part, sample.shape), empty=False))
    return contents


def _before_background(dataset: Dataset, progress: Progress) -> tuple[str, ...]:
    """Return the image modalities in which good parts lie on a background."""
    found: dict[str, list[NDArray[np.bool_]]] = {}
    good = [
        replace(part, files={n: path for n, path in part.files.items() if _is_image(n)})
        for part in dataset.parts
        if not part.defective and any(map(_is_image, part.files))
    ]
    # What cannot be read is reported when its part is to be written.
    for _, sample in read_samples(good, "background", progress, lambda error: None):
        for name, values in sample.measured.items():
            found.setdefault(name, []).append(foreground(values, Kind.IMAGE))
    return tuple(name for name, masks in found.items() if has_background(masks))


def _foreground(name: str, values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return the foreground of a measurement on its pixels."""
    mask = foreground(values, modality(name).kind)
    rows, columns = (
        np.arange(pixels) * patches // pixels
        for pixels, patches in zip(values.shape[:2], mask.shape, strict=True)
    )
    return np.asarray(mask[np.ix_(rows, columns)])


def _placeable(dataset: Dataset, skipped: Skipped) -> Dataset:
    """Return the data set without parts that the copy has no folder for, such as private ones."""
    if _is_plain(dataset):
        return dataset
    known = []
    for part in dataset.parts:
        if part.split and part.defective is not None:
            known.append(part)
            continue
        problem = (
            "has no split, or is known neither as good nor as defective, unlike other parts, and "
            "is left out"
        )
        skipped(InputError(part.id, problem))
    if not known:
        raise InputError(dataset.root, "has no part whose split and label are both known")
    return replace(dataset, parts=tuple(known))


def _is_plain(dataset: Dataset) -> bool:
    return all(not part.split and part.defective is None for part in dataset.parts)


def _places(dataset: Dataset) -> dict[str, Path]:
    """Return, by part, the folder it goes to and its stem there."""
    plain = _is_plain(dataset)
    places = {}
    for part in dataset.parts:
        kind = (part.defect_type or "defective") if part.defective else "good"
        group = Path() if plain else Path(part.split, file_stem(kind))
        places[part.id] = group / file_stem(part.id.removeprefix(f"{part.split}/{kind}/"))
    shared = [place for place, count in Counter(places.values()).items() if count > 1]
    if shared:
        names = " and ".join(name for name, place in places.items() if place == shared[0])
        raise InputError(dataset.root, f"has parts {names} whose files would be the same")
    return places


def _targets(part: PartFiles, place: Path) -> dict[str, Path]:
    """Return where the files of a part go, by modality, and that of its ground truth."""
    folders = {name: (modality(name).folders[0], suffix_for(name)) for name in part.files}
    if part.mask is not None:
        folders[_TRUTH] = (_TRUTH, ".png")
    return {
        name: place.parent / folder / f"{place.name}{suffix}"
        for name, (folder, suffix) in folders.items()
    }


def _check_apart(data: Path, out: Path) -> None:
    """Refuse to write into the data set, however `out` is spelt."""
    # Unlike Path.resolve, this gives an answer for links that go in circles, too.
    place = Path(os.path.realpath(out))
    for folder in (place, *place.parents):
        if folder.exists() and folder.samefile(data):
            raise InputError(
                out, f"lies in the data set {data}, which is never changed; name another folder"
            )


def _claim(out: Path, data: Path, distances: Distances) -> None:
    """Make `out` the place of this copy: empty, or with what there is of it."""
    stamp: Mapping[str, object] = {
        "schema": SCHEMA,
        "data": str(data.resolve()),
        "plane_mm": 1000 * distances.plane,
        "cluster_mm": 1000 * distances.cluster,
    }
    note = out / _STAMP
    try:
        begun = out.is_dir() and any(path != note for path in out.iterdir())
        if begun and note.exists():
            if json.loads(note.read_text("utf-8")) != stamp:
                raise InputError(
                    out, "holds parts of other data or other distances; name another folder"
                )
            return
        if begun or (out.exists() and not out.is_dir()):
            raise InputError(out, "is neither empty nor a preprocessed copy; name another folder")
    except ValueError as error:
        raise InputError(note, "is damaged; name another folder") from error
    except OSError as error:
        raise InputError(out, f"cannot be used ({error.strerror or error})") from error
    write_file(note, f"{json.dumps(stamp, indent=2)}\n".encode("utf-8", "surrogateescape"))


def _has_cloud(part: PartFiles) -> bool:
    return not all(map(_is_image, part.files))


def _is_image(name: str) -> bool:
    return modality(name).kind is Kind.IMAGE
