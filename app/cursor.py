"""A place on a part that every view shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmdiad_core.sample import Sample


@dataclass(frozen=True)
class Cursor:
    """A place on the pixel grid of a modality.

    Parameters
    ----------
    modality : str
        Whose grid it is.
    row, column : float
        Pixels from the upper left corner of the grid; the first pixel reaches from 0 to 1.
    """

    modality: str
    row: float
    column: float

    def on(self, sample: Sample, modality: str) -> tuple[float, float] | None:
        """Return row and column on the grid of a modality of this part.

        None where that modality has nothing to do with this place: the part's modalities are not
        registered.
        """
        if self.modality == modality or sample.registered:
            return self.row, self.column
        return None
