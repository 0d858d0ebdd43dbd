"""The numbers of the study, from what was kept of the test parts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from cmdiad_core.detector import Detector, Pattern
from cmdiad_core.detector.calibration import Calibration
from cmdiad_core.detector.pattern import bank
from cmdiad_core.detector.sources import Evidence
from cmdiad_core.encoders import has_background
from cmdiad_core.metrics import auroc
from cmdiad_core.scoring import fuse, smooth, upsampled
from cmdiad_core.workflows.asymmetry.errors import ErrorSum
from cmdiad_core.workflows.asymmetry.looking import Look, Pair
from cmdiad_core.workflows.asymmetry.results import (
    PERCENTILES,
    Asymmetry,
    Bank,
    Comparison,
    Direction,
    Masks,
    Separation,
    TypeComparison,
    View,
    WeightEffect,
    difference,
)

#: Weights of the prediction that are tried beside a measurement of weight 1.
WEIGHTS = tuple(float(f"{weight:.3g}") for weight in np.geomspace(0.01, 10, 13))

_RESAMPLES = 999

Map = NDArray[np.float32]
#: What is seen of one part, by bank.
_Seen = Mapping[str, Evidence]


def masks_of(looks: Sequence[Look], name: str, before_background: Collection[str]) -> Masks:
    """Return what the masks of a modality are like on the good parts, of which there are some."""
    masks = [look.masks[name] for look in looks if name in look.masks and not look.defective]
    covered = float(np.mean([mask.mean() for mask in masks]))
    return Masks(covered=covered, agreed=has_background(masks), used=name in before_background)


def bank_of(detector: Detector, looks: Sequence[Look], target: str, source: str | None) -> Bank:
    """Return the distances of `target` in its bank, measured or predicted from `source`."""
    name = target if source is None else bank(source, target)
    parts = [look for look in looks if name in look.evidence]
    seen = [part.seen(View.MODEL, detector.before_background)[name].distance for part in parts]
    pairs = list(zip(parts, seen, strict=True))
    groups = {
        "good": [one for part, one in pairs if not part.defective],
        "defective": [one for part, one in pairs if part.defective],
        "defect": [one[part.truth] for part, one in pairs if part.truth is not None],
    }
    values = {group: np.concatenate([m.ravel() for m in maps]) for group, maps in groups.items()}
    finite = {group: found[np.isfinite(found)] for group, found in values.items()}
    return Bank(
        modality=target,
        predicted_from=source,
        n_good=len(groups["good"]),
        n_defective=len(groups["defective"]),
        percentiles={
            group: tuple(np.percentile(found, PERCENTILES).tolist())
            for group, found in finite.items()
            if found.size
        },
        # What is not looked at cannot be odd: no distance is smaller than 0.
        separation=_separation(parts, [np.nan_to_num(one, nan=0.0) for one in seen]),
    )


def direction_of(
    detector: Detector, looks: Sequence[Look], pair: Pair, errors: ErrorSum
) -> Direction:
    """Compare one direction with doing without and with measuring both."""
    parts = [look for look in looks if set(pair) <= set(look.masks)]
    calibration, background = detector.calibration, detector.before_background
    views = [v for v in View if v is not View.CLOUD or all(p.cloud_mask is not None for p in parts)]
    seen = {view: [part.seen(view, background) for part in parts] for view in views}
    maps = {view: _maps(calibration, seen[view], pair) for view in views}
    source, target = pair
    found = errors.results()
    region = "foreground" if source in background else "everywhere"
    return Direction(
        source=source,
        target=target,
        n_good=sum(not part.defective for part in parts),
        n_defective=sum(part.defective for part in parts),
        weight=calibration.weights[bank(*pair)],
        comparisons={view: _comparison(parts, maps[view]) for view in views},
        errors=found,
        explained=next((one.explained for one in found if one.region == region), None),
        weights=tuple(
            _weight_effect(calibration, parts, seen[View.MODEL], pair, w) for w in WEIGHTS
        ),
        defect_types=_by_type(parts, maps[View.MODEL]),
    )


def asymmetry_of(
    detector: Detector, looks: Sequence[Look], first: Direction, second: Direction
) -> Asymmetry:
    """Say by how much prediction helps more in one direction than in the other."""
    better, other = sorted(
        (first, second), key=lambda one: -(one.comparison.gain("image_auroc") or 0.0)
    )
    parts = [look for look in looks if {first.source, first.target} <= set(look.masks)]
    seen = [part.seen(View.MODEL, detector.before_background) for part in parts]
    scores = []
    for one in (better, other):
        maps = _maps(detector.calibration, seen, (one.source, one.target))
        scores += [_highest(parts, maps["together"]), _highest(parts, maps["single"])]
    defective = np.array([part.defective for part in parts])
    gains = [one.comparison.gain("patch_auroc") for one in (better, other)]
    return Asymmetry(
        better=(better.source, better.target),
        other=(other.source, other.target),
        image_auroc=_gain_difference(defective, scores),
        interval=_interval(defective, scores),
        patch_auroc=difference(*gains),
    )


def _maps(calibration: Calibration, seen: Sequence[_Seen], pair: Pair) -> dict[str, list[Map]]:
    """Return the fused maps of all parts by what they rest on; see `Comparison`."""
    source, target = pair
    patterns = {
        "single": Pattern((source,)),
        "prediction": Pattern((source,), (target,), alone=True),
        "together": Pattern((source,), (target,)),
        "complete": Pattern(tuple(sorted(pair))),
    }
    return {
        name: [_map(calibration, pattern, one, pair) for one in seen]
        for name, pattern in patterns.items()
    }


def _map(calibration: Calibration, pattern: Pattern, seen: _Seen, pair: Pair) -> Map:
    # On the patch grid: for ranking patches, pixels in between add nothing but time.
    grid = {name: seen[name].distance.shape for name in pattern.measured}
    return calibration.raw_map(pattern, calibration.judged(seen), grid, [pair])


def _weight_effect(
    calibration: Calibration,
    parts: Sequence[Look],
    seen: Sequence[_Seen],
    pair: Pair,
    weight: float,
) -> WeightEffect:
    source, predicted = pair[0], bank(*pair)
    weighted = replace(calibration, weights={**calibration.weights, predicted: weight})
    pattern = Pattern((source,), (pair[1],))
    weights = {source: 1.0, predicted: weight}
    raw = [smooth(fuse({name: one[name].distance for name in weights}, weights)) for one in seen]
    return WeightEffect(
        weight=weight,
        calibrated=_separation(parts, [_map(weighted, pattern, one, pair) for one in seen]),
        raw=_separation(parts, raw),
    )


def _by_type(parts: Sequence[Look], maps: Mapping[str, Sequence[Map]]) -> dict[str, TypeComparison]:
    found = {}
    for kind in sorted({part.defect_type for part in parts if part.defective}):
        chosen = [i for i, p in enumerate(parts) if not p.defective or p.defect_type == kind]
        some = [parts[i] for i in chosen]
        found[kind] = TypeComparison(
            n_defective=sum(part.defective for part in some),
            comparison=_comparison(some, {n: [m[i] for i in chosen] for n, m in maps.items()}),
        )
    return found


def _comparison(parts: Sequence[Look], maps: Mapping[str, Sequence[Map]]) -> Comparison:
    return Comparison(**{name: _separation(parts, found) for name, found in maps.items()})


def _separation(parts: Sequence[Look], maps: Sequence[Map]) -> Separation:
    defective = [part.defective for part in parts]
    known = [(part.truth, m) for part, m in zip(parts, maps, strict=True) if part.truth is not None]
    truth = np.concatenate([truth.ravel() for truth, _ in known]) if known else np.zeros(0, bool)
    values = np.concatenate([m.ravel() for _, m in known]) if known else np.zeros(0)
    return Separation(
        image_auroc=auroc(defective, _highest(parts, maps)),
        patch_auroc=auroc(truth, values) if truth.any() and not truth.all() else None,
    )


def _highest(parts: Sequence[Look], maps: Sequence[Map]) -> NDArray[np.float32]:
    # Between patches, as an inspection takes its score.
    drawn = [upsampled(one, part.shape) for part, one in zip(parts, maps, strict=True)]
    return np.array([one.max() for one in drawn], np.float32)


def _gain_difference(defective: NDArray[np.bool_], scores: Sequence[NDArray[np.float32]]) -> float:
    together, single, other_together, other_single = (auroc(defective, s) for s in scores)
    return (together - single) - (other_together - other_single)


def _interval(
    defective: NDArray[np.bool_], scores: Sequence[NDArray[np.float32]]
) -> tuple[float, float] | None:
    groups = np.flatnonzero(~defective), np.flatnonzero(defective)
    if min(map(len, groups)) < 2:
        return None

    def resampled(*chosen: NDArray[np.int64]) -> float:
        index = np.concatenate(chosen)
        return _gain_difference(defective[index], [one[index] for one in scores])

    found = bootstrap(
        groups,
        resampled,
        n_resamples=_RESAMPLES,
        vectorized=False,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return float(found.low), float(found.high)
