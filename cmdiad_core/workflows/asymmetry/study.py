"""The workflow: read and encode every test part once, then compare."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from cmdiad_core.detector import Detector
from cmdiad_core.detector.pattern import bank
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, modalities, modality
from cmdiad_core.models import require_outside_models
from cmdiad_core.progress import Progress
from cmdiad_core.sample import PartFiles
from cmdiad_core.workflows.asymmetry import words
from cmdiad_core.workflows.asymmetry.comparing import (
    asymmetry_of,
    bank_of,
    direction_of,
    masks_of,
)
from cmdiad_core.workflows.asymmetry.errors import ErrorSum
from cmdiad_core.workflows.asymmetry.findings import sentences
from cmdiad_core.workflows.asymmetry.looking import Look, Pair, look
from cmdiad_core.workflows.asymmetry.page import page
from cmdiad_core.workflows.asymmetry.results import Direction, Study, View
from cmdiad_core.workflows.reading import Skipped, judged_parts, read_samples
from cmdiad_core.writing import require_folder, write_file

REPORT, NUMBERS = "asymmetry.html", "asymmetry.json"


def study_asymmetry(
    detector: Detector, data: Path, out: Path, *, progress: Progress, skipped: Skipped
) -> Study:
    """Find out why prediction helps one direction more, and write a page and the numbers.

    Parameters
    ----------
    detector : Detector
        Any model that predicts something.
    data : Path
        Data set; its test split, or all parts with a known truth where it has no splits.
    out : Path
        Folder for ``asymmetry.html`` and ``asymmetry.json``.
    progress : Progress
        Told of the stages ``"study"``, part by part, and ``"compare"``, direction by direction.
    skipped : callable
        Told of each part that cannot be read or compared.

    Raises
    ------
    InputError
        When the model predicts nothing, when no good and defective parts have what is predicted
        and what it is predicted from, or when `out` cannot be written.
    """
    require_outside_models(out / REPORT)
    pairs = _pairs(detector)
    parts = _relevant(detector, data)
    _comparable(pairs, [(part.files, bool(part.defective)) for part in parts], data)
    require_folder(out)
    errors = {pair: ErrorSum() for pair in pairs}
    looks: list[Look] = []
    for part, sample in read_samples(parts, "study", progress, skipped):
        try:
            looks.append(look(detector, part, sample, pairs, errors))
        except InputError as error:
            skipped(error)
    there = _comparable(pairs, [(one.masks, one.defective) for one in looks], data)
    directions: dict[Pair, Direction] = {}
    for done, pair in enumerate(there):
        progress("compare", done, len(there))
        directions[pair] = direction_of(detector, looks, pair, errors[pair])
    progress("compare", len(there), len(there))
    asymmetries = [
        asymmetry_of(detector, looks, one, directions[pair[::-1]])
        for pair, one in directions.items()
        if pair < pair[::-1] and pair[::-1] in directions
    ]
    names = _names(there)
    banks = [*((name, None) for name in names), *((target, source) for source, target in there)]
    study = Study(
        model=detector.id,
        data=str(data),
        device=detector.device,
        n_good=sum(not one.defective for one in looks),
        n_defective=sum(one.defective for one in looks),
        masks={name: masks_of(looks, name, detector.before_background) for name in names},
        banks=tuple(bank_of(detector, looks, *of) for of in banks),
        directions=tuple(directions.values()),
        asymmetries=tuple(asymmetries),
        missing=tuple(_missing(looks, pairs, directions)),
        findings=sentences(list(directions.values()), asymmetries),
    )
    write_file(out / NUMBERS, f"{study.to_json()}\n".encode("utf-8", "surrogateescape"))
    write_file(out / REPORT, page(study).encode("utf-8", "replace"))
    return study


def _pairs(detector: Detector) -> list[Pair]:
    """Return what the detector predicts, from and to, as far as its scores use it."""
    calibrated = detector.calibration.maps.keys()
    found = [pair for pair in detector.sources.distillers if {bank(*pair), *pair} <= calibrated]
    if not found:
        raise InputError(
            f"model {detector.name}",
            f"predicts no modality from another; it knows {' and '.join(detector.modalities)}, and "
            "prediction needs at least two that are registered pixel by pixel, in good parts that "
            "calibrate it too",
        )
    return sorted(found, key=lambda pair: [modality(name).order for name in pair])


def _relevant(detector: Detector, data: Path) -> list[PartFiles]:
    """Return the test parts that the model knows something of, with only what is looked at."""
    known = set(detector.encoders)
    parts = [part for part in judged_parts(data) if known & set(part.files)]
    if not parts:
        raise InputError(data, f"has no part with {' or '.join(detector.modalities)}")
    if not any(part.registered for part in parts):
        raise InputError(
            data, "has parts that are not registered pixel by pixel, so that nothing is predicted"
        )
    wanted = known | {one.name for one in modalities().values() if one.kind is Kind.CLOUD}
    return [
        replace(part, files={name: path for name, path in part.files.items() if name in wanted})
        for part in parts
    ]


def _comparable(
    pairs: Sequence[Pair], parts: Sequence[tuple[Collection[str], bool]], data: Path
) -> list[Pair]:
    """Return the pairs that both good and defective parts have, given what parts have."""
    seen = {pair: {bad for names, bad in parts if set(pair) <= set(names)} for pair in pairs}
    if found := [pair for pair in pairs if seen[pair] == {True, False}]:
        return found
    for kind, defective in (("good", False), ("defective", True)):
        if all(truth is not defective for _, truth in parts):
            raise InputError(data, f"has no {kind} parts that can be compared with the others")
    names = " and ".join(_names(pairs))
    raise InputError(data, f"has no good and defective parts that both have two of {names}")


def _names(pairs: Sequence[Pair]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(pairs)))


def _missing(
    looks: Sequence[Look], pairs: Sequence[Pair], directions: Mapping[Pair, Direction]
) -> Iterator[str]:
    for names in {tuple(sorted(pair)): None for pair in pairs if pair not in directions}:
        titles = " and ".join(words.title(name) for name in names)
        yield f"{titles} are not compared: no good and defective parts have both."
    if not any(one.defective and one.truth is not None for one in looks):
        yield "No defective part has a mask, so that nothing is said about patches."
    lacking = [one for one in directions.values() if View.CLOUD not in one.comparisons]
    if lacking:
        named = ", ".join(words.direction(one) for one in lacking)
        yield f"Some parts have no cloud to take a mask from, needed for {named}."
