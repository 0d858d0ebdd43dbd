"""The layout of MVTec 3D-AD, for data sets with known truth.

``{train,validation}/good/<modality>/NNN.*``, ``test/{good,<defect>}/{<modality>,gt}/NNN.*`` and
``calibration/camera_parameters.json``. Any modality may be absent, for a part or for all.
"""

from collections.abc import Iterator
from pathlib import Path

from cmdiad_core.data.layouts._layout import Layout
from cmdiad_core.data.layouts._pairing import (
    Stems,
    modality_folders,
    pair,
    stems_in,
    subfolders,
)
from cmdiad_core.data.readers import find_camera
from cmdiad_core.sample import PartFiles

SPLITS = ("train", "validation", "test")
GOOD = "good"
TRUTH = "gt"


def recognise(root: Path) -> bool:
    """Tell whether `root` is the folder of one class."""
    return any(modality_folders(group) for split in SPLITS for group in _groups(root, split))


def read(root: Path) -> list[PartFiles]:
    """Return the parts of one class."""
    camera = find_camera(root)
    return [
        part
        for split in SPLITS
        for folder in _groups(root, split)
        for part in _parts(folder, split, camera)
    ]


def _parts(folder: Path, split: str, camera: Path | None) -> Iterator[PartFiles]:
    good = folder.name == GOOD
    truth = folder / TRUTH
    # The masks of good parts are all black: the folder's name says as much.
    masks = stems_in(truth, "rgb") if truth.is_dir() and not good else Stems()
    measured = {name: stems_in(path, name) for name, path in modality_folders(folder).items()}
    for stem, files in pair(measured).items():
        yield PartFiles(
            id=f"{split}/{folder.name}/{stem}",
            files=files,
            split=split,
            defective=not good,
            defect_type="" if good else folder.name,
            mask=masks.get(stem),
            camera=camera,
        )


def _groups(root: Path, split: str) -> list[Path]:
    return subfolders(root / split) if (root / split).is_dir() else []


LAYOUT = Layout(
    name="mvtec3d",
    expects="{train,validation}/good/{rgb,xyz,infrared}/NNN.* and "
    "test/{good,<defect>}/{rgb,xyz,infrared,gt}/NNN.*",
    recognise=recognise,
    read=read,
)
