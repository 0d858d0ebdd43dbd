"""How many parts were inspected in each week, and of how many the truth is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC

from cmdiad_core.inspection import Verdict
from cmdiad_core.quality.p_chart import PChart, p_chart
from cmdiad_core.scoring.rates import Rate
from cmdiad_core.store.inspections import Inspected


@dataclass
class InspectedParts:
    """The parts that were inspected in one week, or in all.

    Parameters
    ----------
    inspected, rejected, undecided : int
        All; those that the model rejected, and those it left undecided.
    flagged_known : int
        Rejected and undecided ones of which the truth is known.
    rejected_known, false_rejects : int
        Rejected ones of which it is known, and those of them that are good.
    accepted_known, escapes : int
        Accepted ones of which it is known, and those of them that are defective.
    """

    inspected: int = 0
    rejected: int = 0
    undecided: int = 0
    flagged_known: int = 0
    rejected_known: int = 0
    false_rejects: int = 0
    accepted_known: int = 0
    escapes: int = 0

    @property
    def flagged(self) -> Rate:
        """Rejected and undecided parts among all."""
        return Rate(self.rejected + self.undecided, self.inspected)

    @property
    def at_least(self) -> Rate:
        """False rejects among all inspected parts, if every other rejected part is defective."""
        return Rate(self.false_rejects, self.inspected)

    @property
    def at_most(self) -> Rate:
        """False rejects among all inspected parts, if every other rejected part is good."""
        unknown = self.rejected - self.rejected_known
        return Rate(self.false_rejects + unknown, self.inspected)

    @property
    def escaped(self) -> Rate:
        """Escapes among the accepted parts of which the truth is known."""
        return Rate(self.escapes, self.accepted_known)

    def count(self, verdict: Verdict, defective: bool | None) -> None:
        """Take one more part in."""
        self.inspected += 1
        self.rejected += verdict is Verdict.REJECT
        self.undecided += verdict is Verdict.UNDECIDED
        if defective is None:
            return
        if verdict is Verdict.ACCEPT:
            self.accepted_known += 1
            self.escapes += defective
            return
        self.flagged_known += 1
        if verdict is Verdict.REJECT:
            self.rejected_known += 1
            self.false_rejects += not defective


@dataclass(frozen=True)
class InspectedWeeks:
    """What was inspected, by ISO week in UTC.

    Parameters
    ----------
    weeks : mapping of str to InspectedParts
        By the name of the week, 2026-W07, oldest first.
    total : InspectedParts
        Of all weeks.
    flagged : PChart
        Rejected and undecided parts among the inspected ones of each week.
    """

    weeks: Mapping[str, InspectedParts]
    total: InspectedParts
    flagged: PChart


def first_inspections(inspections: Iterable[Inspected], *, patterns: bool) -> list[Inspected]:
    """Return the first inspection of each part, or of each part with the same modalities."""
    first: dict[tuple[str, tuple[str, ...]], Inspected] = {}
    for one in inspections:
        first.setdefault((one.part, one.measured if patterns else ()), one)
    return list(first.values())


def inspected_weeks(inspections: Sequence[Inspected], truths: Mapping[str, bool]) -> InspectedWeeks:
    """Count inspected parts by week, each in the week of its first inspection.

    Parameters
    ----------
    inspections : sequence of Inspected
        Oldest first.
    truths : mapping of str to bool
        Whether parts are defective, by content hash, as far as it is known.
    """
    weeks: dict[str, InspectedParts] = {}
    first = first_inspections(inspections, patterns=False)
    for one in first:
        name = f"{one.made_at.astimezone(UTC):%G-W%V}"
        weeks.setdefault(name, InspectedParts()).count(one.verdict, truths.get(one.part))
    counts = {
        each.name: sum(getattr(week, each.name) for week in weeks.values())
        for each in fields(InspectedParts)
    }
    return InspectedWeeks(
        dict(sorted(weeks.items())),
        InspectedParts(**counts),
        p_chart(
            [one.made_at for one in first], [one.verdict is not Verdict.ACCEPT for one in first]
        ),
    )
