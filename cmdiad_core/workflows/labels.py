"""Parts whose truth people have confirmed: from a data set, and from verdicts in the store."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles
from cmdiad_core.workflows.reading import Skipped

if TYPE_CHECKING:
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
    """

    part: PartFiles
    content: str
    inline: str = ""

    @property
    def contents(self) -> tuple[str, ...]:
        """The content hashes by which models may know the part."""
        return (self.content, self.inline) if self.inline else (self.content,)


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
        Store whose verdicts and near-line results count for the parts of `data`: accepted ones are
        good, rejected ones defective, unsure ones are left out. A part that was measured near-line
        on the same pixel grid comes with the files of both.
    data : Path or None
        Where the parts lie that the store has verdicts on.
    skipped : callable
        Told of each part whose files cannot be read, and of each that is called good in one
        place and defective in another, or on which a person and a near-line station disagree.

    Raises
    ------
    InputError
        No part is confirmed, or a place cannot be used.
    """
    if labels is None and store is None:
        raise InputError("labels", "are missing; give --labels, or --store with --data")
    if (store is None) != (data is None):
        raise InputError(
            "store" if data is None else data,
            "needs both: --store with the verdicts and --data with the parts they are on",
        )
    found: dict[str, Confirmed] = {}
    disputed: set[str] = set()
    from_labels = [] if labels is None else _labelled(labels, skipped)
    from_store = [] if store is None or data is None else _judged(store, data, skipped)
    for one in (*from_labels, *from_store):
        before = found.setdefault(one.content, one)
        if before.part.defective != one.part.defective and one.content not in disputed:
            disputed.add(one.content)
            skipped(InputError(one.part.id, "is called good in one place and defective in another"))
    confirmed = [one for content, one in found.items() if content not in disputed]
    if not confirmed:
        raise InputError(labels or data or "labels", "has no part that is confirmed")
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


def _judged(address: str, data: Path, skipped: Skipped) -> list[Confirmed]:
    from cmdiad_core.store import Store
    from cmdiad_core.store.nearline import NearLine

    store = Store(address)
    try:
        known = {}
        for part in open_dataset(data).parts:
            try:
                known[store.identify(part)] = part
            except InputError as error:
                skipped(error)
        opinions = store.opinions(known)
        merged = NearLine(store.database).merged(known)
    finally:
        store.close()
    judged = []
    for content, opinion in opinions.items():
        if opinion.in_conflict:
            problem = "is in conflict between a person and a near-line station; decide it first"
            skipped(InputError(known[content].id, problem))
        elif opinion.defective is not None:
            part = replace(known[content], defective=opinion.defective)
            if opinion.defective and opinion.nearline and opinion.nearline.found.defect_type:
                part = replace(part, defect_type=opinion.nearline.found.defect_type)
            judged.append(_with_nearline(Confirmed(part, content), merged.get(content)))
    return judged


def _with_nearline(one: Confirmed, merged: "Merged | None") -> Confirmed:
    part = one.part if merged is None else merged.joined_to(one.part)
    if merged is None or part is one.part:
        return one
    return Confirmed(part, merged.content, inline=one.content)
