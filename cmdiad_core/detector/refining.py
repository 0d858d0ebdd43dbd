"""Let the distillers of a detector go on learning, with new parts among the old ones."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from cmdiad_core.detector.calibration import held_out
from cmdiad_core.detector.detector import Detector
from cmdiad_core.detector.looking import Look
from cmdiad_core.detector.pattern import bank
from cmdiad_core.detector.sources import Map, Sources
from cmdiad_core.detector.teaching import joined, recalibrated, uncovered
from cmdiad_core.distillation import FeatureToFeature
from cmdiad_core.memory_bank import MemoryBank
from cmdiad_core.progress import Progress, silent


def refine(
    detector: Detector,
    known: Iterable[tuple[int, Look]],
    good: Iterable[Look],
    progress: Progress = silent,
) -> Detector:
    """Return a detector whose distillers went on learning; it knows the new parts as good.

    New patches enter the banks of measured features as `teach` lets them. The banks of
    predictions are chosen anew from what the new distillers predict. Of training parts that
    cannot be read any more, the patches in the banks stand in: the distiller keeps to what it
    predicted from them, so that they are not forgotten.

    Parameters
    ----------
    detector : Detector
        With `held_out`, from good parts that it never learned from.
    known : iterable of (int, Look)
        Training parts by their number in `Detector.training_parts`, as far as they can be read.
    good : iterable of Look
        New parts that are known to be good, none of which calibrated the detector.
    progress : Progress
        Told of the stage ``"learn"``, step by step.
    """
    old = {number: one.features for number, one in known}
    parts = list(good)
    first = len(detector.training_parts)
    new = {number: one.features for number, one in enumerate(parts, start=first)}
    before = detector.sources
    measured = {name: before.banks[name] for name in before.spaces}
    banks = joined(measured, uncovered(measured, new))
    distillers = {}
    total = len(before.distillers) * detector.recipe.steps
    for number, pair in enumerate(before.distillers):
        report = partial(_report, progress, number * detector.recipe.steps, total)
        distillers[pair], banks[bank(*pair)] = _refined(detector, pair, {**old, **new}, report)
    sources = Sources(before.spaces, banks, distillers)
    seen = tuple(held_out(sources, part.features, part.shapes) for part in detector.held_out)
    refined = replace(
        detector,
        sources=sources,
        training_parts=(*detector.training_parts, *(one.part for one in parts)),
        held_out=seen,
    )
    return recalibrated(refined)


def _refined(
    detector: Detector,
    pair: tuple[str, str],
    parts: Mapping[int, Mapping[str, Map]],
    step_done: Callable[[int], None],
) -> tuple[FeatureToFeature, MemoryBank]:
    """Return a distiller that went on learning, and the bank of what it predicts."""
    from cmdiad_core.distillation.training import train

    source, target = pair
    recipe, before = detector.recipe, detector.sources.distillers[pair]
    shared = {n: part for n, part in parts.items() if {source, target} <= set(part)}
    if not shared:
        return before, detector.sources.banks[bank(*pair)]
    stored = detector.sources.banks[source]
    gone = ~np.isin(stored.origins[:, 0], list(parts))
    entries, origins = stored.entries[gone], stored.origins[gone]
    given, wanted = [entries], [before(entries)[0]]
    for part in shared.values():
        rows = [part[name].reshape(-1, part[name].shape[-1]) for name in pair]
        both = np.isfinite(rows[0][:, 0]) & np.isfinite(rows[1][:, 0])
        given.append(rows[0][both])
        wanted.append(rows[1][both])
    distiller = train(
        np.concatenate(given),
        np.concatenate(wanted),
        hidden=recipe.hidden,
        steps=recipe.steps,
        batch=recipe.batch,
        rate=recipe.rate,
        seed=recipe.seed,
        device=detector.device,
        step_done=step_done,
        start=before,
    )
    maps = {number: distiller(part[source])[0] for number, part in shared.items()}
    rng = np.random.default_rng(recipe.seed)
    predicted = MemoryBank.fit(maps, recipe.bank_size, recipe.bank_candidates, rng)
    if len(entries):
        predicted = predicted.joined(MemoryBank(distiller(entries)[0], origins))
    return distiller, predicted


def _report(progress: Progress, before: int, total: int, step: int) -> None:
    progress("learn", before + step, total)
