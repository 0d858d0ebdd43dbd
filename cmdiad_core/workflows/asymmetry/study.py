"""The workflow: read and encode every test part once, then compare."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cmdiad_core.detector import Detector
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, modalities, modality
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
from cmdiad_core.workflows.asymmetry.looking import (
    Look,
    Pair,
    calibrated_pairs,
    comparable,
    look,
    modalities_in,
)
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
    pairs = calibrated_pairs(detector)
    if not pairs:
        raise InputError(
            f"model {detector.name}",
            f"predicts no modality from another; it knows {' and '.join(detector.modalities)}, and "
            "prediction needs at least two that are registered pixel by pixel",
        )
    parts = _relevant(detector, judged_parts(data))
    _require(pairs, [(part.files, bool(part.defective)) for part in parts], data)
    require_folder(out)
    errors = {pair: ErrorSum() for pair in pairs}
    looks: list[Look] = []
    for part, sample in read_samples(parts, "study", progress, skipped):
        try:
            looks.append(look(detector, part, sample, pairs, errors))
        except InputError as error:
            skipped(error)
    there = _require(pairs, [(one.masks, one.defective) for one in looks], data)
    banks = [
        *(bank_of(detector, looks, name, None) for name in modalities_in(there)),
        *(bank_of(detector, looks, target, source) for source, target in there),
    ]
    directions = []
    for done, pair in enumerate(there):
        progress("compare", done, len(there))
        directions.append(direction_of(detector, looks, pair, errors[pair]))
    by_pair = dict(zip(there, directions, strict=True))
    asymmetries = [
        asymmetry_of(detector, looks, one, by_pair[pair[::-1]])
        for pair, one in by_pair.items()
        if pair[::-1] in by_pair and pair < pair[::-1]
    ]
    progress("compare", len(there), len(there))
    study = Study(
        model=detector.id,
        data=str(data),
        device=detector.device,
        n_good=sum(not one.defective for one in looks),
        n_defective=sum(one.defective for one in looks),
        masks={n: masks_of(looks, n, detector.before_background) for n in modalities_in(there)},
        banks=tuple(banks),
        directions=tuple(directions),
        asymmetries=tuple(asymmetries),
        missing=tuple(_missing(looks, pairs, directions)),
        findings=sentences(directions, asymmetries),
    )
    write_file(out / NUMBERS, f"{study.to_json()}\n".encode("utf-8", "surrogateescape"))
    write_file(out / REPORT, page(study))
    return study


def _relevant(detector: Detector, parts: Sequence[PartFiles]) -> list[PartFiles]:
    """Return the parts that the model knows something of, with only what will be looked at."""
    clouds = {one.name for one in modalities().values() if one.kind is Kind.CLOUD}
    return [
        replace(part, files={n: p for n, p in part.files.items() if n in clouds | known})
        for part in parts
        if (known := set(detector.encoders)) & set(part.files)
    ]


def _require(
    pairs: Sequence[Pair], parts: Sequence[tuple[Collection[str], bool]], data: Path
) -> list[Pair]:
    if found := comparable(pairs, parts):
        return found
    for kind, defective in (("good", False), ("defective", True)):
        if all(truth is not defective for _, truth in parts):
            raise InputError(data, f"has no {kind} parts; the study compares good with defective")
    names = " and ".join(modalities_in(pairs))
    raise InputError(data, f"has no good and defective parts that both have two of {names}")


def _missing(
    looks: Sequence[Look], pairs: Sequence[Pair], directions: Sequence[Direction]
) -> Iterator[str]:
    there = {(one.source, one.target) for one in directions}
    for names in {tuple(sorted(pair)): None for pair in pairs if pair not in there}:
        titles = " and ".join(modality(name).title for name in names)
        yield f"{titles} are not compared: no good and defective parts have both."
    if not any(one.defective and one.truth is not None for one in looks):
        yield "No defective part has a mask, so that nothing is said about patches."
    if lacking := [words.direction(one) for one in directions if View.CLOUD not in one.comparisons]:
        yield f"Some parts have no cloud to take a mask from, needed for {', '.join(lacking)}."
