"""Train one of the paper's distillers, or go on with its training."""

from collections.abc import Callable
from pathlib import Path

from cmdiad_core.distillation.checkpoints import load_network, save_network
from cmdiad_core.distillation.map_training import Parts, Schedule, train_network
from cmdiad_core.distillation.networks import Network
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress


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
    checkpoint = out.with_suffix(".training")
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
