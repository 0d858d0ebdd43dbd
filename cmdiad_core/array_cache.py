"""Arrays that are costly to make, kept on disk up to a bound."""

import hashlib
import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.errors import InputError
from cmdiad_core.writing import write_file

Array = NDArray[Any]

#: Share of the bound that a process adds at most before it counts what all have added.
_UNCOUNTED = 0.01


class ArrayCache:
    """A folder of arrays by key; those used longest ago go when it grows beyond its bound.

    Several processes may share the folder; each but one may exceed the bound by 1 %. A damaged
    file is made anew; a folder that cannot be written any more is said once and then only read.

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
        self._size, self._added = sum(size for _, size, _ in self._entries()), 0

    def get(self, key: str, make: Callable[[], Array]) -> Array:
        """Return the array called `key`, made by `make` unless it is there."""
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.npy"
        try:
            with path.open("rb") as file:
                # Not `load`, which takes what begins like an archive for one.
                array: Array = np.lib.format.read_array(file, allow_pickle=False)
        except Exception:  # the reader meets damage with whatever its pieces raise
            array = make()
            self._keep(path, array)
            return array
        with suppress(OSError):  # Where nothing can be written, nothing has to make room either.
            path.touch()
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
        self._added += content.tell()
        # Other processes add, too: counted now and then, as listing at every array takes time.
        if self._added > _UNCOUNTED * self._limit or self._size + self._added > self._limit:
            self._make_room()

    def _make_room(self) -> None:
        entries = sorted(self._entries())
        self._size, self._added = sum(size for _, size, _ in entries), 0
        if self._size <= self._limit:
            return
        # A tenth more than needed, so that a full cache is not listed at every array.
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
