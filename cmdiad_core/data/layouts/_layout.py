from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cmdiad_core.modalities import modalities
from cmdiad_core.sample import PartFiles


@dataclass(frozen=True)
class Dataset:
    """The parts found below one folder, none of them read yet.

    Parameters
    ----------
    root : Path
        The folder.
    layout : str
        Name of the layout it is in, e.g. ``"mvtec3d"``.
    parts : tuple of PartFiles
        At least one, in the order of the data set.
    """

    root: Path
    layout: str
    parts: tuple[PartFiles, ...]

    def split(self, name: str) -> tuple[PartFiles, ...]:
        """Return the parts of one split: ``"train"``, ``"validation"``, ``"test"`` or ``""``."""
        return tuple(part for part in self.parts if part.split == name)

    @property
    def modalities(self) -> tuple[str, ...]:
        """Names of the modalities that at least one part has, in the order they are shown."""
        present = {name for part in self.parts for name in part.files}
        return tuple(name for name in modalities() if name in present)

    def missing(self) -> dict[str, tuple[str, ...]]:
        """Return, by part id, which of the data set's modalities a part lacks; complete ones not.

        A modality that no part has is not missing anywhere.
        """
        lacking = {
            part.id: tuple(name for name in self.modalities if name not in part.files)
            for part in self.parts
        }
        return {part: names for part, names in lacking.items() if names}


@dataclass(frozen=True)
class Layout:
    """One way of arranging the files of a data set in folders.

    Parameters
    ----------
    name : str
        Its name in messages and records.
    expects : str
        What such a folder holds, for a user whose folder does not fit.
    recognise : callable
        Whether a folder is arranged like this; opens no file.
    read : callable
        Takes the folder, returns its parts; may find none.
    fallback : bool
        It takes any folder, so it is asked last.
    """

    name: str
    expects: str
    recognise: Callable[[Path], bool]
    read: Callable[[Path], Sequence[PartFiles]]
    fallback: bool = False
