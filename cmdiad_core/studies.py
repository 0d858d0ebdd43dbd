"""Blind studies: parts that are served again, shuffled and without a word on them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zlib import crc32

import numpy as np

from cmdiad_core.edits import PersonVerdict
from cmdiad_core.inspection import Verdict

_TRIES = 100


@dataclass(frozen=True, slots=True)
class StudyPart:
    """A part as it takes part in a study.

    Parameters
    ----------
    part : str
        Content hash.
    model_verdict : Verdict or None
        What the model said when the study was started; None where it had not looked.
    score : float or None
        Its anomaly score.
    defective : bool or None
        The truth, as it was known then.
    """

    part: str
    model_verdict: Verdict | None = None
    score: float | None = None
    defective: bool | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """A blind study.

    Parameters
    ----------
    id : int
        In the store.
    name : str
        What it is called.
    person : str
        Who started it.
    made_at : datetime
        When, in UTC.
    seed : int
        From which the orders are drawn.
    model_id : str
        Whose verdicts its parts keep; empty without a model.
    parts : tuple of StudyPart
        By place; one that is repeated is there twice, the second time behind all first ones.
    """

    id: int
    name: str
    person: str
    made_at: datetime
    seed: int
    model_id: str
    parts: tuple[StudyPart, ...]

    @property
    def repeats(self) -> dict[int, int]:
        """Place of the first showing by that of the second one."""
        first: dict[str, int] = {}
        found = {}
        for place, one in enumerate(self.parts):
            if one.part in first:
                found[place] = first[one.part]
            first.setdefault(one.part, place)
        return found

    def order(self, person: str) -> list[int]:
        """Return the places in the order in which a person sees them, always the same one.

        Everybody has an order of their own. A part and its repeat do not follow each other where
        that can be.
        """
        rng = np.random.default_rng([self.seed, crc32(person.encode())])
        order = rng.permutation(len(self.parts))
        for _ in range(_TRIES):
            shown = [self.parts[place].part for place in order]
            if all(one != other for one, other in pairwise(shown)):
                break
            order = rng.permutation(len(self.parts))
        return [int(place) for place in order]


@dataclass(frozen=True, slots=True)
class StudyAnswer:
    """What a person said of a part in a study.

    Parameters
    ----------
    place : int
        Of the part in `Study.parts`.
    person : str
        Who.
    made_at : datetime
        When, in UTC.
    verdict : PersonVerdict
        What.
    """

    place: int
    person: str
    made_at: datetime
    verdict: PersonVerdict
