from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cmdiad_core.modalities import Kind, Modality
from cmdiad_core.sample import Measurement

#: Largest image read; below it Pillow does not refuse by itself, and RGB as float stays under 2 GB.
MAX_PIXELS = 150_000_000


@dataclass(frozen=True)
class Format:
    """One file format: its name, its suffixes in lower case, and how its files begin.

    Files of a format without `beginnings` begin with anything but another format's.
    """

    name: str
    suffixes: tuple[str, ...]
    beginnings: tuple[bytes, ...]


PNG = Format("PNG", (".png",), (b"\x89PNG\r\n\x1a\n",))
TIFF = Format("TIFF", (".tif", ".tiff"), (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"))


@dataclass(frozen=True)
class Reader:
    """One family of files.

    Parameters
    ----------
    formats : tuple of Format
        The formats it reads.
    kinds : frozenset of Kind
        The kinds of modality it can give.
    accepts : callable
        Whether a file of a fitting format is for this reader; may look at the file's header.
    holds : callable
        The modalities in a file about which nothing is known but its content; empty when the
        file is not for this reader, or cannot be told from another's.
    read : callable
        Takes the file, the modality wanted and the camera file (or None); returns every modality
        found, by name. Raises `InputError` for what it can explain; what decoders raise besides
        is reported as a damaged file.
    """

    formats: tuple[Format, ...]
    kinds: frozenset[Kind]
    accepts: Callable[[Path], bool]
    holds: Callable[[Path], tuple[str, ...]]
    read: Callable[[Path, Modality, Path | None], dict[str, Measurement]]

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Every file suffix it reads, in lower case."""
        return tuple(suffix for entry in self.formats for suffix in entry.suffixes)
