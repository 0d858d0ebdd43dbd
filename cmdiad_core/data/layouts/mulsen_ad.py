"""The layout of MulSen-AD (Li et al., CVPR 2025), one class.

``{RGB,Infrared,Pointcloud}/{train/N.*, test/{good,<defect>}/N.*, GT/<defect>/N.*}``, images as
PNG, scans as STL, ground truth of scans as lists of points. ``RGB/GT/<defect>/data.csv`` says
for every part which of the sensors shows the defect. The sensors look from different places:
nothing is registered.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from cmdiad_core.data.layouts._layout import Layout
from cmdiad_core.data.layouts._pairing import pair, stems_in, subfolders
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

FOLDERS = {"rgb": "RGB", "cloud": "Pointcloud", "infrared": "Infrared"}
#: Columns of the label files.
COLUMNS = {"rgb": "rgb", "infrared": "infrared", "cloud": "pointcloud"}
GOOD = "good"

#: By modality, whether the sensor shows the defect of a part.
_Labels = Mapping[str, bool]


def recognise(root: Path) -> bool:
    """Tell whether `root` is the folder of one class."""
    return any(
        (root / folder / split).is_dir()
        for folder in FOLDERS.values()
        for split in ("train", "test")
    )


def read(root: Path) -> list[PartFiles]:
    """Return the parts of one class; `InputError` where a file of labels cannot be used."""
    tests = {
        kind.name
        for folder in FOLDERS.values()
        if (root / folder / "test").is_dir()
        for kind in subfolders(root / folder / "test")
    }
    groups = [("train", GOOD, "train"), *(("test", kind, f"test/{kind}") for kind in sorted(tests))]
    return [part for group in groups for part in _parts(root, *group)]


def _parts(root: Path, split: str, kind: str, place: str) -> Iterator[PartFiles]:
    folders = {name: root / folder / place for name, folder in FOLDERS.items()}
    measured = {name: stems_in(path, name) for name, path in folders.items() if path.is_dir()}
    labels = {} if kind == GOOD else _read_labels(root / "RGB" / "GT" / kind / "data.csv")
    for stem, files in pair(measured).items():
        shown = labels.get(stem, {})
        yield PartFiles(
            id=f"{place}/{stem}",
            files=files,
            split=split,
            defective=kind != GOOD and (not shown or any(shown.values())),
            defect_type="" if kind == GOOD else kind,
            registered=False,
            masks={
                name: root / FOLDERS[name] / "GT" / kind / f"{stem}.{_truth_suffix(name)}"
                if shown[name]
                else None
                for name in shown
            },
        )


def _truth_suffix(name: str) -> str:
    return "txt" if name == "cloud" else "png"


def _read_labels(path: Path) -> dict[str, _Labels]:
    """Return the labels of a kind of defect by stem; none where there is no such file."""
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                {key.strip().lower(): cell.strip() for key, cell in row.items() if key is not None}
                for row in csv.DictReader(file, restval="")
            ]
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(path, f"cannot be read as a table: {error}") from error
    wanted = ("object", *COLUMNS.values())
    for row in rows:
        if lacking := [column for column in wanted if row.get(column, "") == ""]:
            raise InputError(path, f"lacks the column or a value of {', '.join(lacking)}")
        if any(row[column] not in ("0", "1") for column in COLUMNS.values()):
            raise InputError(path, f"has a label other than 0 and 1 for object {row['object']}")
    return {
        row["object"]: {name: row[column] == "1" for name, column in COLUMNS.items()}
        for row in rows
    }


LAYOUT = Layout(
    name="mulsen_ad",
    expects="{RGB,Infrared}/{train/N.png,test/{good,<defect>}/N.png,GT/<defect>/N.png}, "
    "Pointcloud/{train/N.stl,test/{good,<defect>}/N.stl,GT/<defect>/N.txt} and "
    "RGB/GT/<defect>/data.csv",
    recognise=recognise,
    read=read,
)
