"""Teach a detector good parts in seconds: they enter the banks, and nothing is forgotten."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from cmdiad_core.cores import on_all_cores
from cmdiad_core.detector.calibration import HeldOut, calibrate
from cmdiad_core.detector.detector import Detector
from cmdiad_core.detector.fitting import default_operating_point
from cmdiad_core.detector.looking import Look
from cmdiad_core.detector.pattern import bank
from cmdiad_core.detector.sources import Map, Sources
from cmdiad_core.memory_bank import MemoryBank

#: Most patches of a part that enter a bank, so that a bank grows by this a part at most.
MOST_PATCHES = 100


def teach(detector: Detector, good: Iterable[Look]) -> Detector:
    """Return a detector that knows these parts as good as well.

    Patches that no bank entry covers enter the bank of their modality, and those that its
    predictions lack the banks of predictions; feature spaces and distillers stay. Calibration is
    redone on the parts it rests on, by their distances to the larger banks.

    Parameters
    ----------
    detector : Detector
        With `held_out`.
    good : iterable of Look
        Parts that are known to be good, none of which calibrated the detector.
    """
    parts = list(good)
    first = len(detector.training_parts)
    seen = on_all_cores(lambda one: _by_bank(detector.sources, one.features), parts)
    added = uncovered(detector.sources.banks, dict(enumerate(seen, start=first)))
    held_out = on_all_cores(lambda one: _nearer(one, detector.sources, added), detector.held_out)
    return recalibrated(
        replace(
            detector,
            sources=replace(detector.sources, banks=joined(detector.sources.banks, added)),
            training_parts=(*detector.training_parts, *(one.part for one in parts)),
            held_out=tuple(held_out),
        )
    )


def uncovered(
    banks: Mapping[str, MemoryBank], parts: Mapping[int, Mapping[str, Map]]
) -> dict[str, MemoryBank]:
    """Return by bank, as far as there are any, the patches of new parts that it does not cover.

    Parameters
    ----------
    banks : mapping of str to MemoryBank
        As they are.
    parts : mapping of int to mapping of str to array (h, w, channels)
        By number of the part: its features by bank.
    """

    def lacking(name: str) -> MemoryBank | None:
        maps = {number: part[name] for number, part in parts.items() if name in part}
        return banks[name].uncovered(maps, MOST_PATCHES * len(maps)) if maps else None

    found = zip(banks, on_all_cores(lacking, banks), strict=True)
    return {name: new for name, new in found if new is not None}


def joined(
    banks: Mapping[str, MemoryBank], added: Mapping[str, MemoryBank]
) -> dict[str, MemoryBank]:
    """Return the banks with what is added to them."""
    return {n: one.joined(added[n]) if n in added else one for n, one in banks.items()}


def recalibrated(detector: Detector) -> Detector:
    """Return the detector with the calibration and the limits that its `held_out` gives."""
    pairs = list(detector.sources.distillers)
    calibrated = calibrate(detector.held_out, sorted(detector.encoders), pairs, detector.recipe)
    point = default_operating_point(calibrated.scores, detector.recipe)
    return replace(detector, calibration=calibrated, operating_point=point)


def _by_bank(sources: Sources, features: Mapping[str, Map]) -> dict[str, Map]:
    predicted = {bank(*pair): one.features for pair, one in sources.predictions(features).items()}
    return {**features, **predicted}


def _nearer(part: HeldOut, sources: Sources, added: Mapping[str, MemoryBank]) -> HeldOut:
    """Return what a part outside the banks looks like now that entries were added."""
    features = _by_bank(sources, part.features)
    evidence = dict(part.evidence)
    for name in evidence.keys() & added.keys():
        distance = np.minimum(evidence[name].distance, added[name].distance(features[name]))
        evidence[name] = replace(evidence[name], distance=distance)
    return replace(part, evidence=evidence)
