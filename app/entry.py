"""What the queue keeps of a part: small, so that thousands fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cmdiad_core.inspection import Inspection, Provenance
from cmdiad_core.sample import PartFiles

if TYPE_CHECKING:
    from cmdiad_core.scoring import Doubt


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of the queue.

    Parameters
    ----------
    part : PartFiles
        Its files.
    place : int
        Position in the order in which the parts were opened.
    score : float or None
        Anomaly score; None until it was inspected.
    provenance : mapping of str to Provenance
        What its score rests on; empty until it was inspected.
    problem : str
        Why it cannot be inspected, empty if it can.
    doubt : Doubt or None
        What the choice of parts for the near-line station needs of its inspection.
    """

    part: PartFiles
    place: int
    score: float | None = None
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    problem: str = ""
    doubt: Doubt | None = None

    @property
    def waiting(self) -> bool:
        """Whether it was not inspected yet."""
        return self.score is None and not self.problem

    @property
    def sort_key(self) -> tuple[int, float, int]:
        """Highest score first, then what failed, then what waits, as opened."""
        if self.score is not None:
            return 0, -self.score, self.place
        return (1 if self.problem else 2), 0.0, self.place

    def inspected(self, inspection: Inspection, doubt: Doubt | None) -> Entry:
        """Return this entry with the result of an inspection."""
        provenance = {name: result.provenance for name, result in inspection.modalities.items()}
        score = inspection.score
        return replace(self, score=score, provenance=provenance, problem="", doubt=doubt)

    def failed(self, problem: str) -> Entry:
        """Return this entry with the reason why there is no result."""
        return replace(self, score=None, provenance={}, problem=problem, doubt=None)

    def renewed(self) -> Entry:
        """Return this entry without any result."""
        return Entry(self.part, self.place)
