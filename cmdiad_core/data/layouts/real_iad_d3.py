"""The layout of Real-IAD D3 (Zhu et al., CVPR 2025), one class.

``{OK,<defect>}/S0001/…`` beside a list ``<class>.json`` with an entry for every part under
``train``, ``validation`` and ``test``: image_path, xyz_path, mask_path, anomaly_class. The list
lies in the folder, beside it, or in ``realiad_d3_jsons`` one or two folders up.

The cloud is the ``.pcd`` beside the xyz TIFF, never the TIFF: in the test split its x and y are
constants that give the label away. Nobody says that the points lie on the pixels of the image,
so the two count as not registered. The photometric stereo images are not read.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from cmdiad_core.data.layouts._layout import Layout
from cmdiad_core.data.layouts._listed import listed_file
from cmdiad_core.data.layouts._pairing import subfolders
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

SPLITS = ("train", "validation", "test")
GOOD = "OK"
LISTS = "realiad_d3_jsons"

_MAX_BYTES = 50_000_000


class _Entry(BaseModel):
    image_path: str | None = None
    xyz_path: str | None = None
    mask_path: str | None = None
    anomaly_class: str


def recognise(root: Path) -> bool:
    """Tell whether `root` is the folder of one class, by the samples ``OK/S0001``."""
    good = root / GOOD
    return good.is_dir() and any(re.fullmatch(r"S\d+", path.name) for path in subfolders(good))


def read(root: Path) -> list[PartFiles]:
    """Return the parts of one class; `InputError` where its list is absent or cannot be used."""
    source = _find_list(root.absolute())
    try:
        if source.stat().st_size > _MAX_BYTES:
            raise InputError(source, "is too large for the list of a class")
        content: Any = json.loads(source.read_text(encoding="utf-8-sig"))
        given = {split: content.get(split, []) for split in SPLITS}
        entries = TypeAdapter(dict[str, list[_Entry]]).validate_python(given)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise InputError(source, f"has an entry that is not one of a part: {place}") from error
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(source, f"cannot be read as the list of a class: {error}") from error
    return [part for split in SPLITS for part in _parts(root, source, split, entries[split])]


def _find_list(root: Path) -> Path:
    name = f"{root.name}.json"
    up = [root, root.parent, root.parent / LISTS, root.parent.parent / LISTS]
    found = next((folder / name for folder in up if (folder / name).is_file()), None)
    if found is None:
        raise InputError(
            root,
            f"looks like the layout {LAYOUT.name} but its list {name} is neither in it nor in "
            f"{up[-1]}; expected: {LAYOUT.expects}",
        )
    return found


def _parts(root: Path, source: Path, split: str, entries: list[_Entry]) -> Iterator[PartFiles]:
    seen = set()
    for entry in entries:
        named = entry.image_path or entry.xyz_path
        if named is None:
            raise InputError(source, f"has an entry without image_path and xyz_path in {split}")
        if named in seen:
            raise InputError(source, f"lists {named} twice in {split}")
        seen.add(named)
        files = {}
        if entry.image_path:
            files["rgb"] = listed_file(root, entry.image_path, source)
        if entry.xyz_path and (cloud := _points(listed_file(root, entry.xyz_path, source))):
            files["cloud"] = cloud
        defective = entry.anomaly_class != GOOD
        masked = defective and entry.mask_path
        yield PartFiles(
            id=f"{split}/{Path(named).with_suffix('').as_posix()}",
            files=files,
            split=split,
            defective=defective,
            defect_type=entry.anomaly_class if defective else "",
            registered=False,
            masks={"rgb": listed_file(root, entry.mask_path or "", source)} if masked else {},
        )


def _points(xyz: Path) -> Path | None:
    """Return the ``.pcd`` beside an xyz TIFF, None where there is none."""
    names = (xyz.stem.replace("_XYZ_", "_PCD_"), xyz.stem)
    found = (xyz.with_name(f"{name}.pcd") for name in names)
    return next((path for path in found if path.is_file()), None)


LAYOUT = Layout(
    name="real_iad_d3",
    expects="{OK,<defect>}/S0001/*.{jpg,pcd} and <class>.json with the entries train, validation "
    "and test",
    recognise=recognise,
    read=read,
)
