"""What a store knows of models: what they are, how they did, and which one is in use."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cmdiad_core.errors import InputError

#: What a model says of itself, what it learned, what calibrates it. The last one may be missing.
CARD, ARRAYS, HELD_OUT = "model.json", "model.safetensors", "calibration.safetensors"
MODEL_FILES = (CARD, ARRAYS, HELD_OUT)


def is_model(folder: Path) -> bool:
    """Return whether there is a model in a folder; whether it can be used is not looked at."""
    return (folder / CARD).is_file() and (folder / ARRAYS).is_file()


def require_outside_models(place: Path) -> None:
    """Raise `InputError` for a file or folder, there or not, that lies in the folder of a model."""
    # Unlike Path.resolve, this gives an answer for links that go in circles, too.
    for folder in Path(os.path.realpath(place)).parents:
        if is_model(folder):
            raise InputError(
                place, f"lies in the model {folder}, which is never changed; name another place"
            )


#: Found at a gate where there was no part to name.
NOTHING = "none"


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """What is known of a model from its folder.

    Parameters
    ----------
    digest : str
        SHA-256 over all its files. Two models with one id have the same arrays; their limits may
        differ, and then their digests do.
    id, name : str
        As in the model; name of its folder.
    folder : Path
        Where it lies.
    parent : str
        Id of the model that it was retrained from; empty where it was not.
    accept_below, reject_from : float
        Its limits.
    megabytes : float
        Of its files.
    parts : mapping of str to int
        Number of parts that it rests on, by what they were used for.
    """

    digest: str
    id: str
    name: str
    folder: Path
    parent: str
    accept_below: float
    reject_from: float
    megabytes: float
    parts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How a model did in a comparison, with all that was measured.

    Parameters
    ----------
    data : str
        The validation set.
    n_good, n_defective : int
        Its parts that neither model learned from.
    image_auroc, aupro_30 : float or None
        None where the parts do not allow it.
    escapes, false_rejects : int
        At its own limits.
    ms_per_part : float
        Median of the inspections.
    """

    data: str
    n_good: int
    n_defective: int
    image_auroc: float | None
    aupro_30: float | None
    escapes: int
    false_rejects: int
    ms_per_part: float


@dataclass(frozen=True, kw_only=True)
class RegisteredModel(ModelFacts):
    """A model that a store knows.

    Parameters
    ----------
    added_by, added_at : str, datetime
        Who registered it, and when (UTC).
    figures : Figures or None
        Of its last comparison.
    comparison : str
        Digest of that comparison; empty where there was none.
    """

    added_by: str
    added_at: datetime
    figures: Figures | None = None
    comparison: str = ""


class GateKind(StrEnum):
    """What a condition for promotion asks about."""

    NEW_ESCAPES = "new_escapes"
    NEW_FALSE_REJECTS = "new_false_rejects"
    AUROC_LOSS = "auroc_loss"


@dataclass(frozen=True)
class GateResult:
    """A condition for promotion, and what was found.

    Parameters
    ----------
    name : str
        In English.
    passed : bool
        Never where it could not be tested.
    found : str
        The parts or the figure, `NOTHING`, or what was lacking to test it.
    kind : GateKind or None
        None in comparisons of older versions.
    limit : float or None
        What is allowed.
    tested : bool
        Whether there were parts to test it on.
    """

    name: str
    passed: bool
    found: str
    kind: GateKind | None = None
    limit: float | None = None
    tested: bool = True


@dataclass(frozen=True, kw_only=True)
class KeptComparison:
    """A comparison of two models.

    Parameters
    ----------
    champion, candidate : str
        Digests of the two; empty where one is not registered.
    content : str
        What `cmdiad compare --json` wrote.
    gates : tuple of GateResult
        What was asked of the candidate.
    champion_figures, candidate_figures : Figures
        Of the two.
    """

    champion: str
    candidate: str
    content: str
    gates: tuple[GateResult, ...]
    champion_figures: Figures
    candidate_figures: Figures


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """A model was taken into use.

    Parameters
    ----------
    number : int
        Of the entry; newer ones are higher.
    model : str
        Digest of the model.
    person, reason : str
        Who, and why.
    made_at : datetime
        In UTC.
    replaced : str
        Digest of the model that was in use; empty where there was none.
    gates : tuple of GateResult
        Of the comparison of the two; none for the first model and where there was no comparison.
    overridden : bool
        Whether it was promoted although a gate failed or without comparison.
    returns_to : int or None
        The promotion that stands again after a roll-back; None for a promotion.
    """

    number: int
    model: str
    person: str
    reason: str
    made_at: datetime
    replaced: str
    gates: tuple[GateResult, ...]
    overridden: bool
    returns_to: int | None
