"""A candidate against the champion on parts that neither learned from, and on corrected ones."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.content import file_digest
from cmdiad_core.detector import Detector
from cmdiad_core.detector.lineage import Use
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Inspection, OperatingPoint
from cmdiad_core.metrics import aupro, auroc
from cmdiad_core.metrics.paired import (
    Difference,
    OverlapCurve,
    auroc_of,
    paired_difference,
)
from cmdiad_core.models import NOTHING, GateKind
from cmdiad_core.progress import Progress
from cmdiad_core.report import ColourScale, drawn
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.workflows.comparison import (
    MOST_PICTURED,
    ChangedVerdict,
    Comparison,
    Gate,
    Group,
    Metrics,
    Model,
)
from cmdiad_core.workflows.evaluate import masks_of
from cmdiad_core.workflows.labels import digests_of, with_content
from cmdiad_core.workflows.map_file import MapFile
from cmdiad_core.workflows.reading import Skipped, judged_parts, read_samples
from cmdiad_core.workflows.remembering import remembering
from cmdiad_core.workflows.retrain import snapshot_of

_LIMIT = 0.3

#: Of the champion and of the candidate.
_Detectors = tuple[Detector, Detector]
_Both = tuple[Inspection, Inspection]


@dataclass(frozen=True)
class Gates:
    """What a candidate must keep to; None asks nothing.

    Parameters
    ----------
    new_escapes : int or None
        Most defects that the champion stops and the candidate accepts.
    new_false_rejects : int or None
        Most good parts that only the candidate rejects.
    auroc_loss : float or None
        Largest loss of image AUROC with all that was measured.
    """

    new_escapes: int | None = 0
    new_false_rejects: int | None = None
    auroc_loss: float | None = None


@dataclass
class _Looks:
    """What both models said of some parts, champion first; maps are numbers in `kept`."""

    kept: MapFile
    parts: list[PartFiles] = field(default_factory=list)
    scores: list[tuple[float, float]] = field(default_factory=list)
    masks: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    maps: dict[int, tuple[int, int]] = field(default_factory=dict)
    seconds: list[tuple[float, float]] = field(default_factory=list)


def compare(
    champion: Path,
    candidate: Path,
    data: Path,
    *,
    gates: Gates,
    device: str = "auto",
    progress: Progress,
    skipped: Skipped,
) -> Comparison:
    """Judge the same parts with both models, each at its own limits.

    Parameters
    ----------
    champion, candidate : Path
        Model folders.
    data : Path
        Validation set with known truth: its test split, or all parts where it has no splits.
        What one of the two learned from or was calibrated on is left out, recognised by content,
        or by any of its files as long as those that were learned from are still there.
    gates : Gates
        Conditions for promotion.
    device : str
        Torch device or ``"auto"``.
    progress : Progress
        Told of the stage ``"judge"``, part by part.
    skipped : callable
        Told of each part that cannot be read or inspected.

    Raises
    ------
    InputError
        A model or the data cannot be used, or no part is left to compare on.
    """
    folders = champion, candidate
    detectors = (
        remembering(Detector.load(champion, device)),
        remembering(Detector.load(candidate, device)),
    )
    validation, corrected, left_out = _parts(detectors, data, skipped)
    kept = MapFile()
    whole, of_corrected = _Looks(kept), _Looks(kept)
    by_pattern = defaultdict[str, _Looks](lambda: _Looks(kept))
    changed: list[ChangedVerdict] = []
    queue = [*validation, *corrected]
    unseen = {part.id for part in validation}
    for part, sample in read_samples(queue, "judge", progress, skipped):
        try:
            is_corrected = part.id not in unseen
            looks = of_corrected if is_corrected else whole
            both = _look(detectors, part, sample, None, looks)
            if both[0].verdict is not both[1].verdict:
                changed.append(_changed(detectors, part, sample, both, is_corrected))
            if is_corrected:
                continue
            there = sorted(set(sample.measured) & set(detectors[0].modalities))
            for using in _patterns(there):
                if all(using in detector.calibration_scores for detector in detectors):
                    _look(detectors, part, sample, using, by_pattern[" + ".join(using)])
        except InputError as error:
            skipped(error)
    if not whole.parts:
        raise InputError(data, "has no part left that neither model learned from")
    points = detectors[0].operating_point, detectors[1].operating_point
    models = [
        _model(detector, folder, [pair[side] for pair in whole.seconds])
        for side, (detector, folder) in enumerate(zip(detectors, folders, strict=True))
    ]
    changed.sort(key=lambda one: (not one.is_new_escape, not one.is_new_false_reject))
    rest = [one.model_copy(update={"pictures": ()}) for one in changed[MOST_PICTURED:]]
    changed[MOST_PICTURED:] = rest
    everything = _group("all that was measured", whole, points, lambda part: True)
    patterns = [_group(n, looks, points, lambda part: True) for n, looks in by_pattern.items()]
    types = sorted({part.defect_type for part in whole.parts if part.defective})
    return Comparison(
        data=str(data),
        champion=models[0],
        candidate=models[1],
        n_validation=len(whole.parts),
        n_corrected=len(of_corrected.parts),
        n_left_out=left_out,
        patterns=(everything, *sorted(patterns, key=lambda group: group.name)),
        defect_types=tuple(_group(name, whole, points, _is_of(name)) for name in types),
        changed=tuple(changed),
        gates=tuple(_judged(gates, changed, everything)),
    )


def _parts(
    detectors: _Detectors, data: Path, skipped: Skipped
) -> tuple[list[PartFiles], list[PartFiles], int]:
    """Return the validation parts, the corrected parts, and how many had to be left out."""
    snapshot = {one.content: one for model in detectors for one in snapshot_of(model)}
    confirmed = {
        content: one
        for content, one in snapshot.items()
        if one.use in (Use.GOOD, Use.DEFECTIVE) and one.files
    }
    corrected = [
        PartFiles(
            id=f"confirmed/{one.id}",
            files=one.files,
            defective=one.use is Use.DEFECTIVE,
            defect_type=one.defect_type,
            camera=one.camera,
            registered=one.registered,
        )
        for one in confirmed.values()
    ]
    found = list(with_content(judged_parts(data), skipped))
    learned = _learned_files(detectors)
    validation = [
        one.part
        for one in found
        # One that was learned from with more or fewer modalities is another part by its content.
        if one.content not in snapshot and learned.isdisjoint(digests_of(one.part).values())
    ]
    return validation, corrected, len(found) - len(validation)


def _learned_files(detectors: _Detectors) -> set[str]:
    """Return the digests of the files that the models rest on, as far as these are still there."""
    files: list[Mapping[str, Path]] = []
    for model in detectors:
        files += [part.files for part in (*model.training_parts, *model.calibration_parts)]
        files += [one.files for one in snapshot_of(model)]
    digests = set()
    for path in {path for named in files for path in named.values()}:
        with suppress(InputError):
            digests.add(file_digest(path))
    return digests


def _patterns(names: Sequence[str]) -> list[tuple[str, ...]]:
    return [c for size in range(1, len(names) + 1) for c in combinations(names, size)]


def _look(
    detectors: _Detectors,
    part: PartFiles,
    sample: Sample,
    using: tuple[str, ...] | None,
    looks: _Looks,
) -> _Both:
    inspections, seconds = [], []
    for detector in detectors:
        begun = perf_counter()
        inspections.append(detector.inspect(sample, using))
        seconds.append(perf_counter() - begun)
    maps = [one.map for one in inspections]
    mask = masks_of(part, sample).get((using or tuple(sample.measured))[0])
    if mask is not None and maps[0] is not None and maps[1] is not None:
        looks.masks[len(looks.parts)] = mask
        looks.maps[len(looks.parts)] = looks.kept.add(maps[0]), looks.kept.add(maps[1])
    looks.parts.append(part)
    looks.scores.append((inspections[0].score, inspections[1].score))
    looks.seconds.append((seconds[0], seconds[1]))
    return inspections[0], inspections[1]


def _model(detector: Detector, folder: Path, seconds: Sequence[float]) -> Model:
    return Model(
        id=detector.id,
        name=detector.name,
        accept_below=detector.operating_point.accept_below,
        reject_from=detector.operating_point.reject_from,
        megabytes=sum(path.stat().st_size for path in folder.iterdir()) / 1e6,
        seconds_per_part=float(np.median(seconds)),
    )


def _is_of(name: str) -> Callable[[PartFiles], bool]:
    return lambda part: not part.defective or part.defect_type == name


def _group(
    name: str,
    looks: _Looks,
    points: tuple[OperatingPoint, OperatingPoint],
    belongs: Callable[[PartFiles], bool],
) -> Group:
    """Return both models on the parts that belong to a group."""
    chosen = [number for number, part in enumerate(looks.parts) if belongs(part)]
    truth = np.array([bool(looks.parts[number].defective) for number in chosen])
    scores = np.array([looks.scores[number] for number in chosen])
    escaped = truth[:, None] & (scores < [point.accept_below for point in points])
    refused = ~truth[:, None] & (scores >= [point.reject_from for point in points])
    masked = [number for number in chosen if number in looks.masks]
    masks = [looks.masks[number] for number in masked]
    has_regions = any(mask.any() for mask in masks)
    sides, curves = [], []
    for side in (0, 1):
        overlap_30 = None
        if has_regions:
            maps = [looks.kept[looks.maps[number][side]] for number in masked]
            overlap_30 = _known(aupro(masks, maps, _LIMIT))
            curves.append(OverlapCurve(masks, maps, _LIMIT))
        sides.append(
            Metrics(
                image_auroc=_known(auroc(truth, scores[:, side])),
                aupro_30=overlap_30,
                escapes=int(escaped[:, side].sum()),
                false_rejects=int(refused[:, side].sum()),
            )
        )
    overlap = None
    if has_regions:
        overlap = paired_difference(
            lambda drawn: (curves[0].area(drawn), curves[1].area(drawn)),
            [bool(looks.parts[number].defective) for number in masked],
        )
    return Group(
        name=name,
        n_good=int((~truth).sum()),
        n_defective=int(truth.sum()),
        champion=sides[0],
        candidate=sides[1],
        image_auroc=paired_difference(
            auroc_of(truth.tolist(), scores[:, 0].tolist(), scores[:, 1].tolist()), truth.tolist()
        ),
        aupro_30=overlap,
        escapes=_share(escaped, truth),
        false_rejects=_share(refused, ~truth),
    )


def _share(happened: NDArray[np.bool_], counted: NDArray[np.bool_]) -> Difference | None:
    """Return the difference of the shares of the counted parts that something happened to."""
    if not counted.any():
        return None
    values = happened[counted].astype(float)

    def both(drawn: NDArray[np.int64]) -> tuple[float, float]:
        before, after = values[drawn].mean(0)
        return float(before), float(after)

    return paired_difference(both, [True] * len(values))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _changed(
    detectors: _Detectors, part: PartFiles, sample: Sample, both: _Both, corrected: bool
) -> ChangedVerdict:
    before, after = (
        drawn(sample, inspection, ColourScale(*detector.scale))
        for detector, inspection in zip(detectors, both, strict=True)
    )
    return ChangedVerdict(
        part=part.id,
        corrected=corrected,
        defective=bool(part.defective),
        defect_type=part.defect_type,
        champion=both[0].verdict,
        candidate=both[1].verdict,
        champion_score=both[0].score,
        candidate_score=both[1].score,
        pictures=(before, after),
    )


def _judged(gates: Gates, changed: Sequence[ChangedVerdict], everything: Group) -> list[Gate]:
    judged = []
    if (most := gates.new_escapes) is not None:
        names = [one.part for one in changed if one.is_new_escape]
        lacking = "" if everything.n_defective else "no defective parts in the validation set"
        name = f"at most {most} new escapes on known defects"
        judged.append(_counted(GateKind.NEW_ESCAPES, name, most, names, lacking))
    if (most := gates.new_false_rejects) is not None:
        names = [one.part for one in changed if one.is_new_false_reject]
        lacking = "" if everything.n_good else "no good parts in the validation set"
        name = f"at most {most} new false rejects"
        judged.append(_counted(GateKind.NEW_FALSE_REJECTS, name, most, names, lacking))
    if (limit := gates.auroc_loss) is not None:
        difference = everything.image_auroc
        judged.append(
            Gate(
                name=f"image AUROC falls by {limit:g} at most",
                passed=difference is not None and -difference.value <= limit,
                found="no good and defective parts in the validation set"
                if difference is None
                else f"{difference.value:+.3f}",
                kind=GateKind.AUROC_LOSS,
                limit=limit,
                tested=difference is not None,
            )
        )
    return judged


def _counted(kind: GateKind, name: str, most: int, names: Sequence[str], lacking: str) -> Gate:
    """Return a gate that counts parts; it is tested where one fails it or nothing was lacking."""
    tested = not lacking or len(names) > most
    return Gate(
        name=name,
        passed=tested and len(names) <= most,
        found=", ".join(names) or NOTHING if tested else lacking,
        kind=kind,
        limit=most,
        tested=tested,
    )
