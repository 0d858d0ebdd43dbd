"""What the workbench remembers from one start to the next."""

import getpass
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from app.colour_scale import COLOUR_MAPS
from app.text import text
from app.theme import Look, Scheme

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
        #: Who signed in: None where the store knows nobody, empty until somebody does.
        self.signed_in: str | None = None

    def recent(self, kind: str) -> list[Path]:
        """Return the recently opened ``"models"`` or ``"parts"``, newest first."""
        return self._paths(f"recent/{kind}")

    def remember(self, kind: str, paths: Sequence[Path]) -> None:
        """Put `paths` at the head of the recent list `kind`."""
        new = [path.absolute() for path in paths]
        kept = [*new, *(path for path in self.recent(kind) if path not in new)]
        self._store.setValue(f"recent/{kind}", [str(path) for path in kept[:RECENT_LIMIT]])

    def place(self, kind: str) -> str:
        """Return the folder that holds what was opened last; empty before the first use."""
        newest = self.recent(kind)[:1]
        return str(newest[0].parent) if newest else ""

    @property
    def geometry(self) -> QByteArray:
        """Size and place of the window; empty before the first use."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def open_parts(self) -> list[Path]:
        """What the queue was made from last."""
        return self._paths("work/parts")

    @open_parts.setter
    def open_parts(self, paths: Sequence[Path]) -> None:
        self._store.setValue("work/parts", [str(path.absolute()) for path in paths])

    @property
    def last_work(self) -> str:
        """JSON of `LastWork`; empty before the first use."""
        return str(self._store.value("work/last", ""))

    @last_work.setter
    def last_work(self, value: str) -> None:
        self._store.setValue("work/last", value)

    @property
    def layout(self) -> QByteArray:
        """Where the docks are; empty before the first use."""
        return self._bytes("window/layout")

    @layout.setter
    def layout(self, value: QByteArray) -> None:
        self._store.setValue("window/layout", value)

    @property
    def look(self) -> Look:
        """Colours and size of words."""
        scheme = str(self._store.value("look/scheme", Scheme.SYSTEM))
        known = scheme in list(Scheme)
        percent = int(str(self._store.value("look/text_percent", 100)))
        return Look(Scheme(scheme) if known else Scheme.SYSTEM, percent)

    @look.setter
    def look(self, value: Look) -> None:
        self._store.setValue("look/scheme", str(value.scheme))
        self._store.setValue("look/text_percent", value.text_percent)

    @property
    def language(self) -> str:
        """Two letters; empty for the system's language."""
        return str(self._store.value("look/language", ""))

    @language.setter
    def language(self, value: str) -> None:
        self._store.setValue("look/language", value)

    def keys(self, action: str) -> list[str] | None:
        """Return the keys that the user gave to an action; None where he left them alone."""
        stored = self._store.value(f"keys/{action}")
        return None if stored is None else str(stored).split()

    def set_keys(self, action: str, keys: Sequence[str] | None) -> None:
        """Keep the keys of an action; None for those that came with the workbench."""
        if keys is None:
            self._store.remove(f"keys/{action}")
        else:
            self._store.setValue(f"keys/{action}", " ".join(keys))

    def layouts(self) -> list[str]:
        """Return the names of the layouts that were saved."""
        self._store.beginGroup("layouts")
        names = self._store.childKeys()
        self._store.endGroup()
        return sorted(names, key=str.casefold)

    def saved_layout(self, name: str) -> QByteArray:
        """Return a layout by its name."""
        return self._bytes(f"layouts/{name}")

    def save_layout(self, name: str, state: QByteArray | None) -> None:
        """Keep a layout under a name; None forgets it."""
        if state is None:
            self._store.remove(f"layouts/{name}")
        else:
            self._store.setValue(f"layouts/{name}", state)

    @property
    def opacity(self) -> int:
        """Opacity of the anomaly map in percent."""
        return int(str(self._store.value("image/opacity", 80)))

    @opacity.setter
    def opacity(self, value: int) -> None:
        self._store.setValue("image/opacity", value)

    @property
    def export_folder(self) -> Path | None:
        """Where the last export went, if it is still there."""
        stored = str(self._store.value("export/folder", ""))
        return Path(stored) if stored and Path(stored).is_dir() else None

    @export_folder.setter
    def export_folder(self, value: Path) -> None:
        self._store.setValue("export/folder", str(value))

    @property
    def serial_rule(self) -> str:
        """The expression that found serial numbers of near-line parts last; empty for none."""
        return str(self._store.value("nearline/serial_rule", ""))

    @serial_rule.setter
    def serial_rule(self, value: str) -> None:
        self._store.setValue("nearline/serial_rule", value)

    @property
    def validation_set(self) -> Path | None:
        """The data set on which models are compared, if one was named and is still there."""
        stored = str(self._store.value("models/validation_set", ""))
        return Path(stored) if stored and Path(stored).exists() else None

    @validation_set.setter
    def validation_set(self, value: Path) -> None:
        self._store.setValue("models/validation_set", str(value.absolute()))

    def gate(self, name: str) -> float | None:
        """Return what a candidate has to keep to; None where nothing was set."""
        stored = self._store.value(f"models/gate/{name}")
        return None if stored is None else float(str(stored))

    def set_gate(self, name: str, value: float) -> None:
        """Keep what a candidate has to keep to."""
        self._store.setValue(f"models/gate/{name}", value)

    @property
    def reviewer(self) -> str:
        """Name under which everything is kept: who signed in, where the store knows people.

        Else the one that the user said, or the system's.
        """
        if self.signed_in is not None:
            return self.signed_in
        return str(self._store.value("person/reviewer", "")) or _system_user()

    @reviewer.setter
    def reviewer(self, value: str) -> None:
        self._store.setValue("person/reviewer", value.strip())

    @property
    def last_signed_in(self) -> str:
        """Who signed in last; empty where nobody did, or signed out."""
        return str(self._store.value("person/signed_in", ""))

    @last_signed_in.setter
    def last_signed_in(self, value: str) -> None:
        self._store.setValue("person/signed_in", value)

    @property
    def colour_map(self) -> str:
        """Name of the colour map of anomaly maps."""
        stored = str(self._store.value("image/colour_map", COLOUR_MAPS[0]))
        return stored if stored in COLOUR_MAPS else COLOUR_MAPS[0]

    @colour_map.setter
    def colour_map(self, value: str) -> None:
        self._store.setValue("image/colour_map", value)

    def scan_effort(self, modality: str, kind: str) -> float | None:
        """Return ``"seconds"`` or ``"cost"`` of a scan as the user gave it; None where not."""
        stored = self._store.value(f"scan/{modality}/{kind}")
        return None if stored is None else float(str(stored))

    def set_scan_effort(self, modality: str, kind: str, value: float | None) -> None:
        """Keep what a scan takes; None forgets it."""
        if value is None:
            self._store.remove(f"scan/{modality}/{kind}")
        else:
            self._store.setValue(f"scan/{modality}/{kind}", value)

    def splitter(self, name: str) -> QByteArray:
        """Return the saved state of the splitter `name`; empty before the first use."""
        return self._bytes(f"window/{name}")

    def set_splitter(self, name: str, state: QByteArray) -> None:
        """Save the state of the splitter `name`."""
        self._store.setValue(f"window/{name}", state)

    def _paths(self, key: str) -> list[Path]:
        stored = self._store.value(key, [])
        # A list of one comes back from an INI file as a plain string.
        names = [stored] if isinstance(stored, str) else list(stored or [])  # type: ignore[call-overload]
        return [Path(name) for name in names]

    def _bytes(self, key: str) -> QByteArray:
        stored = self._store.value(key)
        return stored if isinstance(stored, QByteArray) else QByteArray()


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return text("review.nobody")
