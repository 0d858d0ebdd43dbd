"""Learning a detector from good parts."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from cmdiad_core.cores import on_all_cores
from cmdiad_core.detector.calibration import HeldOut, calibrate, held_out, in_space
from cmdiad_core.detector.detector import Detector
from cmdiad_core.detector.device import resolve_device
from cmdiad_core.detector.encoding import Encoded, encode
from cmdiad_core.detector.lineage import file_record
from cmdiad_core.detector.pattern import Pattern
from cmdiad_core.detector.recipe import Recipe
from cmdiad_core.detector.sources import Sources, fit_sources, fitting_steps
from cmdiad_core.encoders import encoder, has_background
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.progress import Progress
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.scoring import ScoreCalibration


def fit(
    train: Iterable[Sample],
    calibration: Iterable[Sample],
    *,
    recipe: Recipe,
    device: str,
    progress: Progress,
) -> Detector:
    """Learn from good parts; see `Detector.fit`."""
    device = resolve_device(device)
    chosen = {name: encoder(entry, name, device) for name, entry in recipe.encoders.items()}

    def look(sample: Sample) -> tuple[Encoded, PartFiles]:
        return encode(chosen, sample, recipe, chosen), file_record(sample)

    def looked_at(samples: Iterable[Sample]) -> tuple[list[Encoded], list[PartFiles]]:
        found = list(on_all_cores(look, samples))
        return [part for part, _ in found], [record for _, record in found]

    parts, files = looked_at(train)
    checks, check_files = looked_at(calibration)
    for name in chosen:
        if not any(name in part.features for part in parts):
            raise InputError(name, "is in none of the training parts; leave it out")
    if len(parts) < 2:
        raise InputError("training", f"needs at least 2 good parts, got {len(parts)}")
    folds = [] if checks else _folds(len(parts), recipe)
    masked = tuple(
        name
        for name in chosen
        if has_background([part.masks[name] for part in parts if name in part.masks])
    )
    features = [part.before(masked) for part in parts]
    shapes = [part.shapes for part in parts]
    # With a large encoder these are gigabytes, of which `features` may hold a copy.
    del parts
    floors = {name: entry.floor for name, entry in chosen.items()}
    total = fitting_steps(features, floors, recipe) * (len(folds) + 1)
    done = 0

    def step_done() -> None:
        nonlocal done
        done = min(done + 1, total)
        progress("learn", done, total)

    def fitted(without: Sequence[int] = ()) -> Sources:
        kept = [one for i, one in enumerate(features) if i not in set(without)]
        known = {n: floor for n, floor in floors.items() if any(n in one for one in kept)}
        return fit_sources(kept, known, recipe, device, step_done)

    seen: list[HeldOut] = []
    for fold in folds:
        sources = fitted(fold)
        for i in fold:
            known = {n: values for n, values in features[i].items() if n in sources.spaces}
            seen.append(held_out(sources, sources.project(known), shapes[i]))
    sources = fitted()
    # Their features in the spaces of the detector that is kept, for `teach`.
    in_turn = chain.from_iterable(folds)
    seen = [
        in_space(one, sources.project(features[i])) for one, i in zip(seen, in_turn, strict=True)
    ]
    seen += on_all_cores(
        lambda part: held_out(sources, sources.project(part.before(masked)), part.shapes), checks
    )
    calibrated = calibrate(seen, sorted(chosen), list(sources.distillers), recipe)
    if not calibrated.scores:
        raise InputError("calibration", "no good part can be compared with the others")
    return Detector(
        recipe,
        chosen,
        sources,
        calibrated,
        default_operating_point(calibrated.scores, recipe),
        device,
        masked,
        tuple(files),
        tuple(check_files),
        tuple(seen),
    )


def _folds(count: int, recipe: Recipe) -> list[list[int]]:
    order = np.random.default_rng(recipe.seed).permutation(count)
    return [fold.tolist() for fold in np.array_split(order, min(recipe.folds, count))]


def default_operating_point(
    scores: Mapping[Pattern, ScoreCalibration], recipe: Recipe
) -> OperatingPoint:
    """Return the rejection limit, 1 by construction, and the limit below which parts pass."""
    full = max(scores, key=lambda p: (not p.predicted, len(p.measured), len(scores[p].raw)))
    below = float(np.quantile(scores[full].scores, 1 - recipe.review_rate, method="higher"))
    return OperatingPoint(accept_below=min(below, 1.0), reject_from=1.0)
