"""From the files of a part to what was measured."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.point_mask import near_points, read_points
from cmdiad_core.data.readers import read_file
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, modalities
from cmdiad_core.sample import Measurement, PartFiles, Sample

#: Largest extent in metres of a scan that is taken to be in metres, as most formats are by
#: definition; a larger one was written in millimetres or in no unit, and no size is claimed.
#: Small enough that a part of a few millimetres, in millimetres, is not taken for one of metres.
MAX_METRES = 5.0

#: Fewest pixels along a side: a dot or a line is no picture of a part.
MIN_SIDE = 2


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
        A file that cannot be used, a single row of pixels, or two whose sizes in pixels differ.
    """
    measured, problems = read_measured(part)
    if problems:
        raise problems[0]
    if not measured:
        raise InputError(part.id, "has no measurement")
    clouds = [measured[m.name] for m in modalities().values() if _is_cloud(m.name, measured)]
    metric = bool(clouds) and all(_extent(cloud) <= MAX_METRES for cloud in clouds)
    return Sample(part.id, measured, dict(part.files), metric, part.registered, part.camera)


def read_measured(part: PartFiles) -> tuple[dict[str, Measurement], list[InputError]]:
    """Read every file of one part, whatever is wrong with some of them.

    Returns
    -------
    measured : dict of str to array
        By modality, as far as they can be read.
    problems : list of InputError
        What is wrong with the other files, with those of a single row of pixels, and with
        modalities of a registered part whose sizes in pixels differ.
    """
    contents: dict[Path, dict[str, Measurement]] = {}
    measured: dict[str, Measurement] = {}
    problems: list[InputError] = []
    for name, path in part.files.items():
        try:
            # One file may hold several modalities; it is read once.
            if name not in contents.get(path, {}):
                contents[path] = read_file(path, name, part.camera)
        except InputError as error:
            problems.append(error)
            continue
        values = contents[path][name]
        if min(values.shape[:2]) < MIN_SIDE:
            problems.append(
                InputError(
                    path, f"has {size(values.shape)} pixels; {MIN_SIDE} or more a side are needed"
                )
            )
        else:
            measured[name] = values
    return measured, problems + (_other_grids(part, measured) if part.registered else [])


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
    return _read_mask(part.mask, shape)


def load_own_mask(part: PartFiles, name: str, measured: Measurement) -> NDArray[np.bool_]:
    """Read the ground truth of one modality of a part that is not registered.

    Parameters
    ----------
    part : PartFiles
        The mask of a good part, or of a modality that shows no defect, is empty.
    name : str
        The modality.
    measured : array (H, W) or (H, W, channels)
        What was measured of it.

    Returns
    -------
    array (H, W)
        True on the defect, on the grid of the modality.

    Raises
    ------
    InputError
        The mask is absent, cannot be read, or is of another size.
    """
    if name not in part.masks and part.defective is not False:
        raise InputError(part.id, f"has no ground truth mask for {name}")
    path = part.masks.get(name)
    if path is None:
        return np.zeros(measured.shape[:2], dtype=np.bool_)
    if path.suffix.lower() == ".txt":
        return near_points(measured, read_points(path))
    return _read_mask(path, (measured.shape[0], measured.shape[1]))


def _read_mask(path: Path, shape: tuple[int, int]) -> NDArray[np.bool_]:
    mask = read_file(path, "rgb")["rgb"].any(axis=2)
    if mask.shape != shape:
        raise InputError(path, f"has {size(mask.shape)} pixels, but its part has {size(shape)}")
    return mask


def _other_grids(part: PartFiles, measured: dict[str, Measurement]) -> list[InputError]:
    first = next(iter(measured), "")
    return [
        InputError(
            part.files[name],
            f"has {size(values.shape)} pixels, but {part.files[first]} has "
            f"{size(measured[first].shape)}; the modalities of a part need one pixel grid, or a "
            "manifest that says that they are not registered",
        )
        for name, values in measured.items()
        if values.shape[:2] != measured[first].shape[:2]
    ]


def _is_cloud(name: str, measured: dict[str, Measurement]) -> bool:
    return name in measured and modalities()[name].kind is Kind.CLOUD


def _extent(cloud: Measurement) -> float:
    axes = (0, 1)
    return float((np.nanmax(cloud, axis=axes) - np.nanmin(cloud, axis=axes)).max())


def size(shape: tuple[int, ...]) -> str:
    """Return a size in pixels as people write it, width first."""
    return f"{shape[1]} x {shape[0]}"
