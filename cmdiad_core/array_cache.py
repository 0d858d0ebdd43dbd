"""Arrays that are costly to make, kept on disk up to a bound."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.errors import InputError
from cmdiad_core.writing import write_file

Array = NDArray[Any]


class ArrayCache:
    """A folder of arrays by key; those used longest ago go when it grows beyond its bound.

    Several processes may share the folder. A damaged file is made anew; a folder that cannot be
    written any more is said once and then only read.

    Parameters
    ----------
    folder : Path
        Holds nothing else; made when first written to.
    limit : int
        Largest size of all arrays in bytes.
    unusable : callable
        Told why nothing more can be kept, e.g. a full disk.
    """

    def __init__(self, folder: Path, limit: int, unusable: Callable[[InputError], None]) -> None:
        self._folder, self._limit, self._unusable = folder, limit, unusable
        self._writable = True
        self._size = sum(size for _, size, _ in self._entries())

    def get(self, key: str, make: Callable[[], Array]) -> Array:
        """Return the array called `key`, made by `make` unless it is there."""
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.npy"
        try:
            array: Array = np.load(path, allow_pickle=False)
            path.touch()
        except (OSError, ValueError, EOFError):
            array = make()
            self._keep(path, array)
        return array

    def _keep(self, path: Path, array: Array) -> None:
        if not self._writable or array.nbytes > self._limit:
            return
        content = io.BytesIO()
        np.save(content, array, allow_pickle=False)
        try:
            write_file(path, content.getvalue())
        except InputError as error:
            self._writable = False
            self._unusable(error)
            return
        self._size += content.tell()
        if self._size > self._limit:
            self._make_room()

    def _make_room(self) -> None:
        # A tenth more than needed, so that a full cache is not listed at every array.
        entries = sorted(self._entries())
        self._size = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if self._size <= 0.9 * self._limit:
                break
            path.unlink(missing_ok=True)
            self._size -= size

    def _entries(self) -> list[tuple[int, int, Path]]:
        """Return last use, size and path of every array."""
        entries = []
        for path in self._folder.glob("*.npy"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # Another process made room.
            entries.append((status.st_mtime_ns, status.st_size, path))
        return entries
