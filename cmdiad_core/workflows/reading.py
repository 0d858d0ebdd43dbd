"""Reading many parts: one bad file does not stop the rest."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
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
