"""Train a detector on the good parts of a data set."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cmdiad_core.data.layouts import Dataset, open_dataset
from cmdiad_core.detector import Detector, Recipe
from cmdiad_core.detector.saving import require_place
from cmdiad_core.encoders import resolved
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import modalities, modality
from cmdiad_core.models import CARD
from cmdiad_core.progress import Progress
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.workflows.reading import Skipped, read_samples


def train(
    data: Path,
    out: Path,
    *,
    wanted: Sequence[str] | None,
    encoders: Mapping[str, str],
    seed: int,
    device: str,
    progress: Progress,
    skipped: Skipped,
    replace: bool = False,
) -> Detector:
    """Train on the data set at `data` and save the model to `out`.

    Parameters
    ----------
    data : Path
        Data set. Its training split is learned from and its validation split calibrates; where
        there are no splits, all parts not known as defective are learned from.
    out : Path
        Model folder to be written.
    wanted : sequence of str or None
        Modalities to use; None takes all that there are.
    encoders : mapping of str to str
        Encoder by modality where it is not to be the default; see `cmdiad_core.encoders.encoder`.
    seed : int
        Of every random choice.
    device : str
        Torch device or ``"auto"``.
    progress : Progress
        Told of the stages ``"read"``, ``"calibrate"`` and ``"learn"``.
    skipped : callable
        Told of each part that cannot be read.
    replace : bool
        Take the place of a model that is at `out` already.

    Returns
    -------
    Detector
        As saved.

    Raises
    ------
    InputError
        When data, options or the place of the model cannot be used.
    """
    dataset = open_dataset(data)
    names = _chosen(dataset, wanted)
    for name in encoders:
        if name not in names:
            raise InputError(
                f"encoder for {name}", f"is not needed: training uses {', '.join(names)}"
            )
    if (out / CARD).exists() and not replace:
        raise InputError(out, "holds a model; choose another folder, or add --replace")
    require_place(out)
    good = [part for part in dataset.split("train") or dataset.split("") if not part.defective]
    checks = [part for part in dataset.split("validation") if not part.defective]
    recipe = Recipe(
        encoders={n: resolved(encoders.get(n, modality(n).default_encoder)) for n in names},
        registered=all(part.registered for part in (*good, *checks)),
        seed=seed,
    )

    if len(good) < 2:
        found = "one good part" if good else "no good part"
        raise InputError(data, f"has {found} to learn from; at least 2 are needed")

    def samples(parts: Sequence[PartFiles], stage: str) -> Iterator[Sample]:
        usable = [part for part in parts if set(part.files) & set(names)]
        return (sample for _, sample in read_samples(usable, stage, progress, skipped))

    detector = Detector.fit(
        samples(good, "read"),
        samples(checks, "calibrate"),
        recipe=recipe,
        device=device,
        progress=progress,
    )
    return detector.save(out)


def _chosen(dataset: Dataset, wanted: Sequence[str] | None) -> tuple[str, ...]:
    there = dataset.modalities
    if wanted is None:
        return there
    for name in wanted:
        if name not in modalities():
            raise InputError(
                f"modality {name}", f"is not known; there are {', '.join(modalities())}"
            )
        if name not in there:
            raise InputError(dataset.root, f"has no {name}; it has {' and '.join(there)}")
    return tuple(name for name in there if name in wanted)
