"""The layout of Eyecandies (Bonfiglioli et al., ACCV 2022), one class.

``{train,val,test_public,test_private}/data/<id>_{image_4.png, depth.png, info_depth.yaml,
metadata.yaml, mask.png}``; ids have as many digits as their split needs. Of the six
illuminations ``image_4`` is taken, as in the published comparisons. The good parts of training
have masks too, all black; parts of ``test_private`` have no truth.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from cmdiad_core.data.layouts._layout import Layout
from cmdiad_core.data.layouts._pairing import files_in
from cmdiad_core.data.yaml_numbers import read_numbers
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

SPLITS = {
    "train": "train",
    "val": "validation",
    "test_public": "test",
    "test_private": "test",
}
ITEMS = {"rgb": "image_4.png", "cloud": "depth.png"}
DEFECTS = ("bumps", "colors", "dents", "normals")

_FILE = re.compile(r"(\d+)_(.+)")


def recognise(root: Path) -> bool:
    """Tell whether `root` is the folder of one class."""
    return any((root / folder / "data").is_dir() for folder in SPLITS)


def read(root: Path) -> list[PartFiles]:
    """Return the parts of one class; `InputError` where the labels of one cannot be read."""
    folders = [root / folder / "data" for folder in SPLITS]
    return [part for folder in folders if folder.is_dir() for part in _parts(folder)]


def _parts(folder: Path) -> Iterator[PartFiles]:
    split = folder.parent.name
    items: dict[str, dict[str, Path]] = {}
    for path in files_in(folder):
        if found := _FILE.fullmatch(path.name):
            items.setdefault(found[1], {})[found[2]] = path
    for number, there in items.items():
        files = {name: there[item] for name, item in ITEMS.items() if item in there}
        if not files:
            continue
        defective, kinds = _truth(split, there.get("metadata.yaml"))
        yield PartFiles(
            id=f"{split}/{number}",
            files=files,
            split=SPLITS[split],
            defective=defective,
            defect_type=kinds,
            mask=there.get("mask.png") if defective else None,
            camera=folder / f"{number}_info_depth.yaml",
        )


def _truth(split: str, labels: Path | None) -> tuple[bool | None, str]:
    if split in ("train", "val"):
        return False, ""
    if labels is None:
        return None, ""
    numbers = read_numbers(labels)
    if "anomalous" not in numbers:
        raise InputError(labels, "does not say whether the part is anomalous; copy it again")
    kinds = "+".join(kind for kind in DEFECTS if numbers.get(kind))
    return bool(numbers["anomalous"]), kinds


LAYOUT = Layout(
    name="eyecandies",
    expects="{train,val,test_public,test_private}/data/NNN_{image_4.png,depth.png,info_depth.yaml,"
    "metadata.yaml,mask.png}",
    recognise=recognise,
    read=read,
)
