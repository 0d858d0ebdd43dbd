"""Which parts of the queue the model learned from."""

from collections.abc import Iterable
from os.path import abspath
from pathlib import Path

from psygnal import Signal

from cmdiad_core.sample import PartFiles


class TrainingParts:
    """Knows the model's training parts by their files, and by content where that is known.

    Attributes
    ----------
    changed : Signal
        More of them are known by content.
    """

    changed = Signal()

    def __init__(self) -> None:
        self._paths: frozenset[str] = frozenset()
        self._contents: frozenset[str] = frozenset()
        #: Whether parts lie where a training part lay; a long queue is asked again and again.
        self._by_path: dict[str, bool] = {}

    def set_parts(self, parts: Iterable[PartFiles]) -> None:
        """Take the training parts of another model."""
        self._paths = frozenset(_place(path) for part in parts for path in part.files.values())
        self._contents = frozenset()
        self._by_path.clear()

    def recognise(self, contents: Iterable[str]) -> None:
        """Take the content hashes of training parts, as far as they are known."""
        self._contents = frozenset(contents)
        self.changed.emit()

    def forget_queue(self) -> None:
        """Forget what was asked: another queue."""
        self._by_path.clear()

    def hold(self, part: PartFiles, content: str | None) -> bool:
        """Return whether a part was learned from: a file or the whole content is the same.

        Parameters
        ----------
        part : PartFiles
            The part.
        content : str or None
            Its content hash, where it was read.
        """
        if content is not None and content in self._contents:
            return True
        if part.id not in self._by_path:
            found = any(_place(path) in self._paths for path in part.files.values())
            self._by_path[part.id] = found
        return self._by_path[part.id]


def _place(path: Path) -> str:
    # Resolving links would look at the disk for each of thousands of files.
    return abspath(path)  # noqa: PTH100
