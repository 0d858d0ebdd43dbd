"""What people said since a model was made, and what retraining it would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from cmdiad_core.detector.lineage import Depth, Use
from cmdiad_core.inspection import Verdict
from cmdiad_core.jobs import Job
from cmdiad_core.workflows.estimate import Estimate, estimate
from cmdiad_core.workflows.kept_job import KIND
from cmdiad_core.workflows.labels import Confirmed, judged_parts
from cmdiad_core.workflows.retrain import new_parts, snapshot_of, usable_parts

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector
    from cmdiad_core.errors import InputError
    from cmdiad_core.store import Store

#: Share of the training parts from which new pairs are worth minutes.
_MANY_PAIRS = 0.1


class Kind(StrEnum):
    """Why a verdict is news."""

    FALSE_ALARM = "false_alarm"
    ESCAPE = "escape"
    DECIDED = "decided"
    NEW_PAIR = "new_pair"
    AGREED = "agreed"


class Reason(StrEnum):
    """Why a depth is advised."""

    OLD_MODEL = "old_model"
    LEARNED_DEFECT = "learned_defect"
    MANY = "many"
    NEW_PAIRS = "new_pairs"
    FEW = "few"


@dataclass(frozen=True)
class News:
    """What is new for a model.

    Parameters
    ----------
    parts : mapping of Kind to tuple of str
        Names of the parts; one that is a new pair counts twice.
    unusable : tuple of str
        One sentence for each part that cannot be used.
    good, defective : int
        New parts that are known to be so.
    confirmed : int
        All confirmed parts that are looked at, also those the model knows.
    estimates : mapping of Depth to Estimate
        For the depths that are possible.
    advised : Depth
        Which is advised.
    reason : Reason
        Why.
    running : Job or None
        That retrains the model now.
    """

    parts: Mapping[Kind, tuple[str, ...]]
    unusable: tuple[str, ...]
    good: int
    defective: int
    confirmed: int
    estimates: Mapping[Depth, Estimate]
    advised: Depth
    reason: Reason
    running: Job | None

    @property
    def anything(self) -> bool:
        """Whether there is something to learn from."""
        return self.good + self.defective > 0


def find_news(
    store: Store, folder: Path, model: Detector, part_seconds: float | None = None
) -> News:
    """Return what the verdicts in a store mean for a model.

    Parameters
    ----------
    store : Store
        With the verdicts.
    folder : Path
        Of the model.
    model : Detector
        Loaded from there.
    part_seconds : float or None
        Measured time to encode a part.
    """
    from cmdiad_core.store.jobs import Jobs

    unusable: list[InputError] = []
    snapshot = snapshot_of(model)
    confirmed = judged_parts(store, None, unusable.append, on_one_grid=model.recipe.registered)
    teachable = (folder / "calibration.safetensors").is_file()
    depth = Depth.TEACH if teachable else Depth.REBUILD
    usable = usable_parts(confirmed, snapshot, depth, unusable.append)
    known = {one.content for one in snapshot if one.use is Use.DEFECTIVE}
    new = [one for one in new_parts(usable, snapshot) if one.content not in known]
    good = [one for one in new if not one.part.defective]
    more = store.with_more(one.content for one in good)
    parts: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for one in new:
        parts[_kind(one)].append(one.part.id)
        # Of defective parts nothing is learned that a distiller could pair.
        if not one.part.defective and (one.inline or one.content in more):
            parts[Kind.NEW_PAIR].append(one.part.id)
    jobs = Jobs(store.database)
    done = jobs.done(KIND)
    possible = [Depth.REBUILD]
    if teachable:
        refinable = [Depth.REFINE] if model.calibration_parts else []
        possible = [Depth.TEACH, *refinable, Depth.REBUILD]
    learned = {one.content for one in snapshot if one.use in (Use.TRAIN, Use.GOOD)}
    is_wrong = any(one.part.defective and one.content in learned for one in confirmed)
    advised, reason = _advice(model, possible, is_wrong, len(good), len(parts[Kind.NEW_PAIR]))
    return News(
        parts={kind: tuple(names) for kind, names in parts.items()},
        unusable=tuple(map(str, unusable)),
        good=len(good),
        defective=len(new) - len(good),
        confirmed=len(usable),
        estimates={
            depth: estimate(depth, model, len(good), len(usable), done, part_seconds)
            for depth in possible
        },
        advised=advised,
        reason=reason,
        running=jobs.running(folder.absolute()),
    )


def _kind(one: Confirmed) -> Kind:
    said = None if one.review is None else one.review.model_verdict
    if said is Verdict.UNDECIDED:
        return Kind.DECIDED
    if said is Verdict.ACCEPT and one.part.defective:
        return Kind.ESCAPE
    if said is Verdict.REJECT and not one.part.defective:
        return Kind.FALSE_ALARM
    return Kind.AGREED


def _advice(
    model: Detector, possible: list[Depth], is_wrong: bool, good: int, pairs: int
) -> tuple[Depth, Reason]:
    if Depth.TEACH not in possible:
        return Depth.REBUILD, Reason.OLD_MODEL
    if is_wrong:
        return Depth.REBUILD, Reason.LEARNED_DEFECT
    if good > len(model.training_parts):
        return Depth.REBUILD, Reason.MANY
    if Depth.REFINE in possible and pairs > _MANY_PAIRS * len(model.training_parts):
        return Depth.REFINE, Reason.NEW_PAIRS
    return Depth.TEACH, Reason.FEW
