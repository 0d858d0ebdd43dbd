"""The way to the store: opened when first needed, because that imports much."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmdiad_core.store import Store


class StoreDoor:
    """Opens the store once, for every thread of the window.

    Parameters
    ----------
    address : str or Path or None
        As for `Store`.
    """

    def __init__(self, address: str | Path | None = None) -> None:
        self._address = address
        self._store: Store | None = None
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether the store was needed already."""
        return self._store is not None

    @property
    def exists(self) -> bool:
        """Whether there is a store that opening it would not make; imports much."""
        return "://" in self.address or Path(self.address).exists()

    @property
    def address(self) -> str:
        """Where it is, for other programs; imports much."""
        from cmdiad_core.store.opening import default_place

        return str(self._address or default_place())

    def open(self) -> Store:
        """Return the store.

        Raises
        ------
        InputError
            It cannot be used; the next call tries again.
        """
        with self._lock:
            if self._store is None:
                from cmdiad_core.store import Store

                self._store = Store(self._address)
            return self._store

    def close(self) -> None:
        """Give back what an open store holds."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None
