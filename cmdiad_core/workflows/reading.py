"""Reading many parts: one bad file does not stop the rest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
from cmdiad_core.detector import Detector
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress
from cmdiad_core.sample import PartFiles, Sample

#: Told of each part that was left out, and why.
Skipped = Callable[[InputError], None]


def judged_parts(data: Path) -> list[PartFiles]:
    """Return the test parts of a data set, or all of one without splits, whose truth is known.

    Raises
    ------
    InputError
        When there are none.
    """
    dataset = open_dataset(data)
    parts = [p for p in dataset.split("test") or dataset.parts if p.defective is not None]
    if not parts:
        raise InputError(data, "has no parts that are known to be good or defective")
    return parts


def require_known(detector: Detector, using: Sequence[str] | None) -> None:
    """Raise `InputError` where a modality that is to be used is unknown to the model."""
    for name in using or ():
        if name not in detector.modalities:
            known = " and ".join(detector.modalities)
            raise InputError(f"model {detector.name}", f"never saw {name}; it knows {known}")


def with_modalities(
    detector: Detector,
    parts: Sequence[PartFiles],
    using: Sequence[str] | None,
    skipped: Skipped,
) -> list[PartFiles]:
    """Return the parts with only the files that will be looked at; report the others.

    Parameters
    ----------
    detector : Detector
        The model.
    parts : sequence of PartFiles
        With any files.
    using : sequence of str or None
        Modalities that every part must have; None takes what the model knows of each.
    skipped : callable
        Told of each part that lacks them.
    """
    wanted = using or detector.modalities
    usable = []
    for part in parts:
        files = {name: path for name, path in part.files.items() if name in wanted}
        lacking = [name for name in using or () if name not in files]
        first = next(iter(part.files.values()))
        if lacking:
            skipped(InputError(first, f"has no {' and '.join(lacking)} beside it"))
        elif not files:
            has, known = " and ".join(part.files), " and ".join(wanted)
            skipped(InputError(first, f"is {has}, but the model knows {known}"))
        else:
            usable.append(replace(part, files=files))
    return usable


def read_samples(
    parts: Sequence[PartFiles], stage: str, progress: Progress, skipped: Skipped
) -> Iterator[tuple[PartFiles, Sample]]:
    """Yield each part that can be read, with its files; report the others to `skipped`.

    Parameters
    ----------
    parts : sequence of PartFiles
        What to read.
    stage : str
        Name of the work for `progress`, which is called after each part was dealt with.
    progress : Progress
        May raise `Cancelled`.
    skipped : callable
        Called with the error of each part that cannot be read.
    """
    progress(stage, 0, len(parts))
    for done, part in enumerate(parts, start=1):
        try:
            sample = load_sample(part)
        except InputError as error:
            skipped(error)
        else:
            yield part, sample
        progress(stage, done, len(parts))
