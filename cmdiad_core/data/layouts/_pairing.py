"""Files of one part are found by their stem, never by their position in a listing."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cmdiad_core.data.readers import may_hold_several, modalities_in, suffixes_of
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import modalities

#: Files of one modality by stem.
Stems = dict[str, Path]

_NUMBER = re.compile(r"(\d+)")


def modality_of_folder(name: str) -> str | None:
    """Return the modality that a folder called `name` holds, None where the name says nothing."""
    found = (m.name for m in modalities().values() if name.lower() in (m.name, *m.folders))
    return next(found, None)


def modality_folders(folder: Path) -> dict[str, Path]:
    """Return the subfolders of `folder` that hold a modality, by its name.

    Where two subfolders hold the same one (xyz and depth), the modality's own order decides.
    """
    below = {path.name.lower(): path for path in subfolders(folder)}
    found = {}
    for entry in modalities().values():
        paths = [below[name] for name in (*entry.folders, entry.name) if name in below]
        if paths:
            found[entry.name] = paths[0]
    return found


def subfolders(folder: Path) -> list[Path]:
    """Return the visible folders in `folder`, ordered by name; none where it cannot be listed."""
    return [folder / name for name in _in_order(_listed(folder, _is_folder))]


def files_in(folder: Path) -> list[Path]:
    """Return what is visible in `folder` and no folder, in natural order: 2 before 10.

    Links that lead nowhere and pipes are among them, so that reading them explains what is wrong.
    """
    return [folder / name for name in _in_order(_listed(folder, lambda e: not _is_folder(e)))]


def stems_in(folder: Path, name: str) -> Stems:
    """Return what is named like a file with the modality `name` in `folder`, by stem.

    What turns out to be no file is explained when its part is read.

    Raises
    ------
    InputError
        Two files share a stem.
    """
    stems, suffixes = Stems(), suffixes_of(name)
    # Plainly sorted is enough: who pairs files puts their stems in order.
    for file in sorted(_listed(folder)):
        stem, dot, ending = file.rpartition(".")
        if (dot + ending).lower() in suffixes:
            add(stems, stem, folder / file)
    return stems


def add(stems: Stems, stem: str, path: Path) -> None:
    """Enter a file under its stem; `InputError` where another one is there already."""
    if stem in stems:
        raise InputError(
            path, f"and {stems[stem].name} would be the same measurement; move one of them away"
        )
    stems[stem] = path


def pair(by_modality: Mapping[str, Stems]) -> dict[str, dict[str, Path]]:
    """Return the files of every stem by modality, in natural order of the stems.

    A coloured point cloud stands in for a missing colour image.
    """
    paired: dict[str, dict[str, Path]] = {}
    for stem in _in_order({stem for stems in by_modality.values() for stem in stems}):
        files = {name: stems[stem] for name, stems in by_modality.items() if stem in stems}
        paired[stem] = with_held(files)
    return paired


def with_held(files: Mapping[str, Path]) -> dict[str, Path]:
    """Return `files` and, for absent modalities, the files that turn out to hold them too."""
    complete = dict(files)
    for name, path in files.items():
        if not may_hold_several(path):
            continue
        try:
            held = modalities_in(path)
        except InputError:
            # A damaged file is reported when its part is read; the other parts are still of use.
            continue
        if name in held:
            complete = {**dict.fromkeys(held, path), **complete}
    if len(complete) == 1:
        return complete
    return {name: complete[name] for name in modalities() if name in complete}


def _in_order(names: Iterable[str]) -> list[str]:
    # What counts as the same number (7 and 007) is told apart by the plain order.
    return sorted(sorted(names), key=_natural)


def _natural(name: str) -> list[str | int]:
    """Sort key under which numbers in names count as numbers."""
    # Every second piece is a number, so that like is compared with like.
    pieces: list[str | int] = [*_NUMBER.split(name.lower())]
    pieces[1::2] = map(int, pieces[1::2])
    return pieces


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link that leads back to itself, for instance.
        return False


def _listed(
    folder: Path, wanted: Callable[["os.DirEntry[str]"], bool] = lambda entry: True
) -> list[str]:
    """Return the names of what `folder` holds and shows of the kind `wanted`, in no order."""
    try:
        with os.scandir(folder) as entries:
            return [
                entry.name for entry in entries if not entry.name.startswith(".") and wanted(entry)
            ]
    except OSError as error:
        raise InputError(folder, f"cannot be opened: {error.strerror or error}") from error
