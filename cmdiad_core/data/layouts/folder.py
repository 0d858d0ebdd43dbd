"""A plain folder of parts, paired by stem; nothing is known about their truth.

One of:

- a subfolder for each modality: ``rgb/007.png``, ``cloud/007.pcd``
- files that name their modality: ``007_rgb.png``, ``007_xyz.tiff``
- other files, each the modality that its content shows: ``007.png``, ``008.ply``
"""

from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

from cmdiad_core.data.layouts._layout import Layout
from cmdiad_core.data.layouts._pairing import (
    Stems,
    add,
    files_in,
    modality_folders,
    modality_of_folder,
    pair,
    stems_in,
)
from cmdiad_core.data.readers import find_camera, modalities_in, suffixes_of
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import modalities
from cmdiad_core.sample import PartFiles


def recognise(root: Path) -> bool:
    """Accept any folder: what cannot be used is explained by `read`."""
    return root.is_dir()


def read(root: Path) -> tuple[PartFiles, ...]:
    """Return the parts in the folder `root`; their split is ``""``, their truth None.

    Raises
    ------
    InputError
        No measurement in it, or several modalities of which no two files share a stem.
    """
    folders = modality_folders(root)
    if folders:
        measured = {name: stems_in(path, name) for name, path in folders.items()}
        _check_shared(root, measured)
    else:
        measured = sort_files(files_in(root))
    if not any(measured.values()):
        known = sorted({suffix for name in modalities() for suffix in suffixes_of(name)})
        raise InputError(
            root,
            f"holds no measurement of its own ({', '.join(known)}) and no data set whose layout "
            "is known",
        )
    return make_parts(measured, find_camera(root))


def make_parts(measured: Mapping[str, Stems], camera: Path | None) -> tuple[PartFiles, ...]:
    """Return a part for each stem, named after it."""
    return tuple(
        PartFiles(id=stem, files=files, camera=camera) for stem, files in pair(measured).items()
    )


def sort_files(paths: Iterable[Path]) -> dict[str, Stems]:
    """Return loose files by modality and stem, as their names or contents tell.

    A file without a known suffix is passed over; one that is damaged counts as what its suffix
    promises, so that reading it explains what is wrong.
    """
    sorted_files: dict[str, Stems] = {}
    for path in paths:
        stem, name = _named(path)
        name = name or _shown(path)
        if name is not None:
            add(sorted_files.setdefault(name, {}), stem, path)
    return sorted_files


def _named(path: Path) -> tuple[str, str | None]:
    """Return stem and modality of a file from its name, else from the folder it lies in."""
    suffix = path.suffix.lower()
    stem, _, word = path.stem.rpartition("_")
    name = modality_of_folder(word)
    if stem and name is not None and suffix in suffixes_of(name):
        return stem, name
    name = modality_of_folder(path.parent.name)
    return path.stem, name if name is not None and suffix in suffixes_of(name) else None


def _shown(path: Path) -> str | None:
    try:
        return next(iter(modalities_in(path)), None)
    except InputError:
        suffix = path.suffix.lower()
        return next((name for name in modalities() if suffix in suffixes_of(name)), None)


def _check_shared(root: Path, measured: Mapping[str, Stems]) -> None:
    filled = {name: stems for name, stems in measured.items() if stems}
    if len(filled) < 2:
        return
    if any(first.keys() & second.keys() for first, second in combinations(filled.values(), 2)):
        return
    firsts = [next(iter(stems.values())) for stems in filled.values()]
    examples = " and ".join(f"{path.parent.name}/{path.name}" for path in firsts)
    raise InputError(
        root, f"no file has a partner of the same name ({examples}); name the files of a part alike"
    )


LAYOUT = Layout(
    name="folder",
    expects="a folder for each modality (rgb/007.png, cloud/007.pcd), files that name theirs "
    "(007_rgb.png, 007_xyz.tiff), or images and clouds",
    recognise=recognise,
    read=read,
    fallback=True,
)
