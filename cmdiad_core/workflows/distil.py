"""Train one of the paper's distillers, or go on with its training."""

from collections.abc import Callable, Sequence
from pathlib import Path

from cmdiad_core.array_cache import ArrayCache
from cmdiad_core.distillation.checkpoints import load_network, read_origin, save_network
from cmdiad_core.distillation.map_training import Schedule, train_network
from cmdiad_core.distillation.networks import Network, networks
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress
from cmdiad_core.reference import Backbones, CachedParts
from cmdiad_core.workflows.class_parts import MODALITIES, ClassParts, stamp
from cmdiad_core.workflows.reading import Skipped
from cmdiad_core.writing import require_folder

#: Suffix of the state of a training under way.
TRAINING = ".training"
#: Splits that distillers learn from and are validated on; test parts are of no use to them.
_LEARNED = ("train", "validation")


def distiller_file(kind: type[Network], source: str) -> str:
    """Return the name of a distiller's file without suffix, e.g. ``"f2f"`` or ``"i2f_rgb"``.

    Parameters
    ----------
    kind : type of Network
        Which network.
    source : str
        The modality it reads; of no account where one network holds both directions.
    """
    return kind.name if kind.both_ways else f"{kind.name}_{source}"


def distil(
    kind: type[Network],
    source: str,
    train: CachedParts,
    validation: CachedParts,
    out: Path,
    backbones: Backbones,
    *,
    schedule: Schedule,
    progress: Progress,
    unusable: Callable[[InputError], None],
) -> Network:
    """Return the distiller in the file `out`, trained now unless it is there.

    Parameters
    ----------
    kind : type of Network
        Which network.
    source : str
        The modality it reads; a network that holds both directions learns both.
    train, validation : CachedParts
        Normal parts of one class or of many; there may be none to validate on.
    out : Path
        A safetensors file. The state of a training under way is kept beside it.
    backbones : Backbones
        The encoders that give the features.
    schedule, unusable
        See `train_network`.
    progress : Progress
        Told of the stage ``"distil"``, epoch by epoch.

    Raises
    ------
    InputError
        When the file is there and holds something else, or training fails.
    """
    device = backbones.device
    about = f"{backbones.name} {stamp(train.parts, validation.parts)}"
    origin = f"{schedule.model_dump_json()} {about}"
    if out.exists():
        network = load_network(kind, out, device)
        if read_origin(out) != origin:
            raise InputError(
                out,
                "was not trained with these parts, weights and options; name another folder",
            )
        return network
    checkpoint = out.with_suffix(TRAINING)
    progress("distil", 0, schedule.epochs)
    network = train_network(
        kind,
        ("rgb", "cloud") if kind.both_ways else (source,),
        train,
        validation if len(validation) else None,
        schedule=schedule,
        device=device,
        checkpoint=checkpoint,
        about=about,
        epoch_done=lambda done: progress("distil", done, schedule.epochs),
        unusable=unusable,
    )
    save_network(network, out, origin)
    checkpoint.unlink(missing_ok=True)
    return network


def distil_classes(
    name: str,
    source: str,
    folders: Sequence[Path],
    out: Path,
    backbones: Backbones,
    cache: ArrayCache,
    *,
    schedule: Schedule,
    progress: Progress,
    skipped: Skipped,
) -> Path:
    """Train a distiller on the normal parts of several classes together.

    Parameters
    ----------
    name : str
        Of the network.
    source : str
        The modality it reads, ``"rgb"`` or ``"cloud"``.
    folders : sequence of Path
        A data set for each class.
    out : Path
        Folder for the distiller, under the name that `benchmark` looks for.
    backbones, cache
        Give the features.
    schedule : Schedule
        How long.
    progress : Progress
        Told of the stages ``"encode"`` and ``"distil"``.
    skipped : callable
        Told of parts that cannot be used.

    Returns
    -------
    Path
        The file; training is done already when it is there and of the same.

    Raises
    ------
    InputError
        When the network or the modality is not known, there is no part to learn from, or the
        distiller that is there is of something else.
    """
    if name not in networks():
        raise InputError(f"distiller {name}", f"is not known; there are {', '.join(networks())}")
    if source not in MODALITIES:
        raise InputError(f"source {source}", f"is not possible; it is {' or '.join(MODALITIES)}")
    # Not after hours of training.
    require_folder(out)
    classes = [
        ClassParts.open(folder, None, skipped, _LEARNED).readable(
            backbones, cache, progress, skipped
        )
        for folder in folders
    ]
    train, validation = (
        CachedParts([part for one in classes for part in getattr(one, split)], backbones, cache)
        for split in _LEARNED
    )
    if not len(train):
        raise InputError(folders[0], "has no training part that can be read")
    kind = networks()[name]
    path = out / f"{distiller_file(kind, source)}.safetensors"
    distil(
        kind,
        source,
        train,
        validation,
        path,
        backbones,
        schedule=schedule,
        progress=progress,
        unusable=skipped,
    )
    return path
