"""Which defect types are marked on many parts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from cmdiad_core.annotation.changes import Changes

if TYPE_CHECKING:
    from cmdiad_core.edits import Stroke
    from cmdiad_core.store import Store


def marked_types(store: Store, parts: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the names of the defect types that the masks of parts hold.

    A type whose every pixel was erased or marked as another one is not among them.

    Parameters
    ----------
    store : Store
        Where the strokes are kept.
    parts : iterable of str
        Content hashes.

    Returns
    -------
    dict of str to frozenset of str
        By content hash; parts on which nothing is marked are left out.
    """
    names = {one.id: one.name for one in store.defect_types()}
    by_part = groupby(store.strokes_on(parts), attrgetter("part"))
    held = {part: frozenset(names[value] for value in _held(made)) for part, made in by_part}
    return {part: types for part, types in held.items() if types}


def _held(made: Iterable[Stroke]) -> list[int]:
    # Counting the pixels of each value takes no mask, whose size nobody knows here.
    counts = sum(Changes.unpacked(one.box, one.changes).gains() for one in made)
    return [int(value) for value in np.flatnonzero(np.asarray(counts)[1:] > 0) + 1]
