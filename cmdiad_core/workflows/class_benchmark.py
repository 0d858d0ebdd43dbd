"""One class of a benchmark: its parts, and what a method makes of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.nn import functional

from cmdiad_core.array_cache import ArrayCache
from cmdiad_core.data.loading import load_mask, load_sample
from cmdiad_core.detector import Detector, Recipe
from cmdiad_core.distillation.checkpoints import load_network
from cmdiad_core.distillation.map_training import Schedule
from cmdiad_core.distillation.networks import PIXELS, Network, networks
from cmdiad_core.errors import InputError
from cmdiad_core.metrics import summarise
from cmdiad_core.modalities import modality
from cmdiad_core.progress import Progress
from cmdiad_core.reference import Backbones, CachedParts, Pipeline, Settings, fit_pipeline
from cmdiad_core.report.benchmark import Result
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.workflows.class_parts import MODALITIES, ClassParts, stamp
from cmdiad_core.workflows.distil import TRAINING, distil, distiller_file
from cmdiad_core.workflows.reading import Skipped, read_samples

#: Truth (224, 224) by part id.
Masks = Mapping[str, NDArray[np.bool_]]

#: The product's own detector under each pattern: what it looks at, and whether it predicts.
OURS: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "ours_rgb": (("rgb",), False),
    "ours_xyz": (("cloud",), False),
    "ours_rgb_predicting_xyz": (("rgb",), True),
    "ours_xyz_predicting_rgb": (("cloud",), True),
    "ours_dual": (("cloud", "rgb"), False),
}


@dataclass(frozen=True)
class Inspected:
    """What a method says about a part: score and map (224, 224)."""

    part: PartFiles
    score: float
    map: NDArray[np.float32]


@dataclass(frozen=True)
class PaperRun:
    """What the paper's pipelines need besides the parts.

    Parameters
    ----------
    backbones : Backbones
        Frozen encoders.
    cache : ArrayCache
        Of inputs and features.
    settings : Settings
        Of banks and decision layer.
    schedule : Schedule
        Of distillers that are trained here.
    given : Path or None
        Folder with trained distillers, used instead of training.
    trained : Path
        Folder that distillers trained here are kept in.
    """

    backbones: Backbones
    cache: ArrayCache
    settings: Settings
    schedule: Schedule
    given: Path | None
    trained: Path

    def require_enough(self, parts: ClassParts) -> None:
        """Raise `InputError` where a class has too few parts for any pipeline."""
        if not parts.train:
            raise InputError(parts.name, "has no training part that can be read")
        if not (parts.validation or self.settings.reference):
            raise InputError(
                parts.name,
                "has no validation parts, which the decision layer is fitted on; only --reference "
                "does without",
            )

    def result(
        self,
        pipeline: Pipeline,
        parts: ClassParts,
        masks: Masks,
        progress: Progress,
        skipped: Skipped,
    ) -> Result:
        """Fit a pipeline to a class with enough parts and measure it.

        Raises
        ------
        InputError
            When its distiller cannot be read or trained.
        """
        train, validation, test = (
            CachedParts(split, self.backbones, self.cache)
            for split in (parts.train, parts.validation, parts.test)
        )
        distiller = None
        if pipeline.network:
            distiller = self._distiller(pipeline, parts, train, validation, progress, skipped)
        total, done = len(train) * len(pipeline.sources), 0

        def step_done() -> None:
            nonlocal done
            done += 1
            progress("fit", done, total)

        fitted = fit_pipeline(
            pipeline,
            train,
            train if self.settings.reference else validation,
            distiller,
            self.backbones,
            self.settings,
            step_done,
        )

        start, seen = perf_counter(), []
        for index, part in enumerate(parts.test):
            seen.append(Inspected(part, *fitted.inspect(test, index)))
            progress("evaluate", index + 1, len(test))
        seconds = (perf_counter() - start) / max(len(seen), 1)
        return _measured(pipeline.name, parts, masks, seen, seconds)

    def _distiller(
        self,
        pipeline: Pipeline,
        parts: ClassParts,
        train: CachedParts,
        validation: CachedParts,
        progress: Progress,
        skipped: Skipped,
    ) -> Network:
        kind, source = networks()[pipeline.network], pipeline.measured[0]
        if self.given is not None:
            return load_network(kind, given_file(self.given, pipeline), self.backbones.device)
        # Parts that were replaced in their place are others.
        known = stamp(parts.train, parts.validation)[:12]
        return distil(
            kind,
            source,
            train,
            validation,
            self.trained / parts.name / known / f"{distiller_file(kind, source)}.safetensors",
            self.backbones,
            schedule=self.schedule,
            progress=progress,
            unusable=skipped,
        )


def given_file(folder: Path, pipeline: Pipeline) -> Path:
    """Return the file of a pipeline's distiller in a folder of trained ones.

    Raises
    ------
    InputError
        When it is not there.
    """
    kind, source = networks()[pipeline.network], pipeline.measured[0]
    # The authors publish one for each main modality even where a network holds both directions.
    names = list(dict.fromkeys([f"{kind.name}_{source}", distiller_file(kind, source)]))
    for name in names:
        files = [path for path in sorted(folder.glob(f"{name}.*")) if path.suffix != TRAINING]
        if files:
            return files[0]
    raise InputError(folder, f"holds no distiller {', '.join(names)} (.pth or .safetensors)")


def our_recipe(seed: int) -> Recipe:
    """Return what the product's detector is fitted with: its default encoders."""
    return Recipe(encoders={n: modality(n).default_encoder for n in MODALITIES}, seed=seed)


def our_results(
    methods: Sequence[str],
    parts: ClassParts,
    masks: Masks,
    seed: int,
    device: str,
    progress: Progress,
    skipped: Skipped,
) -> list[Result]:
    """Fit the product's detector with its default encoders to a class and measure it.

    Raises
    ------
    InputError
        When the class has too few parts.
    """

    def samples(split: Sequence[PartFiles], stage: str) -> Iterator[Sample]:
        return (sample for _, sample in read_samples(split, stage, progress, skipped))

    detector = Detector.fit(
        samples(parts.train, "read"),
        samples(parts.validation, "calibrate"),
        recipe=our_recipe(seed),
        device=device,
        progress=progress,
    )
    seen: dict[str, list[Inspected]] = {name: [] for name in methods}
    seconds = dict.fromkeys(methods, 0.0)
    for part, sample in read_samples(parts.test, "evaluate", progress, skipped):
        for name in methods:
            start = perf_counter()
            inspection = detector.inspect(sample, *OURS[name])
            seconds[name] += perf_counter() - start
            plane = torch.from_numpy(inspection.map)[None, None]
            resized = functional.interpolate(plane, (PIXELS, PIXELS), mode="bilinear")
            seen[name].append(Inspected(part, inspection.score, resized[0, 0].numpy()))
    return [
        _measured(name, parts, masks, seen[name], seconds[name] / max(len(seen[name]), 1))
        for name in methods
    ]


def load_masks(parts: ClassParts, skipped: Skipped) -> Masks:
    """Return the truth of the test parts by id, at 224 x 224 pixels as published numbers are.

    Parts whose mask cannot be used are reported; their scores count, their maps do not.
    """
    masks = {}
    for part in parts.test:
        try:
            masks[part.id] = _mask(part)
        except InputError as error:
            skipped(error)
    return masks


def _mask(part: PartFiles) -> NDArray[np.bool_]:
    if not part.defective:
        return np.zeros((PIXELS, PIXELS), np.bool_)
    shape = load_sample(replace(part, files={"rgb": part.files["rgb"]})).shape
    mask = Image.fromarray(load_mask(part, shape))
    # As published: the pixel below each centre. What torch calls nearest is half a pixel aside.
    return np.asarray(mask.resize((PIXELS, PIXELS), Image.Resampling.NEAREST), np.bool_)


def _measured(
    method: str, parts: ClassParts, masks: Masks, seen: Sequence[Inspected], seconds: float
) -> Result:
    masked = [one for one in seen if one.part.id in masks]
    return Result(
        class_name=parts.name,
        method=method,
        n_train=len(parts.train),
        n_validation=len(parts.validation),
        seconds_per_part=seconds,
        summary=summarise(
            [bool(one.part.defective) for one in seen],
            [one.score for one in seen],
            [masks[one.part.id] for one in masked],
            [one.map for one in masked],
        ),
    )
