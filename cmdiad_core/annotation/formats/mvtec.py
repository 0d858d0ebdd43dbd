"""Masks as in MVTec AD: ``ground_truth/<defect type>/<part id>.png``, 0 or 255 per pixel."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

import numpy as np

from cmdiad_core.annotation.formats._format import (
    Format,
    Labels,
    Part,
    find_part,
    find_type,
)
from cmdiad_core.data.loading import load_mask
from cmdiad_core.data.writing import encoded_mask
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

FOLDER = "ground_truth"
# Folder names may hold these; what else might lead elsewhere is written as %2F.
_PLAIN = " ()+,=@"


def files(
    target: Path, parts: Iterable[tuple[Part, Labels]], types: Mapping[str, int]
) -> Iterator[tuple[Path, bytes]]:
    """Give a mask per part and defect type; a part without defects has none."""
    for part, mask in parts:
        for name, value in types.items():
            if (mask == value).any():
                path = target / FOLDER / quote(name, _PLAIN) / f"{_path(part.id)}.png"
                yield path, encoded_mask(mask == value)


def read(source: Path, parts: Sequence[Part], types: Mapping[str, int]) -> dict[str, Labels]:
    """Return the masks below `source`; where two types overlap, the later name stays."""
    root = source / FOLDER if (source / FOLDER).is_dir() else source
    paths = sorted(root.glob("*/**/*.png"))
    if not paths:
        raise InputError(source, f"has no masks; expected {FOLDER}/<defect type>/<part>.png")
    known = {_path(part.id): part for part in parts}
    found: dict[str, Labels] = {}
    for path in paths:
        folder, *rest = path.relative_to(root).with_suffix("").parts
        value = find_type(path, unquote(folder), types)
        part = known.get("/".join(rest)) or find_part(path, "/".join(rest), parts)
        marked = load_mask(PartFiles(part.id, {}, defective=True, mask=path), part.shape)
        found.setdefault(part.id, np.zeros(part.shape, np.uint8))[marked] = value
    return found


def _path(part_id: str) -> str:
    # A step "." or ".." would lead out of the folder.
    steps = [quote(step, _PLAIN) for step in part_id.split("/") if step]
    return "/".join(step if step.strip(".") else step.replace(".", "%2E") for step in steps)


FORMAT = Format("mvtec", files, read)
