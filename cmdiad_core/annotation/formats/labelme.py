"""LabelMe (github.com/wkentaro/labelme): one JSON file a part.

An area without holes is a polygon; one with holes is a mask in its box.
"""

import base64
import binascii
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from pydantic import BaseModel

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
from cmdiad_core.data.writing import encoded_mask
from cmdiad_core.errors import InputError

_VERSION = "5.5.0"


class _Shape(BaseModel):
    label: str
    points: list[tuple[float, float]]
    shape_type: str = "polygon"
    mask: str | None = None


class _LabelMe(BaseModel):
    imagePath: str  # noqa: N815
    imageHeight: int  # noqa: N815
    imageWidth: int  # noqa: N815
    shapes: list[_Shape]


def files(
    target: Path, parts: Iterable[tuple[Part, Labels]], types: Mapping[str, int]
) -> Iterator[tuple[Path, bytes]]:
    """Give a file per part."""
    taken: set[Path] = set()
    for part, mask in parts:
        path = target / Path(part.file).with_suffix(".json")
        if path in taken:
            # Modalities with grids of their own may lie beside each other under one name.
            path = target / f"{part.file}.json"
        taken.add(path)
        content: dict[str, Any] = {
            "version": _VERSION,
            "flags": {},
            "shapes": list(_shapes(mask, types)),
            "imagePath": _image_path(path, part),
            "imageData": None,
            "imageHeight": part.shape[0],
            "imageWidth": part.shape[1],
        }
        yield path, json.dumps(content, indent=1).encode()


def read(source: Path, parts: Sequence[Part], types: Mapping[str, int]) -> dict[str, Labels]:
    """Return the masks of every file at or below `source`; later shapes cover earlier ones."""
    paths = sorted(source.glob("**/*.json")) if source.is_dir() else [source]
    if not paths:
        raise InputError(source, "has no LabelMe files (.json)")
    found: dict[str, Labels] = {}
    for path in paths:
        content = read_json(path, _LabelMe, "LabelMe file")
        part = _find_part(path, content.imagePath, parts)
        require_shape(path, part, content.imageHeight, content.imageWidth)
        mask = found.setdefault(part.id, np.zeros(part.shape, np.uint8))
        for shape in content.shapes:
            value = find_type(path, shape.label, types)
            area = _area(path, shape, part.shape)
            mask[slices(area.box)][area.inside] = value
    return found


def _find_part(path: Path, name: str, parts: Sequence[Part]) -> Part:
    """Return the part whose image lies where the file says, else the one whose image it names."""
    image = path.absolute().parent / name.replace("\\", "/")
    beside = [part for part in parts if part.path == image]
    return beside[0] if beside else find_part(path, name, parts)


def _image_path(path: Path, part: Part) -> str:
    """Return the image as seen from the file, if it lies beside or below: LabelMe opens it so."""
    folder = path.absolute().parent
    below = part.path.is_relative_to(folder)
    return part.path.relative_to(folder).as_posix() if below else part.file


def _shapes(mask: Labels, types: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for name, value in types.items():
        whole = Area.of_mask(mask == value)
        for rings in outlines(whole.inside):
            corner = (whole.top, whole.left)
            shape: dict[str, Any] = {
                "label": name,
                "group_id": None,
                "description": "",
                "flags": {},
            }
            if len(rings) == 1:
                points = (rings[0] + corner)[:, ::-1].tolist()
                yield {**shape, "points": points, "shape_type": "polygon", "mask": None}
                continue
            area = polygon(rings, (whole.inside.shape[0], whole.inside.shape[1]))
            top, left, bottom, right = np.add(area.box, corner * 2).tolist()
            yield {
                **shape,
                # The box of a mask holds its last pixel too.
                "points": [[left, top], [right - 1, bottom - 1]],
                "shape_type": "mask",
                "mask": base64.b64encode(encoded_mask(area.inside)).decode(),
            }


def _area(path: Path, shape: _Shape, grid: tuple[int, int]) -> Area:
    numbers = [number for point in shape.points for number in point]
    if shape.shape_type == "polygon":
        try:
            return polygon([corners(path, numbers)], grid)
        except InputError as error:
            raise InputError(path, f"cannot be used: {error}") from error
    if shape.shape_type == "rectangle" and len(shape.points) == 2:
        (x, y), (right, bottom) = shape.points
        return polygon([np.array([(y, x), (y, right), (bottom, right), (bottom, x)])], grid)
    if shape.shape_type == "mask" and shape.mask is not None and shape.points:
        return _placed(path, _decoded(path, shape.mask), shape.points[0], grid)
    raise InputError(
        path, f"has a shape of type {shape.shape_type!r}; polygons, rectangles and masks are read"
    )


def _placed(
    path: Path, inside: NDArray[np.bool_], corner: tuple[float, float], grid: tuple[int, int]
) -> Area:
    left, top = (int(number) for number in corner) if np.isfinite(corner).all() else (-1, -1)
    if top < 0 or left < 0 or top + inside.shape[0] > grid[0] or left + inside.shape[1] > grid[1]:
        raise InputError(path, "has a mask that lies beside its image")
    return Area(top, left, inside)


def _decoded(path: Path, packed: str) -> NDArray[np.bool_]:
    try:
        content = io.BytesIO(base64.b64decode(packed, validate=True))
        with Image.open(content, formats=["PNG"]) as image:
            return np.asarray(image.convert("L")) > 0
    except (
        binascii.Error,
        ValueError,
        SyntaxError,
        OSError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
    ) as error:
        raise InputError(path, "has a mask that is no PNG image") from error


FORMAT = Format("labelme", files, read)
