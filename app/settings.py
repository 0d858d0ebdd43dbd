"""What the workbench remembers from one start to the next."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

RECENT_LIMIT = 8


class Settings:
    """Typed access to the stored settings.

    Parameters
    ----------
    store : QSettings
        Where they are kept.
    """

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def recent(self, kind: str) -> list[Path]:
        """Return the recently opened ``"models"`` or ``"parts"``, newest first."""
        stored = self._store.value(f"recent/{kind}", [])
        # A list of one comes back from an INI file as a plain string.
        names = [stored] if isinstance(stored, str) else list(stored or [])  # type: ignore[call-overload]
        return [Path(name) for name in names]

    def remember(self, kind: str, paths: Sequence[Path]) -> None:
        """Put `paths` at the head of the recent list `kind`."""
        new = [path.absolute() for path in paths]
        kept = [*new, *(path for path in self.recent(kind) if path not in new)]
        self._store.setValue(f"recent/{kind}", [str(path) for path in kept[:RECENT_LIMIT]])

    @property
    def geometry(self) -> QByteArray:
        """Size and place of the window; empty before the first use."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def layout(self) -> QByteArray:
        """Where the docks are; empty before the first use."""
        return self._bytes("window/layout")

    @layout.setter
    def layout(self, value: QByteArray) -> None:
        self._store.setValue("window/layout", value)

    @property
    def opacity(self) -> int:
        """Opacity of the anomaly map in percent."""
        return int(str(self._store.value("image/opacity", 80)))

    @opacity.setter
    def opacity(self, value: int) -> None:
        self._store.setValue("image/opacity", value)

    def splitter(self, name: str) -> QByteArray:
        """Return the saved state of the splitter `name`; empty before the first use."""
        return self._bytes(f"window/{name}")

    def set_splitter(self, name: str, state: QByteArray) -> None:
        """Save the state of the splitter `name`."""
        self._store.setValue(f"window/{name}", state)

    def _bytes(self, key: str) -> QByteArray:
        stored = self._store.value(key)
        return stored if isinstance(stored, QByteArray) else QByteArray()
