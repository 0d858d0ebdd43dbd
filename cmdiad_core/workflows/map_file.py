"""Anomaly maps of many parts, kept in a file: they may be too many for the memory."""

from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]


class MapFile:
    """Takes maps and gives them back by number; the file goes when nobody needs it any more."""

    def __init__(self) -> None:
        self._file = TemporaryFile(prefix="cmdiad-")  # noqa: SIM115  (closed when let go)
        self._places: list[tuple[int, tuple[int, ...]]] = []

    def add(self, values: Map) -> int:
        """Keep a map (H, W) and return its number."""
        self._places.append((self._file.seek(0, 2), values.shape))
        self._file.write(np.ascontiguousarray(values, np.float32).data)
        return len(self._places) - 1

    def __getitem__(self, number: int) -> Map:
        """Return a map by its number."""
        start, shape = self._places[number]
        self._file.seek(start)
        content = self._file.read(4 * int(np.prod(shape)))
        return np.frombuffer(content, np.float32).reshape(shape)
