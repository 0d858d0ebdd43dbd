"""Which parts a tour shows unless the user chooses others."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from app.entry import Entry
from app.truth import Truth

_TYPES = 6


def preselected(entries: Iterable[Entry], truth: Callable[[Entry], Truth]) -> list[str]:
    """Return the ids of the part with the highest score of every defect type, then a calm one.

    At most 6 types, highest score first; parts of which nobody knows what they have count as one
    more type. The calm one is the good part with the lowest score. Parts that wait to be
    inspected stand in where a group has no other.
    """
    good: list[Entry] = []
    by_type: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.problem:
            continue
        known_good = truth(entry).defective is False
        (good if known_good else by_type[entry.part.defect_type]).append(entry)
    worst = [min(group, key=lambda entry: entry.sort_key) for group in by_type.values()]
    shown = sorted(worst, key=lambda entry: entry.sort_key)[:_TYPES]
    calmest = sorted(good, key=_calmness)[:1]
    return [entry.part.id for entry in [*shown, *calmest]]


def _calmness(entry: Entry) -> tuple[bool, float, int]:
    return entry.score is None, entry.score or 0.0, entry.place
