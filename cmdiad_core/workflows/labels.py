"""Parts whose truth people have confirmed: from a data set, and from verdicts in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.edits import Opinion, Review
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles
from cmdiad_core.workflows.reading import Skipped

if TYPE_CHECKING:
    from cmdiad_core.store import Store
    from cmdiad_core.store.nearline import Merged


@dataclass(frozen=True)
class Confirmed:
    """A part whose truth is confirmed.

    Parameters
    ----------
    part : PartFiles
        With `defective` set.
    content : str
        Content hash of its files.
    inline : str
        That of the part as the line measured it, where a near-line station added modalities.
    review : Review or None
        The verdict of a person that confirmed it; None where a data set or a station did.
    """

    part: PartFiles
    content: str
    inline: str = ""
    review: Review | None = None

    @property
    def contents(self) -> tuple[str, ...]:
        """The content hashes by which models may know the part."""
        return (self.content, self.inline) if self.inline else (self.content,)


def confirmed_parts(
    labels: Path | None,
    store: str | None,
    data: Path | None,
    skipped: Skipped,
    *,
    on_one_grid: bool,
) -> list[Confirmed]:
    """Return the confirmed parts, each once.

    Parameters
    ----------
    labels : Path or None
        Data set in any layout: its good parts are confirmed good, its other parts with a known
        truth confirmed defective.
    store : str or None
        Store whose verdicts and near-line results count: accepted parts are good, rejected ones
        defective, unsure ones are left out. A part that was measured near-line comes with the
        files of both.
    data : Path or None
        Only verdicts on its parts count; None for all in the store.
    skipped : callable
        Told of each part whose files are gone, changed or cannot be read, and of each that is
        called good in one place and defective in another, or on which a person and a near-line
        station disagree.
    on_one_grid : bool
        Whether the model needs all modalities on one pixel grid; what was measured near-line on
        another one is left out then.

    Raises
    ------
    InputError
        No part is confirmed, or a place cannot be used.
    """
    if data is not None and store is None:
        raise InputError(data, "needs --store, whose verdicts on its parts count")
    if labels is None and store is None:
        raise InputError("labels", "are missing; give --labels or --store")
    found: dict[str, Confirmed] = {}
    disputed: set[str] = set()
    from_labels = [] if labels is None else _labelled(labels, skipped)
    from_store = [] if store is None else _stored(store, data, skipped, on_one_grid)
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
    from cmdiad_core.content import content_hash

    digests = digests_of(part)
    return content_hash({name: digests[path] for name, path in part.files.items()})


def digests_of(part: PartFiles) -> dict[Path, str]:
    """Return the digest of each file of a part; `InputError` where one cannot be read."""
    from cmdiad_core.content import file_digest

    return {path: file_digest(path) for path in set(part.files.values())}


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


def _stored(
    address: str, data: Path | None, skipped: Skipped, on_one_grid: bool
) -> list[Confirmed]:
    from cmdiad_core.store import Store

    store = Store(address)
    try:
        return judged_parts(store, data, skipped, on_one_grid=on_one_grid)
    finally:
        store.close()


def judged_parts(
    store: Store, data: Path | None, skipped: Skipped, *, on_one_grid: bool
) -> list[Confirmed]:
    """Return the parts of a store that are known to be good or defective, as `confirmed_parts`."""
    from cmdiad_core.store.nearline import NearLine

    if data is None:
        opinions = _telling(store.opinions(store.reviewed()))
        known = _found_again(store, opinions, skipped)
    else:
        known = {}
        for part in open_dataset(data).parts:
            try:
                known[store.identify(part)] = part
            except InputError as error:
                skipped(error)
        opinions = _telling(store.opinions(known))
    merged = NearLine(store.database).merged(known)
    judged = []
    for content, part in known.items():
        opinion = opinions.get(content)
        if opinion is None:
            continue
        if opinion.in_conflict:
            problem = "is in conflict between a person and a near-line station; decide it first"
            skipped(InputError(part.id, problem))
            continue
        part = replace(part, defective=opinion.defective)
        if opinion.defective and opinion.nearline and opinion.nearline.found.defect_type:
            part = replace(part, defect_type=opinion.nearline.found.defect_type)
        one = Confirmed(part, content, review=opinion.verdict)
        judged.append(_with_nearline(one, merged.get(content), on_one_grid))
    return judged


def _telling(opinions: Mapping[str, Opinion]) -> dict[str, Opinion]:
    """Return the opinions by which a part is good or defective, or that contradict each other."""
    return {
        content: opinion
        for content, opinion in opinions.items()
        if opinion.in_conflict or opinion.defective is not None
    }


def _found_again(
    store: Store, opinions: Mapping[str, Opinion], skipped: Skipped
) -> dict[str, PartFiles]:
    """Return the reviewed parts, by content, that still lie where they were last read."""
    places = store.files_of(opinions)
    # Names repeat from one data set to the next.
    same = store.recognise(replace(part, id=content) for content, part in places.items())
    for content in opinions:
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


def _with_nearline(one: Confirmed, merged: Merged | None, on_one_grid: bool) -> Confirmed:
    if merged is None:
        return one
    part = merged.joined_to(one.part, on_one_grid=on_one_grid)
    if part is one.part:
        return one
    return replace(one, part=part, content=merged.content, inline=one.content)
