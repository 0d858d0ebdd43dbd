"""COCO instance annotations (cocodataset.org/#format-data): ``annotations.json``, one a data set.

An area without holes is a polygon; one with holes is a run-length encoding (``iscrowd`` 1), as
polygons of COCO have none.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from cmdiad_core.annotation.area import Area, slices
from cmdiad_core.annotation.formats._format import (
    Format,
    Labels,
    Part,
    find_part,
    find_type,
    require_shape,
)
from cmdiad_core.annotation.formats._json import corners, read_json
from cmdiad_core.annotation.outlines import outlines
from cmdiad_core.annotation.shapes import polygon
from cmdiad_core.errors import InputError

FILE = "annotations.json"


class _Image(BaseModel):
    id: int
    file_name: str
    width: int
    height: int


class _Category(BaseModel):
    id: int
    name: str


class _Runs(BaseModel):
    size: tuple[int, int]
    counts: list[Annotated[int, Field(ge=0)]] | str


class _Annotation(BaseModel):
    image_id: int
    category_id: int
    segmentation: list[list[float]] | _Runs


class _Coco(BaseModel):
    images: list[_Image]
    categories: list[_Category]
    annotations: list[_Annotation]


def files(
    target: Path, parts: Iterable[tuple[Part, Labels]], types: Mapping[str, int]
) -> Iterator[tuple[Path, bytes]]:
    """Give one file for all parts."""
    images, found = [], []
    for number, (part, mask) in enumerate(parts, start=1):
        height, width = part.shape
        images.append({"id": number, "file_name": part.file, "width": width, "height": height})
        found += [{"image_id": number, **one} for one in _areas(mask, types)]
    content = {
        "images": images,
        "categories": [
            {"id": value, "name": name, "supercategory": "defect"} for name, value in types.items()
        ],
        "annotations": [{"id": number, **one} for number, one in enumerate(found, start=1)],
    }
    yield target / FILE, json.dumps(content).encode()


def read(source: Path, parts: Sequence[Part], types: Mapping[str, int]) -> dict[str, Labels]:
    """Return the masks of every image in the file; later annotations cover earlier ones."""
    path = source / FILE if source.is_dir() else source
    content = read_json(path, _Coco, "COCO file")
    values = {one.id: find_type(path, one.name, types) for one in _used(content)}
    of_image: dict[int, Part] = {}
    for image in content.images:
        part = find_part(path, image.file_name, parts)
        require_shape(path, part, image.height, image.width)
        of_image[image.id] = part
    found = {part.id: np.zeros(part.shape, np.uint8) for part in of_image.values()}
    for one in content.annotations:
        if one.image_id not in of_image or one.category_id not in values:
            raise InputError(
                path,
                f"has an annotation of image {one.image_id} and category {one.category_id}, "
                "which it does not list",
            )
        part = of_image[one.image_id]
        _mark(path, found[part.id], one, values[one.category_id])
    return found


def _used(content: _Coco) -> list[_Category]:
    used = {one.category_id for one in content.annotations}
    return [one for one in content.categories if one.id in used]


def _areas(mask: Labels, types: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for value in types.values():
        whole = Area.of_mask(mask == value)
        for rings in outlines(whole.inside):
            placed = [np.add(ring, (whole.top, whole.left)) for ring in rings]
            area = polygon(placed, (mask.shape[0], mask.shape[1]))
            tight = Area.of_mask(area.inside)
            segmentation = (
                [placed[0][:, ::-1].ravel().tolist()]
                if len(placed) == 1
                else {"size": list(mask.shape), "counts": _runs(area.on_grid(mask.shape))}
            )
            yield {
                "category_id": value,
                "segmentation": segmentation,
                "area": int(area.inside.sum()),
                "bbox": [area.left + tight.left, area.top + tight.top, *tight.inside.shape[::-1]],
                "iscrowd": int(len(placed) > 1),
            }


def _mark(path: Path, mask: Labels, one: _Annotation, value: int) -> None:
    shape = (mask.shape[0], mask.shape[1])
    if isinstance(one.segmentation, _Runs):
        if one.segmentation.size != shape:
            size = one.segmentation.size
            raise InputError(path, f"has runs for {size} pixels instead of {shape}")
        mask[_filled(path, one.segmentation.counts, shape)] = value
        return
    for numbers in one.segmentation:
        try:
            area = polygon([corners(path, numbers)], shape)
        except InputError as error:
            raise InputError(path, f"cannot be used: {error}") from error
        mask[slices(area.box)][area.inside] = value


def _runs(mask: NDArray[np.bool_]) -> list[int]:
    """Return how many pixels are outside, inside, outside …, column by column."""
    pixels = mask.ravel(order="F")
    changes = np.flatnonzero(np.diff(pixels, prepend=np.bool_(False)))
    return [int(run) for run in np.diff(changes, prepend=0, append=pixels.size)]


def _filled(path: Path, counts: list[int] | str, shape: tuple[int, int]) -> NDArray[np.bool_]:
    lengths = _uncompressed(path, counts) if isinstance(counts, str) else counts
    if min(lengths, default=0) < 0 or sum(lengths) != shape[0] * shape[1]:
        raise InputError(path, "has runs that do not add up to the pixels of their image")
    inside = np.arange(len(lengths)) % 2 == 1
    return np.repeat(inside, lengths).reshape(shape, order="F")


def _uncompressed(path: Path, packed: str) -> list[int]:
    """Return the runs in a string as the COCO tools write it.

    Six bits a character from "0" on: five of a number, lowest first, and whether more follow;
    from the third number on each is the difference to the one two before it.
    """
    lengths: list[int] = []
    number = shift = 0
    for character in packed:
        bits = ord(character) - 48
        if not 0 <= bits < 64 or shift > 60:
            raise InputError(path, "has runs that no COCO tool has written")
        number |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            if bits & 16:
                number -= 1 << shift
            lengths.append(number + (lengths[-2] if len(lengths) > 2 else 0))
            number = shift = 0
    return lengths


FORMAT = Format("coco", files, read)
