"""From the files of a part to what was measured."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.readers import read_file
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, modalities
from cmdiad_core.sample import Measurement, PartFiles, Sample

#: Largest extent in metres of a scan that is taken to be in metres, as most formats are by
#: definition; a larger one was written in millimetres or in no unit, and no size is claimed.
#: Small enough that a part of a few millimetres, in millimetres, is not taken for one of metres.
MAX_METRES = 5.0


def load_sample(part: PartFiles) -> Sample:
    """Read the files of one part.

    Returns
    -------
    Sample
        With every modality in `part.files`, on one pixel grid. `metric` is set when there is a
        cloud whose extent is plausible in metres.

    Raises
    ------
    InputError
        A file that cannot be used, or two whose sizes in pixels differ.
    """
    contents: dict[Path, dict[str, Measurement]] = {}
    measured = {}
    for name, path in part.files.items():
        # One file may hold several modalities; it is read once.
        if name not in contents.get(path, {}):
            contents[path] = read_file(path, name, part.camera)
        measured[name] = contents[path][name]
    if not measured:
        raise InputError(part.id, "has no measurement")
    _check_one_grid(part, measured)
    clouds = [measured[m.name] for m in modalities().values() if _is_cloud(m.name, measured)]
    metric = bool(clouds) and all(_extent(cloud) <= MAX_METRES for cloud in clouds)
    return Sample(part.id, measured, dict(part.files), metric)


def load_mask(part: PartFiles, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Read the ground truth of one part.

    Parameters
    ----------
    part : PartFiles
        A good part needs no file: its mask is empty.
    shape : tuple of int
        Height and width of the part's pixel grid.

    Returns
    -------
    array (H, W)
        True on the defect.

    Raises
    ------
    InputError
        The mask is absent, cannot be read, or is of another size.
    """
    if part.mask is None:
        if part.defective is False:
            return np.zeros(shape, dtype=np.bool_)
        raise InputError(part.id, "has no ground truth mask")
    mask = read_file(part.mask, "rgb")["rgb"].any(axis=2)
    if mask.shape != shape:
        raise InputError(
            part.mask, f"has {_size(mask.shape)} pixels, but its part has {_size(shape)}"
        )
    return mask


def _check_one_grid(part: PartFiles, measured: dict[str, Measurement]) -> None:
    (first, values), *others = measured.items()
    for name, other in others:
        if other.shape[:2] != values.shape[:2]:
            raise InputError(
                part.files[name],
                f"has {_size(other.shape)} pixels, but {part.files[first]} has "
                f"{_size(values.shape)}; the modalities of a part need one pixel grid",
            )


def _is_cloud(name: str, measured: dict[str, Measurement]) -> bool:
    return name in measured and modalities()[name].kind is Kind.CLOUD


def _extent(cloud: Measurement) -> float:
    axes = (0, 1)
    return float((np.nanmax(cloud, axis=axes) - np.nanmin(cloud, axis=axes)).max())


def _size(shape: tuple[int, ...]) -> str:
    return f"{shape[1]} x {shape[0]}"
