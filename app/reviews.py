"""What people said of the parts of the queue, as far as it is known."""

from collections.abc import Mapping

from psygnal import Signal

from cmdiad_core.edits import Opinion, PersonVerdict

_NOTHING = Opinion()


class Reviews:
    """Evented opinions by part.

    Attributes
    ----------
    changed : Signal
        What is known of the parts with these ids.
    marked : Signal
        Other defect types are marked on parts of the queue.
    latest_edit : int
        Newest entry of the store's journal that was taken in.
    """

    changed = Signal(frozenset)
    marked = Signal()

    def __init__(self) -> None:
        self.latest_edit = 0
        self._hashes: dict[str, str] = {}
        self._opinions: dict[str, Opinion] = {}
        self._types: dict[str, frozenset[str]] = {}

    def of(self, part_id: str) -> Opinion:
        """Return what stands of a part."""
        return self._opinions.get(self._hashes.get(part_id, ""), _NOTHING)

    def verdict(self, part_id: str) -> PersonVerdict | None:
        """Return the verdict that stands on a part."""
        said = self.of(part_id).verdict
        return said.verdict if said else None

    def types(self, part_id: str) -> frozenset[str]:
        """Return the names of the defect types that are marked on a part."""
        return self._types.get(self._hashes.get(part_id, ""), frozenset())

    def all_types(self) -> frozenset[str]:
        """Return the names of the defect types that are marked on any part."""
        return frozenset().union(*self._types.values())

    def hash(self, part_id: str) -> str | None:
        """Return the content hash of a part, None until it was recognised."""
        return self._hashes.get(part_id)

    def parts_with(self, content: str) -> list[str]:
        """Return the ids of the parts of the queue with this content."""
        return [part_id for part_id, known in self._hashes.items() if known == content]

    def knows(self, content: str) -> bool:
        """Return whether a part of the queue has this content."""
        return content in self._hashes.values()

    def clear(self) -> None:
        """Forget everything: another queue."""
        self._hashes.clear()
        self._opinions.clear()
        self._types.clear()

    def recognise(self, hashes: Mapping[str, str], opinions: Mapping[str, Opinion]) -> None:
        """Take content hashes of parts by id, and what stands of them by hash."""
        self._hashes |= hashes
        for content in hashes.values():
            self._opinions[content] = opinions.get(content, _NOTHING)
        self.changed.emit(frozenset(hashes))

    def mark(self, types: Mapping[str, frozenset[str]]) -> None:
        """Take the names of the defect types that are marked now, by content hash."""
        changed = {c: new for c, new in types.items() if new != self._types.get(c, frozenset())}
        if changed:
            self._types |= changed
            self.marked.emit()

    def put(self, opinions: Mapping[str, Opinion]) -> None:
        """Take what stands now, by content hash."""
        self._opinions |= opinions
        ids = (part_id for part_id, content in self._hashes.items() if content in opinions)
        self.changed.emit(frozenset(ids))
