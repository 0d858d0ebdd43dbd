"""Annotations out of the store into files of other programs, and back."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cmdiad_core.annotation import Annotation, Area, StrokeJournal
from cmdiad_core.annotation.formats import Format, Labels, UnknownTypesError, annotation_format
from cmdiad_core.data.loading import load_sample
from cmdiad_core.edits import MAX_TYPES
from cmdiad_core.errors import InputError
from cmdiad_core.models import require_outside_models
from cmdiad_core.progress import Progress, silent
from cmdiad_core.sample import PartFiles
from cmdiad_core.store.audit import record
from cmdiad_core.writing import write_file

if TYPE_CHECKING:
    from cmdiad_core.store import Store


class _Part:
    """One pixel grid of a part, whose size is read when it is asked for."""

    def __init__(self, part: PartFiles, root: Path, grid: str) -> None:
        self.files = part
        self.grid = grid
        self.id = f"{part.id}/{grid}" if grid else part.id
        path = part.files[grid] if grid else next(iter(part.files.values()))
        self.path = path.absolute()
        self.file = self.path.relative_to(root).as_posix()

    @cached_property
    def shape(self) -> tuple[int, int]:
        return load_sample(self.files).grids[self.grid]


def export_annotations(
    parts: Sequence[PartFiles],
    store: "Store",
    format_name: str,
    target: Path,
    progress: Progress = silent,
) -> int:
    """Write the annotations of parts to new files; parts nobody marked are left out.

    Files that are there stay as they are: they may be somebody's own, and of an earlier export
    the masks of what was erased since would remain.

    Parameters
    ----------
    parts : sequence of PartFiles
        Those to look at.
    store : Store
        Holds the strokes.
    format_name : str
        One of `cmdiad_core.annotation.formats.formats`.
    target : Path
        Folder for the files.
    progress : Progress
        Called after every part.

    Returns
    -------
    int
        Parts written.

    Raises
    ------
    InputError
        A file cannot be read or written or is there already, or no part is marked.
    """
    require_outside_models(target / "annotations")
    chosen, types = annotation_format(format_name), _types(store)
    named = _named(parts)
    written: set[str] = set()

    def marked() -> Iterator[tuple[_Part, Labels]]:
        for done, part in enumerate(named, start=1):
            content = store.identify(part.files)
            if store.strokes(content, part.grid):
                mask = Annotation(part.shape, StrokeJournal(store, content, "", part.grid)).mask
                if mask.any():
                    written.add(part.files.id)
                    yield part, mask
            progress("annotations", done, len(named))

    files = list(chosen.files(target, marked(), types))
    if not written:
        raise InputError(target, "was not written: no defect is marked on any of these parts")
    for path, _ in files:
        if path.exists():
            raise InputError(path, "exists, and an export replaces nothing; name another folder")
    for path, content in files:
        write_file(path, content)
    return len(written)


def import_annotations(
    parts: Sequence[PartFiles],
    store: "Store",
    person: str,
    format_name: str,
    source: Path,
    progress: Progress = silent,
    *,
    add_types: bool = False,
) -> int:
    """Take annotations from files; they replace what is marked on the parts they speak of.

    What is replaced can be brought back by undo. Nothing is taken unless everything can be read.

    Parameters
    ----------
    parts : sequence of PartFiles
        Those the files may speak of.
    store : Store
        Gets the strokes.
    person : str
        Who takes them in.
    format_name : str
        One of `cmdiad_core.annotation.formats.formats`.
    source : Path
        File or folder.
    progress : Progress
        Called after every part.
    add_types : bool
        Add defect types that are not there, instead of refusing them.

    Returns
    -------
    int
        Parts whose marks changed.

    Raises
    ------
    UnknownTypesError
        The files speak of defect types that are not there.
    InputError
        A file cannot be used, or speaks of parts that are not there.
    """
    known = {part.id: part for part in _named(parts)}
    types = _types(store)
    masks, unknown = _read(annotation_format(format_name), source, list(known.values()), types)
    if unknown and not add_types:
        raise UnknownTypesError(source, list(unknown), types)
    values = np.arange(256, dtype=np.uint8)
    for name, value in unknown.items():
        values[value] = store.add_defect_type(name, person).id
    masks = {part_id: values[mask] for part_id, mask in masks.items()} if unknown else masks
    changed = set()
    for done, (part_id, mask) in enumerate(masks.items(), start=1):
        part = known[part_id]
        journal = StrokeJournal(store, store.identify(part.files), person, part.grid)
        if _replace(Annotation(part.shape, journal), mask):
            changed.add(part.files.id)
        progress("annotations", done, len(masks))
    with store.database.writing() as connection:
        after = {"format": format_name, "parts": len(changed)}
        record(connection, person=person, action="import", subject=str(source), after=after)
    return len(changed)


def _read(
    chosen: Format, source: Path, parts: Sequence[_Part], types: Mapping[str, int]
) -> tuple[dict[str, Labels], dict[str, int]]:
    """Return masks by part id, and what stands in them for types that are not there."""
    unknown: dict[str, int] = {}
    while True:
        try:
            return chosen.read(source, parts, {**types, **unknown}), unknown
        except UnknownTypesError as error:
            free = max([0, *types.values(), *unknown.values()]) + 1
            if free > MAX_TYPES:
                raise
            unknown[error.names[0]] = free


def _replace(annotation: Annotation, mask: Labels) -> bool:
    changed = bool((annotation.mask != mask).any())
    for value in annotation.types_in_use():
        gone = (annotation.mask == value) & (mask == 0)
        annotation.stroke(value, [Area.of_mask(gone)], erase=True)
    for value in sorted({int(value) for value in set(mask[mask > 0].tolist())}):
        annotation.stroke(value, [Area.of_mask(mask == value)])
    return changed


def _types(store: "Store") -> dict[str, int]:
    return {one.name: one.id for one in store.defect_types()}


def _named(parts: Sequence[PartFiles]) -> list[_Part]:
    folders = {str(path.absolute().parent) for part in parts for path in part.files.values()}
    root = Path(os.path.commonpath(folders)) if folders else Path()
    return [_Part(part, root, grid) for part in parts for grid in _grids(part)]


def _grids(part: PartFiles) -> list[str]:
    """Return the names of a part's pixel grids, as its sample will have them."""
    return ["", *([] if part.registered else list(part.files)[1:])]
