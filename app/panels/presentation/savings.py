"""What it would change to measure less: verdicts from few modalities beside those from all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from app.entry import Entry
from cmdiad_core.inspection import OperatingPoint, Verdict
from cmdiad_core.modalities import modality
from cmdiad_core.sample import Sample

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector

#: So many parts are compared at most.
MOST = 40
_THOUSAND = 1000
_HOUR_S = 3600

Names = tuple[str, ...]


@dataclass(frozen=True)
class Effort:
    """What a scan with one sensor takes; None where nobody said."""

    seconds: float | None = None
    cost: float | None = None


@dataclass(frozen=True)
class Look:
    """One part, looked at with some of its modalities.

    Parameters
    ----------
    measured_only : float
        Anomaly score from the modalities looked at.
    predicting : float or None
        Anomaly score with predictions of the others; None where there are none.
    seconds : float
        What the inspection took.
    """

    measured_only: float
    predicting: float | None
    seconds: float


@dataclass
class Count:
    """Of the parts compared, how many keep their verdict, and how many defective ones pass."""

    same: int = 0
    passed: int = 0

    def add(self, verdict: Verdict, full: Verdict, defective: bool) -> None:
        """Count one more part."""
        self.same += verdict is full
        self.passed += defective and verdict is Verdict.ACCEPT


@dataclass
class Row:
    """One choice of modalities.

    Attributes
    ----------
    measured : tuple of str
        What is measured, in the order of the screen.
    measured_only : Count
        Judged by what is measured.
    predicting : Count or None
        Judged with predictions of the rest; None where the model makes none.
    seconds : list of float
        What each inspection took.
    """

    measured: Names
    measured_only: Count = field(default_factory=Count)
    predicting: Count | None = None
    seconds: list[float] = field(default_factory=list)

    @property
    def best_same(self) -> int:
        """Verdicts kept, with or without predictions, whichever keeps more."""
        return max(self.measured_only.same, self.predicting.same if self.predicting else 0)

    @property
    def median_seconds(self) -> float:
        """Seconds that an inspection took."""
        return median(self.seconds)


class Comparison:
    """Verdicts from every choice of modalities that a model knows, beside those from all.

    Parameters
    ----------
    known : iterable of tuple of str
        The choices.
    modalities : sequence of str
        All modalities of the model, in the order of the screen.
    limits : OperatingPoint
        Judge.
    """

    def __init__(
        self, known: Iterable[Names], modalities: Sequence[str], limits: OperatingPoint
    ) -> None:
        ordered = [tuple(n for n in modalities if n in names) for names in known]
        ordered.sort(key=lambda names: (-len(names), [modality(n).order for n in names]))
        self.modalities = tuple(modalities)
        self.rows = {names: Row(names) for names in ordered}
        self.parts = self.defective = 0
        self._limits = limits

    @property
    def is_possible(self) -> bool:
        """Whether the model knows parts with everything, and parts with less."""
        return self.modalities in self.rows and len(self.rows) > 1

    @property
    def full(self) -> Row:
        """The row with everything measured."""
        return self.rows[self.modalities]

    @property
    def best_of_fewest(self) -> Row:
        """The row with the fewest modalities, of several the one that keeps most verdicts."""
        return min(self.rows.values(), key=lambda row: (len(row.measured), -row.best_same))

    def add(self, defective: bool, looks: Mapping[Names, Look]) -> None:
        """Count a part that was looked at in every way."""
        self.parts += 1
        self.defective += defective
        full = self._limits.judge(looks[self.modalities].measured_only)
        for names, look in looks.items():
            row = self.rows[names]
            row.seconds.append(look.seconds)
            row.measured_only.add(self._limits.judge(look.measured_only), full, defective)
            if look.predicting is not None:
                row.predicting = row.predicting or Count()
                row.predicting.add(self._limits.judge(look.predicting), full, defective)


def complete(entries: Iterable[Entry], modalities: Sequence[str]) -> list[Entry]:
    """Return the readable parts that were measured with everything, in the order of opening."""
    needed = set(modalities)
    return [entry for entry in entries if not entry.problem and needed <= set(entry.part.files)]


def spread(parts: Sequence[Entry]) -> list[Entry]:
    """Return at most 40 of the parts, evenly from the first to the last."""
    if len(parts) <= MOST:
        return list(parts)
    return [parts[place * (len(parts) - 1) // (MOST - 1)] for place in range(MOST)]


def look_every_way(
    detector: Detector, sample: Sample, ways: Iterable[Names], wanted: Callable[[], bool]
) -> dict[Names, Look]:
    """Inspect a part once for every choice of modalities; stop when no longer `wanted`.

    Raises
    ------
    InputError
        When the part cannot be inspected in one of the ways.
    """
    looks: dict[Names, Look] = {}
    for names in ways:
        if not wanted():
            break
        start = perf_counter()
        found = detector.inspect(sample, using=names)
        seconds = perf_counter() - start
        predicting = found.score if found.predicting else None
        looks[names] = Look(found.score_without_predictions, predicting, seconds)
    return looks


@dataclass(frozen=True)
class Saved:
    """What is saved per 1,000 parts; None where nobody said what a scan takes.

    Parameters
    ----------
    hours, cost : float or None
        Of the scans that are left out.
    least_hours, least_cost : bool
        Whether nothing is known of some of them, so that it may be more.
    """

    hours: float | None
    cost: float | None
    least_hours: bool
    least_cost: bool


def saved(left_out: Iterable[str], efforts: Mapping[str, Effort]) -> Saved:
    """Add up what the scans that are left out would take for 1,000 parts."""
    taken = [efforts.get(name, Effort()) for name in left_out]
    seconds = [effort.seconds for effort in taken if effort.seconds is not None]
    costs = [effort.cost for effort in taken if effort.cost is not None]
    return Saved(
        sum(seconds) * _THOUSAND / _HOUR_S if seconds else None,
        sum(costs) * _THOUSAND if costs else None,
        len(seconds) < len(taken),
        len(costs) < len(taken),
    )
