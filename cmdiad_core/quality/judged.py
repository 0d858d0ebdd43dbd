"""Parts that a model and a person judged, from the reviews that stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cmdiad_core.edits import PersonVerdict, Review
from cmdiad_core.inspection import Provenance, Verdict


@dataclass(frozen=True)
class Judged:
    """A part whose truth is known, and what the model had said of it.

    Parameters
    ----------
    part : str
        Content hash.
    at : datetime
        When the model's word was kept, in UTC.
    defective : bool
        The truth, as people or a near-line station said it.
    verdict : Verdict
        The model's.
    score : float or None
        Its anomaly score.
    model_id : str
        The model.
    measured : tuple of str
        The modalities the score rests on, in alphabetical order.
    """

    part: str
    at: datetime
    defective: bool
    verdict: Verdict
    score: float | None
    model_id: str
    measured: tuple[str, ...]

    @property
    def is_false_reject(self) -> bool:
        """Whether the model rejects a good part."""
        return not self.defective and self.verdict is Verdict.REJECT

    @property
    def is_escape(self) -> bool:
        """Whether the model accepts a defective part."""
        return self.defective and self.verdict is Verdict.ACCEPT


def judged_parts(
    reviews: Iterable[Review], truths: Mapping[str, bool], model_id: str | None = None
) -> list[Judged]:
    """Return every part with a truth and a word of a model, once, by time.

    The model's word is the first one that a review of the part kept: what the model said later,
    when it was perhaps another one, does not change what happened.

    Parameters
    ----------
    reviews : iterable of Review
        Those with a verdict that were not undone, oldest first.
    truths : mapping of str to bool
        Whether parts are defective, by content hash, as far as it is known.
    model_id : str or None
        Only what this model said counts; None for every model.
    """
    words: dict[str, Review] = {}
    for one in reviews:
        if one.model_verdict is not None and model_id in (None, one.model_id):
            words.setdefault(one.part, one)
    found = [_judged(word, truths[part]) for part, word in words.items() if part in truths]
    return sorted(found, key=lambda one: one.at)


def said_by(
    reviews: Iterable[Review],
) -> tuple[dict[str, dict[str, PersonVerdict]], dict[str, dict[str, Verdict]]]:
    """Return each person's latest verdict by part, and what the model had said at each.

    Parameters
    ----------
    reviews : iterable of Review
        Those with a verdict that were not undone, oldest first.

    Returns
    -------
    people : dict of str to dict
        Verdict by content hash, by person.
    model : dict of str to dict
        The model's verdict by content hash, by the person who saw it; only where it was kept.
    """
    people: dict[str, dict[str, PersonVerdict]] = {}
    model: dict[str, dict[str, Verdict]] = {}
    for one in reviews:
        if one.verdict is None:
            continue
        people.setdefault(one.person, {})[one.part] = one.verdict
        seen = model.setdefault(one.person, {})
        if one.model_verdict is None:
            seen.pop(one.part, None)
        else:
            seen[one.part] = one.model_verdict
    return people, model


def _judged(word: Review, defective: bool) -> Judged:
    assert word.model_verdict is not None  # noqa: S101  (chosen for it)
    return Judged(
        word.part,
        word.made_at,
        defective,
        word.model_verdict,
        word.score,
        word.model_id,
        _measured(word.provenance),
    )


def _measured(provenance: Mapping[str, Provenance]) -> tuple[str, ...]:
    return tuple(sorted(n for n, one in provenance.items() if one is Provenance.MEASURED))
