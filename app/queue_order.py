"""Which parts of the queue are shown, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from app.entry import Entry

if TYPE_CHECKING:
    from app.session import Session

Key = Callable[["Session", Entry], Any]


@dataclass(frozen=True)
class Filter:
    """A question about each part of the queue.

    Parameters
    ----------
    key : str
        Its name in the settings and in tests.
    title : str
        Its name on the screen.
    test : callable
        Takes an entry; true keeps it.
    """

    key: str
    title: str
    test: Callable[[Entry], bool]


@dataclass(frozen=True)
class QueueOrder:
    """What the user wants to see of the queue.

    Parameters
    ----------
    column : str
        By which attribute of `SORT_KEYS` parts are put in order.
    descending : bool
        Last one first.
    words : str
        Shown are parts whose id holds every one of these words.
    filter : Filter or None
        And that this one keeps.
    """

    column: str = "score"
    descending: bool = False
    words: str = ""
    filter: Filter | None = None

    def ids(self, session: Session) -> list[str]:
        """Return the parts to show, in order."""
        entries: Iterable[Entry] = session.entries.values()
        if self.filter is not None:
            entries = filter(self.filter.test, entries)
        for word in self.words.casefold().split():
            entries = [entry for entry in entries if word in entry.part.id.casefold()]
        key = partial(SORT_KEYS[self.column], session)
        ordered = sorted(entries, key=key, reverse=self.descending)
        return [entry.part.id for entry in ordered]


def _modalities(_: Session, entry: Entry) -> tuple[int, tuple[str, ...], int]:
    return -len(entry.part.files), tuple(sorted(entry.part.files)), entry.place


def _review(session: Session, entry: Entry) -> tuple[bool, str, tuple[int, float, int]]:
    opinion = session.reviews.of(entry.part.id)
    said = session.reviews.verdict(entry.part.id)
    if said is None:
        found = opinion.nearline.found.verdict if opinion.nearline else None
        return True, found or "~", entry.sort_key
    disputed = opinion.in_conflict or said.contradicts(session.verdict(entry))
    return not disputed, said, entry.sort_key


#: By column of the queue; a verdict follows from the score.
SORT_KEYS: dict[str, Key] = {
    "verdict": lambda _, entry: entry.sort_key,
    "score": lambda _, entry: entry.sort_key,
    "part": lambda _, entry: entry.part.id.casefold(),
    "modalities": _modalities,
    "review": _review,
}
