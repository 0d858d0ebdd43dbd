"""How good a detector is on parts whose truth is known, under every availability pattern."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from cmdiad_core.data.loading import load_mask, load_own_mask
from cmdiad_core.detector import Detector
from cmdiad_core.errors import InputError
from cmdiad_core.metrics import aupro, auroc
from cmdiad_core.progress import Progress
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.workflows.reading import Skipped, judged_parts, read_samples


class PatternResult(BaseModel):
    """Metrics of one availability pattern; None where the data does not allow them."""

    model_config = ConfigDict(frozen=True)
    using: tuple[str, ...]
    predicting: tuple[str, ...]
    n_good: int
    n_defective: int
    image_auroc: float | None
    pixel_auroc: float | None
    aupro_30: float | None
    aupro_01: float | None
    median_seconds: float


class Evaluation(BaseModel):
    """What `cmdiad evaluate --json` writes."""

    model_config = ConfigDict(frozen=True)
    schema_: int = 1
    model: str
    data: str
    device: str
    patterns: tuple[PatternResult, ...]

    def to_json(self) -> str:
        """Return the evaluation as JSON text."""
        text = self.model_dump(mode="json")
        return _json({"schema": text.pop("schema_"), **text})


def _json(content: object) -> str:
    import json

    return json.dumps(content, indent=2, ensure_ascii=False)


@dataclass
class _Collected:
    """What one pattern said of the parts so far."""

    predicting: tuple[str, ...] = ()
    defective: list[bool] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    masks: list[NDArray[np.bool_]] = field(default_factory=list)
    maps: list[NDArray[np.float32]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def result(self, using: tuple[str, ...]) -> PatternResult:
        both = any(self.defective) and not all(self.defective)
        masked = any(mask.any() for mask in self.masks)
        truth = np.concatenate([m.ravel() for m in self.masks]) if masked else None
        values = np.concatenate([m.ravel() for m in self.maps]) if masked else None
        return PatternResult(
            using=using,
            predicting=self.predicting,
            n_good=len(self.defective) - sum(self.defective),
            n_defective=sum(self.defective),
            image_auroc=auroc(self.defective, self.scores) if both else None,
            pixel_auroc=None if truth is None or values is None else auroc(truth, values),
            aupro_30=aupro(self.masks, self.maps, 0.3) if masked else None,
            aupro_01=aupro(self.masks, self.maps, 0.01) if masked else None,
            median_seconds=float(np.median(self.seconds)),
        )


def evaluate(
    detector: Detector,
    data: Path,
    *,
    progress: Progress,
    skipped: Skipped,
) -> Evaluation:
    """Inspect the test parts of a data set under every pattern, with and without prediction.

    Parameters
    ----------
    detector : Detector
        The model.
    data : Path
        Data set; its test split, or all parts with a known truth where it has no splits.
    progress : Progress
        Told of the stage ``"evaluate"``, part by part.
    skipped : callable
        Told of each part that cannot be read or inspected.

    Raises
    ------
    InputError
        When no part has a known truth or a modality that the model knows.
    """
    collected: dict[tuple[tuple[str, ...], bool], _Collected] = {}
    for part, sample in read_samples(judged_parts(data), "evaluate", progress, skipped):
        try:
            _look(detector, part, sample, lambda *key: collected.setdefault(key, _Collected()))
        except InputError as error:
            skipped(error)
    if not collected:
        raise InputError(data, f"has no part with {' or '.join(detector.modalities)}")
    results = [found.result(using) for (using, _), found in collected.items()]
    results.sort(key=lambda result: (result.using, result.predicting))
    return Evaluation(
        model=detector.id, data=str(data), device=detector.device, patterns=tuple(results)
    )


def _look(
    detector: Detector,
    part: PartFiles,
    sample: Sample,
    collect: Callable[[tuple[str, ...], bool], _Collected],
) -> None:
    there = sorted(set(sample.measured) & set(detector.modalities))
    masks = masks_of(part, sample)
    for size in range(1, len(there) + 1):
        for using in combinations(there, size):
            if using not in detector.calibration_scores:
                continue
            for predict in (False, True) if detector.predicts(using) else (False,):
                start = perf_counter()
                inspection = detector.inspect(sample, using, predict)
                seconds = perf_counter() - start
                place = collect(using, predict)
                place.predicting = tuple(sorted(inspection.predicting))
                place.defective.append(bool(part.defective))
                place.scores.append(inspection.score)
                place.seconds.append(seconds)
                mask = masks.get(using[0])
                if mask is not None and inspection.map is not None:
                    place.masks.append(mask)
                    place.maps.append(inspection.map)


def masks_of(part: PartFiles, sample: Sample) -> dict[str, NDArray[np.bool_]]:
    """Return the ground truth of a part by modality, as far as it is known."""
    if not part.registered:
        known = part.masks if part.defective else sample.measured
        return {
            name: load_own_mask(part, name, values)
            for name, values in sample.measured.items()
            if name in known
        }
    if part.mask is None and part.defective:
        return {}
    return dict.fromkeys(sample.measured, load_mask(part, sample.shape))
