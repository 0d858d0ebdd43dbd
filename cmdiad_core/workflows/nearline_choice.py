"""A lot of in-line parts, and which of them to measure near-line."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint, Verdict
from cmdiad_core.progress import Progress, silent
from cmdiad_core.report import spreadsheet_text
from cmdiad_core.scoring import Doubt, Reason, choose, doubt
from cmdiad_core.workflows.reading import Skipped, read_samples, require_known, with_modalities

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector

#: Raised whenever a field of `NearLineList.to_json` changes its meaning or goes.
SCHEMA = 1

COLUMNS = ("rank", "part", "score", "p_value", "urgency", "why")

_WORDS = {
    Reason.UNUSUAL: "more of it stands out than on {share:.0%} of the accepted parts",
    Reason.NEAR_LIMIT: "nearer to the limit than {share:.0%}: {score}",
    Reason.DISAGREEING: "predictions contradict measurements more than on {share:.0%}: {compared}",
}
#: A reason is named where this share of the accepted parts gives less of it.
_STRONG = 0.8


@dataclass(frozen=True)
class Sent:
    """A part to be measured near-line.

    Parameters
    ----------
    doubt : Doubt
        What the in-line inspection gives reason to doubt.
    urgency : float
        How urgent it is among the accepted parts, 0 to 1.
    shares : mapping of Reason to float
        Share of the accepted parts that give this reason less.
    like : str
        A part above it that looks alike; empty where there is none.
    limits : OperatingPoint
        By which it was accepted.
    files : mapping of str to Path
        What was looked at.
    """

    doubt: Doubt
    urgency: float
    shares: Mapping[Reason, float]
    like: str
    limits: OperatingPoint
    files: Mapping[str, Path]

    @property
    def part(self) -> str:
        """Its id."""
        return self.doubt.part

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The strong reasons, at least the strongest."""
        least = min(_STRONG, max(self.shares.values()))
        return tuple(reason for reason, share in self.shares.items() if share >= least)

    @property
    def why(self) -> str:
        """In words, why it was chosen."""
        score = f"{self.doubt.score:z.2f} of {self.limits.accept_below:z.2f}"
        score += f", p {self.doubt.p_value:.3f}"
        told = [f"{name} as predicted {s:z.2f}" for name, s in self.doubt.predicted.items()]
        compared = ", ".join([*told, f"measured {self.doubt.without_predictions:z.2f}"])
        said = [
            _WORDS[reason].format(share=self.shares[reason], score=score, compared=compared)
            for reason in self.reasons
        ]
        return "; ".join([*said, f"looks like {self.like}"] if self.like else said)


@dataclass(frozen=True)
class NearLineList:
    """The parts of a lot to be measured near-line, the most urgent first.

    Parameters
    ----------
    model : str
        Id of the model.
    data : Path
        The lot.
    budget : int
        How many parts could be chosen.
    verdicts : mapping of Verdict to int
        How many parts got which verdict in-line; only accepted ones are chosen from.
    sent : tuple of Sent
        At most `budget`.
    """

    model: str
    data: Path
    budget: int
    verdicts: Mapping[Verdict, int]
    sent: tuple[Sent, ...]

    def to_json(self) -> str:
        """Return what `cmdiad nearline rank --json` writes."""
        content = {
            "schema": SCHEMA,
            "model": self.model,
            "data": str(self.data),
            "budget": self.budget,
            "verdicts": {verdict.value: self.verdicts.get(verdict, 0) for verdict in Verdict},
            "parts": [
                {
                    "rank": rank,
                    "id": one.part,
                    "score": one.doubt.score,
                    "p_value": one.doubt.p_value,
                    "urgency": one.urgency,
                    "shares": {reason.value: share for reason, share in one.shares.items()},
                    "why": one.why,
                    "files": {name: str(path) for name, path in one.files.items()},
                }
                for rank, one in enumerate(self.sent, start=1)
            ],
        }
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)

    def to_csv(self) -> str:
        """Return what `cmdiad nearline rank --csv` writes: a head line, then a line a part."""
        file = io.StringIO(newline="")
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for rank, one in enumerate(self.sent, start=1):
            part, numbers = spreadsheet_text(one.part), (one.doubt.score, one.doubt.p_value)
            table.writerow((rank, part, *numbers, one.urgency, spreadsheet_text(one.why)))
        return file.getvalue()


def choose_near_line(
    detector: Detector,
    data: Path,
    *,
    budget: int,
    using: Sequence[str] | None,
    progress: Progress,
    skipped: Skipped,
) -> NearLineList:
    """Inspect a lot and choose the parts that are most worth measuring near-line.

    Parameters
    ----------
    detector : Detector
        The model.
    data : Path
        Data set: its test split, or all parts of one without splits.
    budget : int
        How many parts can be measured.
    using : sequence of str or None
        Look at these modalities only; None takes all that the model knows of each part.
    progress : Progress
        Told of the stage ``"inspect"``, part by part.
    skipped : callable
        Told of each part that cannot be used.

    Raises
    ------
    InputError
        A modality that the model never saw, or data that cannot be read.
    """
    require_known(detector, using)
    dataset = open_dataset(data)
    parts = with_modalities(detector, dataset.split("test") or dataset.parts, using, skipped)
    files, doubts = {}, []
    for part, sample in read_samples(parts, "inspect", progress, skipped):
        try:
            doubts.append(doubt(detector.inspect(sample)))
        except InputError as error:
            skipped(error)
            continue
        files[part.id] = part.files
    limits = detector.operating_point
    verdicts = Counter(one.verdict for one in doubts)
    sent = sent_parts(doubts, files, limits, budget)
    return NearLineList(detector.id, data, budget, verdicts, sent)


def sent_parts(
    doubts: Sequence[Doubt],
    files: Mapping[str, Mapping[str, Path]],
    limits: OperatingPoint,
    budget: int,
    progress: Progress = silent,
) -> tuple[Sent, ...]:
    """Return the inspected parts to be measured near-line, the most urgent first.

    Parameters
    ----------
    doubts : sequence of Doubt
        Of the parts that can be sent.
    files : mapping of str to mapping of str to Path
        Their files, by id.
    limits : OperatingPoint
        Those that accept parts now.
    budget : int
        How many can be measured.
    progress : Progress
        As in `cmdiad_core.scoring.choose`.
    """
    judged = {d.part: replace(d, verdict=limits.judge(d.score)) for d in doubts}
    return tuple(
        Sent(judged[one.part], one.urgency, one.shares, one.like, limits, files[one.part])
        for one in choose([*judged.values()], budget, progress)
    )
