"""The surfaces of parts that were shown a moment ago."""

from collections import deque
from weakref import ref

from app.panels.cloud.model import Surface, surface
from cmdiad_core.sample import Sample

#: About 5 MB each, at the most points that are shaded at once.
_KEPT = 8


class Surfaces:
    """Shading a cloud takes as long as drawing it; whoever goes back and forth waits once.

    Parameters
    ----------
    modality : str
        Whose cloud it is.
    """

    def __init__(self, modality: str) -> None:
        self._modality = modality
        # What nobody else holds any more is not worth its memory.
        self._known: deque[tuple[ref[Sample], Surface]] = deque(maxlen=_KEPT)

    def of(self, sample: Sample) -> Surface:
        """Return the surface of a part."""
        for known, shape in self._known:
            if known() is sample:
                return shape
        shape = surface(sample.measured[self._modality])
        self._known.append((ref(sample), shape))
        return shape
