"""Scores by what is known of the parts, and what the limits do to them, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.entry import Entry
from app.session import Session
from app.text import text
from cmdiad_core.inspection import OperatingPoint

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector
    from cmdiad_core.scoring import Rate

BINS = 40
#: A group of fewer parts is drawn as if it had these: one part alone would tower over all others.
_FEWEST = 20
#: Parts of these splits taught the model or its scale: their scores say nothing of others.
_LEARNED = ("train", "validation")

Scores = NDArray[np.float64]


class Group(StrEnum):
    """What is known of parts with a score."""

    CALIBRATION = "calibration"
    GOOD = "good"
    DEFECTIVE = "defective"
    UNLABELLED = "unlabelled"


@dataclass(frozen=True)
class Histogram:
    """Share of each group's parts per bin of the score; lower in groups of a few."""

    edges: Scores
    shares: Mapping[Group, Scores]


def groups(detector: Detector, session: Session) -> dict[Group, Scores]:
    """Return the scores of each group.

    The truth of a part is what a person said of it, else what its folder says. Parts the model
    learned from are left out.
    """
    found: dict[Group, list[float]] = {group: [] for group in Group}
    for entry, score in _others(session):
        found[_group(session.truth(entry).defective)].append(score)
    scores = {group: np.array(values, np.float64) for group, values in found.items()}
    scores[Group.CALIBRATION] = _calibration(detector, session)
    return scores


def count_by_people(session: Session) -> Counter[Group]:
    """Return how many parts of each group are in it because a person said so."""
    truths = (session.truth(entry) for entry, _ in _others(session))
    return Counter(_group(truth.defective) for truth in truths if truth.by_person)


def histogram(detector: Detector, scores: Mapping[Group, Scores]) -> Histogram:
    """Count scores over the model's fixed scale; what lies beyond is counted at its ends."""
    low, high = detector.scale
    edges = np.linspace(low, high, BINS + 1)
    return Histogram(edges, {group: _shares(values, edges) for group, values in scores.items()})


def consequences(
    limits: OperatingPoint, scores: Mapping[Group, Scores], by_people: Mapping[Group, int]
) -> str:
    """Say how many of 1,000 good parts are rejected and of 1,000 defective ones escape.

    `by_people` is from `count_by_people`.
    """
    from cmdiad_core.scoring import ErrorRates

    calibration = ErrorRates.at(limits, scores[Group.CALIBRATION], scores[Group.DEFECTIVE])
    queue = ErrorRates.at(limits, scores[Group.GOOD], scores[Group.DEFECTIVE])
    said = [_words("limits.false_rejects", calibration.false_rejects)]
    if queue.false_rejects.total:
        said.append(
            _words("limits.false_rejects.queue", queue.false_rejects, by_people[Group.GOOD])
        )
    if queue.escapes.total:
        said.append(_words("limits.escapes", queue.escapes, by_people[Group.DEFECTIVE]))
    else:
        said.append(text("limits.escapes.unknown"))
    return " ".join(said)


def _words(key: str, rate: Rate, by_people: int = 0) -> str:
    about, most = round(1000 * rate.share), ceil(1000 * rate.at_most)
    sources = _sources(rate.total - by_people, by_people)
    return text(key, about=about, most=most, total=rate.total, sources=sources)


def _sources(by_folder: int, by_people: int) -> str:
    if by_folder and by_people:
        return text("limits.sources.both", folder=by_folder, people=by_people)
    return text("limits.sources.people" if by_people else "limits.sources.folder")


def _others(session: Session) -> Iterator[tuple[Entry, float]]:
    """Return the parts of the queue with a score that the model did not learn from."""
    for entry in session.entries.values():
        taught = entry.part.split in _LEARNED or session.learned_from(entry)
        if entry.score is not None and not taught:
            yield entry, entry.score


def _group(defective: bool | None) -> Group:
    if defective is None:
        return Group.UNLABELLED
    return Group.DEFECTIVE if defective else Group.GOOD


def _calibration(detector: Detector, session: Session) -> Scores:
    """Return the calibration scores of the shown part's pattern; of all modalities without one."""
    by_pattern = {frozenset(names): s for names, s in detector.calibration_scores.items()}
    inspection = session.inspection
    pattern = frozenset(inspection.using if inspection is not None else detector.modalities)
    return np.asarray(by_pattern.get(pattern, ()), np.float64)


def _shares(scores: Scores, edges: Scores) -> Scores:
    found, _ = np.histogram(np.clip(scores, edges[0], edges[-1]), edges)
    return np.asarray(found / max(scores.size, _FEWEST), np.float64)
