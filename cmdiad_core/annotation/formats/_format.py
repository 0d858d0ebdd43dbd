from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.errors import InputError

Labels = NDArray[np.uint8]


class Part(Protocol):
    """A part as the files of annotations name it."""

    @property
    def id(self) -> str:
        """Unique in its data set."""

    @property
    def file(self) -> str:
        """Path of its image as the files give it."""

    @property
    def path(self) -> Path:
        """Where its image lies."""

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of its pixel grid; may have to be read from a file."""


@dataclass(frozen=True)
class Format:
    """One way of writing annotations to files.

    Parameters
    ----------
    name : str
        As the user asks for it.
    files : callable
        Takes the folder, pairs of a part and its mask (H, W), and the defect types by name; gives
        the path and content of every file.
    read : callable
        Takes the folder or file, the parts it may speak of and the defect types by name; returns
        masks by part id. Raises `InputError` for what cannot be used, and then returns nothing.
    """

    name: str
    files: Callable[
        [Path, Iterable[tuple[Part, Labels]], Mapping[str, int]], Iterator[tuple[Path, bytes]]
    ]
    read: Callable[[Path, Sequence[Part], Mapping[str, int]], dict[str, Labels]]


class UnknownTypesError(InputError):
    """A file speaks of defect types that are not there.

    Parameters
    ----------
    where : Path
        The file.
    names : sequence of str
        Those types.
    types : mapping of str to int
        What there is.
    """

    def __init__(self, where: Path, names: Sequence[str], types: Mapping[str, int]) -> None:
        unknown = ", ".join(repr(name) for name in names)
        kind = "types" if len(names) > 1 else "type"
        super().__init__(
            where, f"speaks of the defect {kind} {unknown}; there are {', '.join(sorted(types))}"
        )
        self.names = list(names)


def find_type(where: Path, name: str, types: Mapping[str, int]) -> int:
    """Return the value of a defect type in masks."""
    if not name.strip():
        raise InputError(where, "has a defect type without a name")
    if name not in types:
        raise UnknownTypesError(where, [name], types)
    return types[name]


def find_part(where: Path, name: str, parts: Sequence[Part]) -> Part:
    """Return the part whose image, or whose id, is called `name`, folders left out where clear."""
    wanted = name.replace("\\", "/")
    found = [part for part in parts if wanted in (part.file, part.id)]
    if not found:
        found = [part for part in parts if f"/{part.file}".endswith(f"/{wanted}")]
    if len(found) != 1:
        why = "several parts" if found else "no part"
        raise InputError(where, f"names the image {name!r}, which {why} of the data set has")
    return found[0]


def require_shape(where: Path, part: Part, height: int, width: int) -> None:
    """Complain where an annotation was made on an image of another size."""
    if (height, width) != part.shape:
        raise InputError(
            where,
            f"is for {part.id} with {width} x {height} pixels, "
            f"but the part has {part.shape[1]} x {part.shape[0]}",
        )
