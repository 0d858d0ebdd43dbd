"""Train one of the paper's distillers, or go on with its training."""

from collections.abc import Callable, Sequence
from pathlib import Path

from cmdiad_core.array_cache import ArrayCache
from cmdiad_core.distillation.checkpoints import load_network, save_network
from cmdiad_core.distillation.map_training import Parts, Schedule, train_network
from cmdiad_core.distillation.networks import Network, networks
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress
from cmdiad_core.reference import Backbones, CachedParts
from cmdiad_core.workflows.class_parts import MODALITIES, ClassParts
from cmdiad_core.workflows.reading import Skipped

#: Suffix of the state of a training under way.
TRAINING = ".training"


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
    train: Parts,
    validation: Parts | None,
    out: Path,
    *,
    about: str,
    schedule: Schedule,
    device: str,
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
    train, validation : Parts
        Normal parts of one class or of many; None where there are none to validate on.
    out : Path
        A safetensors file. The state of a training under way is kept beside it.
    about, schedule, device, unusable
        See `train_network`.
    progress : Progress
        Told of the stage ``"distil"``, epoch by epoch.
    """
    if out.exists():
        return load_network(kind, out, device)
    checkpoint = out.with_suffix(TRAINING)
    progress("distil", 0, schedule.epochs)
    network = train_network(
        kind,
        ("rgb", "cloud") if kind.both_ways else (source,),
        train,
        validation,
        schedule=schedule,
        device=device,
        checkpoint=checkpoint,
        about=about,
        epoch_done=lambda done: progress("distil", done, schedule.epochs),
        unusable=unusable,
    )
    save_network(network, out)
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
        The file; training is done already when it is there.

    Raises
    ------
    InputError
        When the network or the modality is not known, or there is no part to learn from.
    """
    if name not in networks():
        raise InputError(f"distiller {name}", f"is not known; there are {', '.join(networks())}")
    if source not in MODALITIES:
        raise InputError(f"source {source}", f"is not possible; it is {' or '.join(MODALITIES)}")
    classes = [
        ClassParts.open(folder, None, skipped).readable(backbones, cache, progress, skipped)
        for folder in folders
    ]
    train, validation = (
        CachedParts([part for one in classes for part in getattr(one, split)], backbones, cache)
        for split in ("train", "validation")
    )
    if not len(train):
        raise InputError(folders[0], "has no training part that can be read")
    kind = networks()[name]
    path = out / f"{distiller_file(kind, source)}.safetensors"
    distil(
        kind,
        source,
        train,
        validation if len(validation) else None,
        path,
        about=" ".join(str(part.files["rgb"].resolve()) for part in train.parts),
        schedule=schedule,
        device=backbones.device,
        progress=progress,
        unusable=skipped,
    )
    return path
