from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from os.path import normcase
from pathlib import Path

from cmdiad_core.collecting import without_collecting
from cmdiad_core.data.layouts._layout import Dataset
from cmdiad_core.data.layouts._opening import enclosing_root, open_dataset
from cmdiad_core.data.layouts._pairing import (
    modality_folders,
    modality_of_folder,
    stems_in,
    with_held,
)
from cmdiad_core.data.layouts.folder import make_parts, sort_files
from cmdiad_core.data.readers import find_camera, suffixes_of
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles


@without_collecting()
def parts_from_paths(paths: Sequence[Path]) -> list[PartFiles]:
    """Return the parts that a user means by naming files and folders, each part once.

    A data set stands for its test parts (for all, where it has no splits), a folder inside a
    data set for the parts below it, a file for its part with all its modalities, files of one
    stem in one folder for one part. Parts of different folders that would share an id are told
    apart by their folders' names.

    Raises
    ------
    InputError
        A path that does not exist or holds nothing that is read.
    """
    parts: list[PartFiles] = []
    loose: dict[Path, list[Path]] = {}
    opened: dict[Path, Dataset] = {}
    for path in (path.absolute() for path in paths):
        if not path.exists():
            raise InputError(path, "does not exist")
        found = _from_dataset(path, opened)
        if not found and path.is_dir():
            found = _wanted(open_dataset(path))
        if not found:
            found = _with_siblings(path)
        if not found:
            loose.setdefault(path.parent, []).append(path)
        parts += found
    for folder, files in loose.items():
        measured = sort_files(files)
        for path in files:
            if not any(path in stems.values() for stems in measured.values()):
                raise InputError(path, "is no image or point cloud of a type that is read")
        parts += make_parts(measured, find_camera(folder))
    # One path does not name a part twice, and may stand for a long queue.
    return _with_own_ids(_distinct(parts) if len(paths) > 1 else parts)


def _distinct(parts: Iterable[PartFiles]) -> list[PartFiles]:
    distinct: dict[frozenset[tuple[str, str]], PartFiles] = {}
    for part in parts:
        # Texts are compared much faster than paths.
        measured_in = frozenset((name, normcase(path)) for name, path in part.files.items())
        distinct.setdefault(measured_in, part)
    return list(distinct.values())


def _from_dataset(path: Path, opened: dict[Path, Dataset]) -> list[PartFiles]:
    """Return the parts that `path` means in the data set it is, or lies in; none outside."""
    root = enclosing_root(path)
    if root is None:
        return []
    if root not in opened:
        try:
            opened[root] = open_dataset(root)
        except InputError:
            if path == root:
                raise
            # What lies above and cannot be used need not be this user's data set.
            return []
    if path == root:
        return _wanted(opened[root])
    return [part for part in opened[root].parts if _is_of(part, path)]


def _wanted(dataset: Dataset) -> list[PartFiles]:
    return list(dataset.split("test") or dataset.parts)


def _is_of(part: PartFiles, path: Path) -> bool:
    files = [*part.files.values(), *part.masks.values(), part.mask]
    return any(file and (path == file or path in file.parents) for file in files)


def _with_siblings(path: Path) -> list[PartFiles]:
    """Return the part of a file in a modality's folder, with its files in the folders beside."""
    name = modality_of_folder(path.parent.name)
    if name is None or path.suffix.lower() not in suffixes_of(name):
        return []
    root = path.parent.parent
    stems = {other: stems_in(folder, other) for other, folder in modality_folders(root).items()}
    files = {other: found[path.stem] for other, found in stems.items() if path.stem in found}
    files = with_held({**files, name: path})
    return [PartFiles(id=path.stem, files=files, camera=find_camera(root))]


def _with_own_ids(parts: Sequence[PartFiles]) -> list[PartFiles]:
    names = [part.id for part in parts]
    if not _repeated(names):
        return list(parts)
    places = [next(iter(part.files.values())).with_suffix("").parts for part in parts]
    for depth in range(2, max(map(len, places), default=0) + 1):
        shared = _repeated(names)
        if not shared:
            break
        names = [
            "/".join(place[-depth:]) if name in shared else name
            for name, place in zip(names, places, strict=True)
        ]
    return [replace(part, id=name) for part, name in zip(parts, names, strict=True)]


def _repeated(names: Iterable[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}
