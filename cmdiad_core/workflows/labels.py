"""Parts whose truth people have confirmed: from a data set, and from verdicts in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.edits import PersonVerdict, Review
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles
from cmdiad_core.workflows.reading import Skipped

if TYPE_CHECKING:
    from cmdiad_core.store import Store

_TRUTH = {PersonVerdict.ACCEPT: False, PersonVerdict.REJECT: True}


@dataclass(frozen=True)
class Confirmed:
    """A part whose truth is confirmed.

    Parameters
    ----------
    part : PartFiles
        With `defective` set.
    content : str
        Content hash, as in the store.
    review : Review or None
        The verdict that confirmed it; None where a data set did.
    """

    part: PartFiles
    content: str
    review: Review | None = None


def confirmed_parts(
    labels: Path | None, store: str | None, data: Path | None, skipped: Skipped
) -> list[Confirmed]:
    """Return the confirmed parts, each once.

    Parameters
    ----------
    labels : Path or None
        Data set in any layout: its good parts are confirmed good, its other parts with a known
        truth confirmed defective.
    store : str or None
        Store whose verdicts count: accepted parts are good, rejected ones defective, unsure ones
        are left out.
    data : Path or None
        Only verdicts on its parts count; None for all in the store.
    skipped : callable
        Told of each part whose files are gone, changed or cannot be read, and of each that is
        called good in one place and defective in another.

    Raises
    ------
    InputError
        No part is confirmed, or a place cannot be used.
    """
    if labels is None and store is None:
        raise InputError("labels", "are missing; give --labels or --store")
    if data is not None and store is None:
        raise InputError(data, "needs --store, whose verdicts on its parts count")
    found: dict[str, Confirmed] = {}
    disputed: set[str] = set()
    from_labels = [] if labels is None else _labelled(labels, skipped)
    from_store = [] if store is None else _stored(store, data, skipped)
    for one in (*from_labels, *from_store):
        before = found.setdefault(one.content, one)
        if before.part.defective != one.part.defective and one.content not in disputed:
            disputed.add(one.content)
            skipped(InputError(one.part.id, "is called good in one place and defective in another"))
    confirmed = [one for content, one in found.items() if content not in disputed]
    if not confirmed:
        raise InputError(labels or data or store or "labels", "has no part that is confirmed")
    return confirmed


def content_of(part: PartFiles) -> str:
    """Return the content hash of a part; `InputError` where a file cannot be read."""
    from cmdiad_core.store.content import content_hash, file_digest

    digests = {path: file_digest(path) for path in set(part.files.values())}
    return content_hash({name: digests[path] for name, path in part.files.items()})


def with_content(parts: Iterable[PartFiles], skipped: Skipped) -> Iterator[Confirmed]:
    """Yield parts with their content hashes; those that cannot be read go to `skipped`."""
    for part in parts:
        try:
            yield Confirmed(part, content_of(part))
        except InputError as error:
            skipped(error)


def _labelled(labels: Path, skipped: Skipped) -> Iterator[Confirmed]:
    parts = [part for part in open_dataset(labels).parts if part.defective is not None]
    return with_content(parts, skipped)


def _stored(address: str, data: Path | None, skipped: Skipped) -> list[Confirmed]:
    from cmdiad_core.store import Store

    store = Store(address)
    try:
        return judged_parts(store, data, skipped)
    finally:
        store.close()


def judged_parts(store: Store, data: Path | None, skipped: Skipped) -> list[Confirmed]:
    """Return the parts that people accepted or rejected, as `confirmed_parts` does."""
    if data is None:
        reviews = _standing(store, store.reviewed())
        known = _found_again(store, reviews, skipped)
    else:
        known = {}
        for part in open_dataset(data).parts:
            try:
                known[store.identify(part)] = part
            except InputError as error:
                skipped(error)
        reviews = _standing(store, known)
    return [
        Confirmed(replace(known[content], defective=_TRUTH[said]), content, review)
        for content, review in reviews.items()
        if content in known and (said := review.verdict) is not None
    ]


def _standing(store: Store, contents: Iterable[str]) -> dict[str, Review]:
    """Return the reviews that say of parts whether they are good, by content."""
    opinions = store.opinions(contents)
    verdicts = {content: opinion.verdict for content, opinion in opinions.items()}
    return {c: one for c, one in verdicts.items() if one is not None and one.verdict in _TRUTH}


def _found_again(
    store: Store, reviews: Mapping[str, Review], skipped: Skipped
) -> dict[str, PartFiles]:
    """Return the reviewed parts, by content, that still lie where they were last read."""
    places = store.files_of(reviews)
    # Names repeat from one data set to the next.
    same = store.recognise(replace(part, id=content) for content, part in places.items())
    for content in reviews:
        if content not in places:
            problem = "has a verdict, but it is not known where it lies; open it once"
            skipped(InputError(store.name(content), problem))
        elif same.get(content) != content:
            part = places.pop(content)
            try:
                if content_of(part) == content:
                    places[content] = part
                else:
                    first = next(iter(part.files.values()))
                    skipped(InputError(first, "is not what it was when its verdict was given"))
            except InputError as error:
                skipped(error)
    return places
