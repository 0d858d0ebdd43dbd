"""A lot of in-line parts, and which of them to measure near-line."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.detector import Detector
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Inspection, Verdict
from cmdiad_core.progress import Progress
from cmdiad_core.report import spreadsheet_text
from cmdiad_core.scoring import Choice, Reason, choose, doubt
from cmdiad_core.workflows.reading import Skipped, read_samples, require_known, with_modalities

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
    part : str
        Its id.
    score, p_value, urgency : float
        Of the in-line inspection, and how urgent it is among the accepted parts (0 to 1).
    shares : mapping of Reason to float
        Share of the accepted parts that give this reason less.
    why : str
        In words.
    files : mapping of str to Path
        What was looked at.
    """

    part: str
    score: float
    p_value: float
    urgency: float
    shares: Mapping[Reason, float]
    why: str
    files: Mapping[str, Path]


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
                    "score": one.score,
                    "p_value": one.p_value,
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
            part, why = spreadsheet_text(one.part), one.why
            table.writerow((rank, part, one.score, one.p_value, one.urgency, why))
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
    files, doubts, found = {}, [], {}
    for part, sample in read_samples(parts, "inspect", progress, skipped):
        try:
            inspection = detector.inspect(sample)
        except InputError as error:
            skipped(error)
            continue
        doubts.append(doubt(inspection))
        files[part.id] = part.files
        # Without maps, of which a lot has too many to keep.
        found[part.id] = (inspection.score, inspection.p_value, _measured_and_predicted(inspection))
    sent = []
    for choice in choose(doubts, budget):
        score, p_value, compared = found[choice.part]
        limit = detector.operating_point.accept_below
        sent.append(
            Sent(
                choice.part,
                score,
                p_value,
                choice.urgency,
                choice.shares,
                _why(choice, f"{score:z.2f} of {limit:z.2f}, p {p_value:.3f}", compared),
                files[choice.part],
            )
        )
    verdicts = Counter(one.verdict for one in doubts)
    return NearLineList(detector.id, data, budget, verdicts, tuple(sent))


def _measured_and_predicted(inspection: Inspection) -> str:
    scores = {name: inspection.modalities[name].score for name in inspection.predicting}
    told = [f"{name} as predicted {s:z.2f}" for name, s in scores.items() if s is not None]
    return ", ".join([*told, f"measured {inspection.score_without_predictions:z.2f}"])


def _why(choice: Choice, score: str, compared: str) -> str:
    """Say in words why a part was chosen: its strong reasons, at least the strongest."""
    strongest = max(choice.shares.values())
    said = [
        _WORDS[reason].format(share=share, score=score, compared=compared)
        for reason, share in choice.shares.items()
        if share >= min(_STRONG, strongest)
    ]
    return "; ".join([*said, f"looks like {choice.like}"] if choice.like else said)
