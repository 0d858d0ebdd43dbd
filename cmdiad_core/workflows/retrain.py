"""From confirmed parts to a candidate model."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from cmdiad_core.cores import on_all_cores
from cmdiad_core.detector import Detector
from cmdiad_core.detector.lineage import Change, Depth, Lineage, SnapshotPart, Use
from cmdiad_core.detector.looking import Look
from cmdiad_core.detector.refining import refine
from cmdiad_core.detector.saving import load_held_out, require_place
from cmdiad_core.detector.teaching import teach
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.scoring import limit_known_defects
from cmdiad_core.workflows.labels import Confirmed, confirmed_parts, with_content
from cmdiad_core.workflows.reading import Skipped, read_samples

T = TypeVar("T")

#: The rate of escapes that the accept limit promises where confirmed defects are enough for it.
ESCAPES = 0.05

_LEARNED = (Use.TRAIN, Use.GOOD)


def retrain(
    model: Path,
    out: Path,
    *,
    depth: Depth,
    labels: Path | None,
    store: str | None = None,
    data: Path | None = None,
    device: str = "auto",
    progress: Progress,
    skipped: Skipped,
    planned: Callable[[Detector, int, int], None] = lambda model, good, confirmed: None,
) -> Detector:
    """Write a candidate made from the model at `model`, which is left as it is.

    Parameters
    ----------
    model : Path
        Model folder.
    out : Path
        New folder for the candidate; it appears when all is written, not before.
    depth : Depth
        How much is learned anew.
    labels, store, data
        Confirmed parts, as `confirmed_parts` takes them.
    device : str
        Torch device or ``"auto"``.
    progress : Progress
        Told of the stages ``"confirm"`` (looking at the confirmed parts), ``"read"``,
        ``"calibrate"`` and ``"learn"``.
    skipped : callable
        Told of each part that cannot be used.
    planned : callable
        Told, before the work begins, of the model and of how many new good and how many confirmed
        parts there are.

    Returns
    -------
    Detector
        The candidate as saved; `Detector.lineage` says what it makes of the confirmed parts.

    Raises
    ------
    InputError
        When model, labels or the place of the candidate cannot be used.
    """
    if out.exists():
        raise InputError(out, "exists; a candidate needs a new folder")
    require_place(out)
    champion = Detector.load(model, device)
    if depth is not Depth.REBUILD:
        champion = replace(champion, held_out=load_held_out(model))
    if depth is Depth.REFINE and not champion.calibration_parts:
        raise InputError(
            model, "was trained without validation parts, so that only teach and rebuild work"
        )
    confirmed = confirmed_parts(
        labels, store, data, skipped, on_one_grid=champion.recipe.registered
    )
    snapshot = snapshot_of(champion)
    usable = usable_parts(confirmed, snapshot, depth, skipped)
    new = new_parts(usable, snapshot)
    good = [one for one in new if not one.part.defective]

    def samples(parts: Sequence[PartFiles], stage: str) -> Iterator[Sample]:
        return (sample for _, sample in read_samples(parts, stage, progress, skipped))

    planned(champion, len(good), len(usable))
    # Encoded once: a model that was taught or refined compares in the spaces of its parent.
    looks = _looks(champion, usable, "confirm", progress, skipped)
    if not looks:
        problem = "holds no confirmed part that can be used; the candidate would be the same model"
        raise InputError(labels or data or store or model, problem)
    before = _scores(champion, looks, skipped)
    new_looks = [looks[one.content] for one in good if one.content in looks]
    if depth is Depth.TEACH:
        progress("learn", 0, 0)
        candidate = teach(champion, new_looks)
    elif depth is Depth.REFINE:
        old = _there(champion.training_parts, skipped)
        numbered = _numbered(champion, old, progress, skipped)
        candidate = refine(champion, numbered, new_looks, progress)
    else:
        bad = {content for one in usable if one.part.defective for content in one.contents}
        parts = _without(_there(champion.training_parts, skipped), bad, skipped)
        checks = _without(_there(champion.calibration_parts, skipped), bad, skipped)
        candidate = Detector.fit(
            samples([*parts, *(one.part for one in good)], "read"),
            samples(checks, "calibrate"),
            recipe=champion.recipe,
            device=champion.device,
            progress=progress,
        )
        looks = _looks(candidate, usable, "confirm", progress, skipped)
    after = _scores(candidate, looks, skipped)
    both = {
        one.content: (before[one.content], after[one.content])
        for one in usable
        if one.content in before and one.content in after
    }
    candidate, changes = _confirm(champion, candidate, usable, both)
    contents = {one.content for one in new}
    kept = [one for one in snapshot if one.content not in contents]
    lineage = Lineage(
        parent=champion.id,
        depth=depth,
        snapshot=(*kept, *map(_as_snapshot, new)),
        confirmed=changes,
    )
    return replace(candidate, lineage=lineage).save(out)


def snapshot_of(model: Detector) -> list[SnapshotPart]:
    """Return the parts that a model rests on; content hashes are computed once in its line."""
    known = () if model.lineage is None else model.lineage.snapshot
    if known:
        return list(known)
    found = []
    for use, parts in (
        (Use.TRAIN, model.training_parts),
        (Use.CALIBRATE, model.calibration_parts),
    ):
        # A part whose files are gone is still one that the model rests on.
        contents = {
            one.part.id: one.content
            for one in with_content((p for p in parts if p.files), lambda error: None)
        }
        found += [
            SnapshotPart(id=part.id, content=contents.get(part.id, ""), use=use) for part in parts
        ]
    return found


def usable_parts(
    confirmed: Sequence[Confirmed],
    snapshot: Sequence[SnapshotPart],
    depth: Depth,
    skipped: Skipped,
) -> list[Confirmed]:
    """Return the confirmed parts that may be used; say why of the others."""
    known = {one.content: one.use for one in snapshot}
    usable = []
    for one in confirmed:
        use = next((known[content] for content in one.contents if content in known), None)
        learned = use in (*_LEARNED, Use.CALIBRATE)
        if one.part.defective and learned and depth is not Depth.REBUILD:
            problem = "is defective, but the model learned it as good; only rebuild leaves it out"
            skipped(InputError(one.part.id, problem))
        elif not one.part.defective and use is Use.CALIBRATE:
            skipped(InputError(one.part.id, "calibrates the model and is not learned from"))
        else:
            usable.append(one)
    return usable


def new_parts(usable: Sequence[Confirmed], snapshot: Sequence[SnapshotPart]) -> list[Confirmed]:
    """Return the defective parts, and the good ones that the model did not learn from."""
    known = {one.content: one.use for one in snapshot}
    return [one for one in usable if one.part.defective or known.get(one.content) not in _LEARNED]


def _there(parts: Sequence[PartFiles], skipped: Skipped) -> list[PartFiles]:
    """Return the parts whose files exist; say in one sentence how many do not."""
    there = [p for p in parts if p.files and all(path.exists() for path in p.files.values())]
    if len(there) < len(parts):
        gone = next(part for part in parts if part not in there)
        place = next(iter(gone.files.values()), gone.id)
        skipped(
            InputError(
                place,
                f"is gone, as are files of {len(parts) - len(there)} of {len(parts)} parts that "
                "the model learned from; it goes on without them",
            )
        )
    return there


def _numbered(
    champion: Detector, parts: Sequence[PartFiles], progress: Progress, skipped: Skipped
) -> Iterator[tuple[int, Look]]:
    for part, sample in read_samples(parts, "read", progress, skipped):
        yield champion.training_parts.index(part), champion.look(sample)


def _without(parts: Sequence[PartFiles], bad: set[str], skipped: Skipped) -> list[PartFiles]:
    if not bad:
        return list(parts)
    return [one.part for one in with_content(parts, skipped) if one.content not in bad]


def _looks(
    detector: Detector,
    confirmed: Sequence[Confirmed],
    stage: str,
    progress: Progress,
    skipped: Skipped,
) -> dict[str, Look]:
    """Return parts in the feature spaces of a detector, by content, as far as they can be."""
    contents = {id(one.part): one.content for one in confirmed}

    def look(read: tuple[PartFiles, Sample]) -> tuple[str, Look | InputError]:
        part, sample = read
        try:
            return contents[id(part)], detector.look(sample)
        except InputError as error:
            return contents[id(part)], error

    samples = read_samples([one.part for one in confirmed], stage, progress, skipped)
    return _usable(on_all_cores(look, samples), skipped)


def _scores(detector: Detector, looks: Mapping[str, Look], skipped: Skipped) -> dict[str, float]:
    """Return the anomaly scores of parts, by content, as far as the detector can judge them."""

    def score(one: tuple[str, Look]) -> tuple[str, float | InputError]:
        content, look = one
        try:
            return content, detector.score(look)
        except InputError as error:
            return content, error

    return _usable(on_all_cores(score, looks.items()), skipped)


def _usable(found: Iterable[tuple[str, T | InputError]], skipped: Skipped) -> dict[str, T]:
    kept = {}
    for content, result in found:
        if isinstance(result, InputError):
            skipped(result)
        else:
            kept[content] = result
    return kept


def _confirm(
    champion: Detector,
    candidate: Detector,
    confirmed: Sequence[Confirmed],
    scores: Mapping[str, tuple[float, float]],
) -> tuple[Detector, tuple[Change, ...]]:
    """Return the candidate with limits that confirmed defects set, and what it says of all.

    `scores` are those of both models, by content.
    """
    looked = [(one.part, *scores[one.content]) for one in confirmed if one.content in scores]
    before, after = champion.operating_point, candidate.operating_point
    defective = [(old, new) for part, old, new in looked if part.defective]
    if defective:
        stopped = [new for old, new in defective if old >= before.accept_below]
        after, _ = limit_known_defects(
            np.array([new for _, new in defective]), np.array(stopped), ESCAPES, after
        )
        candidate = replace(candidate, operating_point=after)
    changes = tuple(
        Change(
            part=part.id,
            defective=bool(part.defective),
            before=before.judge(old),
            after=after.judge(new),
            score_before=old,
            score_after=new,
        )
        for part, old, new in looked
    )
    return candidate, changes


def _as_snapshot(one: Confirmed) -> SnapshotPart:
    part = one.part
    return SnapshotPart(
        id=part.id,
        content=one.content,
        use=Use.DEFECTIVE if part.defective else Use.GOOD,
        defect_type=part.defect_type,
        files={name: path.absolute() for name, path in part.files.items()},
        camera=None if part.camera is None else part.camera.absolute(),
        registered=part.registered,
    )
