"""Samples and inspections at hand, so that going back to a part costs nothing."""

from collections import OrderedDict

from cmdiad_core.inspection import Inspection
from cmdiad_core.sample import Sample

BUDGET_BYTES = 96 * 2**20


class Shelf:
    """Keeps the latest results within a budget of memory.

    Parameters
    ----------
    budget : int
        Bytes; the longest unused result goes first.
    """

    def __init__(self, budget: int = BUDGET_BYTES) -> None:
        self._budget = budget
        self._items: OrderedDict[str, tuple[Sample, Inspection]] = OrderedDict()
        self._bytes = 0

    def __contains__(self, part_id: str) -> bool:
        return part_id in self._items

    def __len__(self) -> int:
        return len(self._items)

    def get(self, part_id: str | None) -> tuple[Sample, Inspection] | tuple[None, None]:
        """Return sample and inspection of a part, or Nones."""
        if part_id is None or part_id not in self._items:
            return None, None
        self._items.move_to_end(part_id)
        return self._items[part_id]

    def put(self, part_id: str, sample: Sample, inspection: Inspection) -> None:
        """Keep a result; the newest one always stays, however large."""
        self.drop(part_id)
        self._items[part_id] = (sample, inspection)
        self._bytes += _size(sample, inspection)
        while self._bytes > self._budget and len(self._items) > 1:
            self.drop(next(iter(self._items)))

    def clear(self) -> None:
        """Forget everything."""
        self._items.clear()
        self._bytes = 0

    def drop(self, part_id: str) -> None:
        """Forget a part."""
        if (item := self._items.pop(part_id, None)) is not None:
            self._bytes -= _size(*item)


def _size(sample: Sample, inspection: Inspection) -> int:
    arrays = [*sample.measured.values(), inspection.map]
    for result in inspection.modalities.values():
        arrays += [result.map, result.measured_features, result.predicted_features]
    return sum(array.nbytes for array in arrays if array is not None)
