"""Score histogram and counts at the limits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.session import Session
from cmdiad_core.inspection import Verdict

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector

BINS = 40

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Histogram:
    """Shares of good calibration parts and of the queue per bin of the score."""

    edges: Scores
    good: Scores
    queue: Scores


def histogram(detector: Detector, session: Session) -> Histogram:
    """Count scores over the model's fixed scale; what lies beyond is counted at its ends."""
    low, high = detector.scale
    edges = np.linspace(low, high, BINS + 1)
    return Histogram(
        edges,
        _shares(good_scores(detector, session), edges),
        _shares(queue_scores(session), edges),
    )


def good_scores(detector: Detector, session: Session) -> Scores:
    """Return the calibration scores of the shown part's pattern; of all modalities without one."""
    by_pattern = {frozenset(names): s for names, s in detector.calibration_scores.items()}
    inspection = session.inspection
    pattern = frozenset(inspection.using if inspection is not None else detector.modalities)
    return np.asarray(by_pattern.get(pattern, ()), np.float64)


def queue_scores(session: Session) -> Scores:
    """Return the scores of all inspected parts of the queue."""
    return np.array([e.score for e in session.entries.values() if e.score is not None])


def counts(session: Session) -> Counter[Verdict]:
    """Count the verdicts on the queue."""
    verdicts = (session.verdict(entry) for entry in session.entries.values())
    return Counter(verdict for verdict in verdicts if verdict is not None)


def _shares(scores: Scores, edges: Scores) -> Scores:
    found, _ = np.histogram(np.clip(scores, edges[0], edges[-1]), edges)
    return np.asarray(found / max(scores.size, 1), np.float64)
