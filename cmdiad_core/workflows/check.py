"""Read everything in a data set and say what is there, what is missing and what is wrong."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from scipy import ndimage

from cmdiad_core.data.layouts import Dataset, open_dataset
from cmdiad_core.data.loading import load_mask, load_own_mask, read_measured, size
from cmdiad_core.data.readers import suffixes_of
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, modality
from cmdiad_core.progress import Progress
from cmdiad_core.sample import Measurement, PartFiles, is_grey
from cmdiad_core.workflows.reading import Skipped

#: Pixels of the smallest area in a mask that can be meant.
_SPECK = 5

#: Files that one note names.
_NAMED = 3

#: Raised whenever a field of `Check.to_json` changes its meaning or goes.
SCHEMA = 1


class Group(BaseModel):
    """The parts of one split and kind.

    Parameters
    ----------
    split : str
        Split, empty where there is none.
    kind : str
        ``"good"``, ``"unknown"`` or the name of the defect.
    parts : int
        How many.
    readable : dict of str to int
        By modality of the data set, of how many parts it can be read.
    lacking : dict of str to list of str
        By modality, the ids of the parts that have none.
    """

    model_config = ConfigDict(frozen=True)
    split: str
    kind: str
    parts: int
    readable: dict[str, int]
    lacking: dict[str, list[str]]


class Values(BaseModel):
    """What the readable files of one modality hold.

    Parameters
    ----------
    sizes : dict of str to int
        How many parts have which size in pixels, e.g. ``{"800 x 600": 30}``.
    lowest, highest : float
        Of all values: 0 to 1 for images; z of clouds, in the unit of the files.
    valid : tuple of float
        Least, median and largest share of valid pixels.
    grey : int
        How many of the images that could be in colour are grey.
    """

    model_config = ConfigDict(frozen=True)
    sizes: dict[str, int]
    lowest: float
    highest: float
    valid: tuple[float, float, float]
    grey: int = 0


class Unreadable(BaseModel):
    """A file that cannot be used."""

    model_config = ConfigDict(frozen=True)
    part: str
    file: str
    problem: str


class Note(BaseModel):
    """Something odd that does not keep a part, or a folder of them, from being used."""

    model_config = ConfigDict(frozen=True)
    part: str
    note: str


class Check(BaseModel):
    """What `cmdiad data check --json` writes."""

    model_config = ConfigDict(frozen=True)
    data: str
    layout: str
    registered: bool
    groups: tuple[Group, ...]
    values: dict[str, Values]
    unreadable: tuple[Unreadable, ...]
    notes: tuple[Note, ...]

    def to_json(self) -> str:
        """Return the findings as JSON text."""
        return json.dumps({"schema": SCHEMA, **self.model_dump()}, indent=2, ensure_ascii=False)


def check(data: Path, *, progress: Progress, skipped: Skipped) -> Check:
    """Read every file of the data set at `data`.

    Parameters
    ----------
    data : Path
        Data set.
    progress : Progress
        Told of the stage ``"read"``, part by part.
    skipped : callable
        Told at once of every file that cannot be used.

    Raises
    ------
    InputError
        When there is no data set.
    """
    dataset = open_dataset(data)
    seen: dict[str, list[_Seen]] = {name: [] for name in dataset.modalities}
    readable: dict[str, set[str]] = {}
    unreadable: list[Unreadable] = []
    notes = [*_shared_serials(dataset.parts), *_not_read(dataset)]
    progress("read", 0, len(dataset.parts))
    for done, part in enumerate(dataset.parts, start=1):
        measured, problems = read_measured(part)
        for name, values in measured.items():
            seen[name].append(_Seen(values, modality(name).kind))
        readable[part.id] = set(measured)
        try:
            notes += [Note(part=part.id, note=text) for text in _odd_masks(part, measured)]
        except InputError as error:
            problems.append(error)
        for found in problems:
            skipped(found)
            file = str(found.where)
            unreadable.append(Unreadable(part=part.id, file=file, problem=found.problem))
        progress("read", done, len(dataset.parts))
    return Check(
        data=str(data),
        layout=dataset.layout,
        registered=all(part.registered for part in dataset.parts),
        groups=tuple(_groups(dataset, readable)),
        values={name: _summary(several) for name, several in seen.items() if several},
        unreadable=tuple(unreadable),
        notes=tuple(notes),
    )


class _Seen:
    """What is kept of one measurement; its values are let go."""

    def __init__(self, values: Measurement, kind: Kind) -> None:
        shown = values[..., 2] if kind is Kind.CLOUD else values
        valid = np.isfinite(shown)
        self.size = size(values.shape)
        self.lowest, self.highest = float(shown[valid].min()), float(shown[valid].max())
        self.share = float(valid.mean())
        self.is_grey = kind is Kind.IMAGE and is_grey(values)


def _summary(found: Sequence[_Seen]) -> Values:
    shares = [one.share for one in found]
    return Values(
        sizes=dict(Counter(one.size for one in found).most_common()),
        lowest=min(one.lowest for one in found),
        highest=max(one.highest for one in found),
        valid=(min(shares), float(np.median(shares)), max(shares)),
        grey=sum(one.is_grey for one in found),
    )


def _groups(dataset: Dataset, readable: Mapping[str, set[str]]) -> Iterator[Group]:
    members: dict[tuple[str, str], list[PartFiles]] = {}
    for part in dataset.parts:
        members.setdefault((part.split, _kind(part)), []).append(part)
    for (split, kind), parts in members.items():
        lacking = {
            name: [part.id for part in parts if name not in part.files]
            for name in dataset.modalities
        }
        yield Group(
            split=split,
            kind=kind,
            parts=len(parts),
            readable={
                name: sum(name in readable[part.id] for part in parts)
                for name in dataset.modalities
            },
            lacking={name: ids for name, ids in lacking.items() if ids},
        )


def _kind(part: PartFiles) -> str:
    if part.defective is None:
        return "unknown"
    return (part.defect_type or "defective") if part.defective else "good"


def _odd_masks(part: PartFiles, measured: Mapping[str, Measurement]) -> list[str]:
    """Return what does not fit between the truth of a part and its masks."""
    masks: dict[str, NDArray[np.bool_]] = {}
    if part.mask is not None and measured:
        first = next(iter(measured.values()))
        masks["its mask"] = load_mask(part, (first.shape[0], first.shape[1]))
    for name, path in part.masks.items():
        if path is not None and name in measured:
            masks[f"its {name} mask"] = load_own_mask(part, name, measured[name])
    if part.defective and part.mask is None and not any(part.masks.values()):
        return ["defective, but has no mask"]
    if part.defective is False:
        return [f"good, but {name} shows a defect" for name, mask in masks.items() if mask.any()]
    odd = [f"{name} shows no defect" for name, mask in masks.items() if not mask.any()]
    # Points of a cloud with a grid of its own have no neighbours that would make areas.
    if "its mask" in masks and (count := _specks(masks["its mask"])) > 0:
        pieces = "a piece" if count == 1 else f"{count} pieces"
        odd.append(
            f"its mask has {pieces} of fewer than {_SPECK} pixels, which AUPRO counts like whole "
            "defects; erase what is a slip"
        )
    return odd


def _specks(mask: NDArray[np.bool_]) -> int:
    """Return how many connected areas, as AUPRO counts them, are too small to be meant."""
    labels, _ = ndimage.label(mask, np.ones((3, 3)))
    return int((np.bincount(labels.ravel())[1:] < _SPECK).sum())


def _not_read(dataset: Dataset) -> Iterator[Note]:
    """Yield the folders of a modality in which something lies that is passed over."""
    places = {path.parent: name for part in dataset.parts for name, path in part.files.items()}
    for folder, name in sorted(places.items()):
        if folder.name.lower() not in (name, *modality(name).folders):
            continue
        others = [
            path.name
            for path in sorted(folder.iterdir())
            if path.suffix.lower() not in suffixes_of(name) and not path.name.startswith(".")
        ]
        if others:
            more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
            yield Note(
                part=str(folder.relative_to(dataset.root)),
                note=f"{', '.join(others[:_NAMED])}{more} not read; {modality(name).title} data is "
                f"{', '.join(sorted(suffixes_of(name)))}",
            )


def _shared_serials(parts: Sequence[PartFiles]) -> Iterator[Note]:
    """Yield the parts whose serial number is in another split: they would be tested on training."""
    splits: dict[str, set[str]] = {}
    for part in parts:
        splits.setdefault(part.serial, set()).add(part.split)
    for part in parts:
        others = sorted(splits[part.serial] - {part.split, ""})
        if part.serial and others:
            note = f"its serial number {part.serial} is in {' and '.join(others)} too"
            yield Note(part=part.id, note=note)
