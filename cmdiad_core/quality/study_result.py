"""What a blind study has found."""

from collections.abc import Iterable
from dataclasses import dataclass

from cmdiad_core.edits import PersonVerdict
from cmdiad_core.quality.agreement import SAME, Agreement, Inspector, against, inspector, pairs
from cmdiad_core.studies import Study, StudyAnswer


@dataclass(frozen=True)
class StudyResult:
    """Agreement and rates of errors in one study.

    Parameters
    ----------
    study : Study
        Which.
    answered : dict of str to int
        Number of places answered, by inspector.
    inspectors : tuple of Inspector
        Each against the truth, and the model last, where it had looked at the parts.
    between, with_model, with_self : tuple of Agreement
        Every two inspectors on the same parts; each with the model; each with themselves on
        repeated parts.
    """

    study: Study
    answered: dict[str, int]
    inspectors: tuple[Inspector, ...]
    between: tuple[Agreement, ...]
    with_model: tuple[Agreement, ...]
    with_self: tuple[Agreement, ...]


def study_result(study: Study, answers: Iterable[StudyAnswer], model: str) -> StudyResult:
    """Evaluate a study.

    Of several answers to one place the latest counts. A repeated part counts once, by its first
    showing, except against itself.

    Parameters
    ----------
    study : Study
        The study.
    answers : iterable of StudyAnswer
        Of every inspector, oldest first.
    model : str
        The model's name in the result.
    """
    said: dict[str, dict[int, PersonVerdict]] = {}
    for one in answers:
        said.setdefault(one.person, {})[one.place] = one.verdict
    repeats = study.repeats
    people = {
        person: {place: one for place, one in found.items() if place not in repeats}
        for person, found in sorted(said.items())
    }
    firsts = [(place, one) for place, one in enumerate(study.parts) if place not in repeats]
    truth = {place: one.defective for place, one in firsts if one.defective is not None}
    words = {p: SAME[one.model_verdict] for p, one in firsts if one.model_verdict is not None}
    inspectors = [inspector(person, found, truth) for person, found in people.items()]
    if words:
        inspectors.append(inspector(model, words, truth))
    with_model = (against(person, found, model, words) for person, found in people.items())
    with_self = (
        against(
            person,
            {place: found[place] for place in repeats if place in found},
            person,
            {place: found[first] for place, first in repeats.items() if first in found},
        )
        for person, found in sorted(said.items())
    )
    return StudyResult(
        study,
        {person: len(found) for person, found in sorted(said.items())},
        tuple(inspectors),
        pairs(people),
        tuple(one for one in with_model if one is not None),
        tuple(one for one in with_self if one is not None),
    )
