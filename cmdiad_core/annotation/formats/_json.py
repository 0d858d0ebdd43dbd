from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from cmdiad_core.annotation.shapes import Points
from cmdiad_core.errors import InputError

T = TypeVar("T", bound=BaseModel)
_MAX_BYTES = 1_000_000_000


def read_json(path: Path, kind: type[T], called: str) -> T:
    """Return the content of a JSON file, checked.

    Raises
    ------
    InputError
        No such file, or something else in it.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(path, f"is too large for {called}")
        content = path.read_bytes()
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        where = f" at {place}" if place else ""
        raise InputError(path, f"is no {called}{where} ({first['msg'].lower()})") from error


def corners(path: Path, numbers: list[float]) -> Points:
    """Return x, y, x, y … as rows and columns (N, 2)."""
    if len(numbers) % 2 or len(numbers) < 6:
        raise InputError(path, f"has a polygon of {len(numbers)} numbers; it takes 6 or more, even")
    return np.asarray(numbers, np.float64).reshape(-1, 2)[:, ::-1]
