"""Training of the paper's networks on the maps of whole parts."""

import hashlib
import io
import math
import pickle
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Protocol

import torch
from pydantic import BaseModel, ConfigDict, Field, PositiveInt
from torch import Tensor

from cmdiad_core.distillation.networks import Level, Network, distance, other
from cmdiad_core.encoders import fast_type
from cmdiad_core.errors import InputError
from cmdiad_core.writing import write_file


class Parts(Protocol):
    """Normal parts of one class or of many, read as they are needed."""

    def __len__(self) -> int:
        """Return how many parts there are."""

    def read(self, index: int, modality: str, level: Level) -> Tensor:
        """Return features (768, 56, 56) or input (3, 224, 224) of one part, float32."""


class Schedule(BaseModel):
    """How long and in which portions a network is trained; the paper's by default.

    Parameters
    ----------
    epochs, warm_up : int
        Rounds over all parts, and of them those in which the rate grows linearly.
    batch : int
        Parts per update.
    portion : int
        Parts computed at a time: gradients of a batch add up over portions, which bounds memory.
        Batch norms (of `ItoF`) see a portion at a time.
    patience : int
        Epochs without a better loss on the validation parts after which training ends.
    seed : int
        Of the first weights and of the order of the parts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: PositiveInt = 100
    warm_up: PositiveInt = 10
    batch: PositiveInt = 32
    portion: PositiveInt = 4
    patience: PositiveInt = 20
    seed: int = Field(default=0, ge=0)


def train_network(
    kind: type[Network],
    sources: Sequence[str],
    train: Parts,
    validation: Parts | None,
    *,
    schedule: Schedule,
    device: str,
    checkpoint: Path,
    about: str,
    epoch_done: Callable[[int], None],
    unusable: Callable[[InputError], None],
) -> Network:
    """Train a network on normal parts, and go on where an interrupted training ended.

    The loss is the L2 norm at every place, summed over the map and averaged over the batch;
    Adam, a linear warm-up, then a constant rate (CMDIAD, section 4). What runs in lower
    precision is what torch's autocast chooses, in the type that is fast on the device.

    Parameters
    ----------
    kind : type of Network
        Which one.
    sources : sequence of str
        Modalities it reads: both where it holds both directions.
    train, validation : Parts
        Normal parts; with validation parts the weights that are best on them are returned and
        training may end early, without them the last.
    schedule : Schedule
        How long.
    device : str
        Torch device.
    checkpoint : Path
        Where the state is kept after every epoch. Removed by the caller when the network is safe.
    about : str
        Names parts and encoders; a checkpoint of others or of another schedule is not continued.
    epoch_done : callable
        Called with the number of epochs done; what it raises ends the training.
    unusable : callable
        Told once when the state cannot be kept.

    Returns
    -------
    Network
        In evaluation mode.

    Raises
    ------
    InputError
        When the loss is no number: the features hold NaN, or the rate is too high for them.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(schedule.seed)
        network = kind().to(device)
    trained = [weights for weights in network.parameters() if weights.requires_grad]
    optimiser = torch.optim.Adam(trained)
    precision = _precision(device)
    scaler = torch.amp.GradScaler(device, enabled=precision is torch.float16)
    state: dict[str, Any] = {
        "about": f"{kind.name} {' '.join(sources)} {schedule.model_dump_json()} {about}",
        "epoch": 0,
        "best_loss": math.inf,
        "best_epoch": 0,
        "best": {},
    }
    if found := _read(checkpoint, state["about"]):
        network.load_state_dict(found.pop("network"))
        optimiser.load_state_dict(found.pop("optimiser"))
        scaler.load_state_dict(found.pop("scaler"))
        state = found

    def backward(batch: list[int]) -> float:
        total = 0.0
        for source in sources:
            for part in range(0, len(batch), schedule.portion):
                loss = losses(train, batch[part : part + schedule.portion], source) / len(batch)
                torch.autograd.backward(scaler.scale(loss))
                total += loss.item()
        return total

    def losses(parts: Parts, indices: Sequence[int], source: str) -> Tensor:
        given = _stacked(parts, indices, source, kind.reads, device)
        truth = _stacked(parts, indices, other(source), kind.predicts, device)
        with torch.autocast(torch.device(device).type, precision, precision is not torch.float32):
            predicted = network(given, source)
        return distance(predicted.float(), truth).sum()

    steps = math.ceil(len(train) / schedule.batch)
    writable = True
    while state["epoch"] < schedule.epochs and not _settled(state, schedule, validation):
        # The order depends on the epoch alone, so that a continued training sees the same.
        generator = torch.Generator().manual_seed(schedule.seed * 100_003 + state["epoch"])
        order = torch.randperm(len(train), generator=generator).tolist()
        network.train()
        loss = 0.0
        for step in range(steps):
            warm = (state["epoch"] * steps + step + 1) / (schedule.warm_up * steps)
            optimiser.param_groups[0]["lr"] = kind.rates[sources[0]] * min(warm, 1.0)
            batch = order[step * schedule.batch : (step + 1) * schedule.batch]
            loss += backward(batch)
            scaler.step(optimiser)
            scaler.update()
            optimiser.zero_grad()
        network.eval()
        if validation is not None:
            with torch.inference_mode():
                loss = sum(
                    losses(validation, [index], source).item()
                    for source in sources
                    for index in range(len(validation))
                )
        if not math.isfinite(loss):
            raise InputError(f"distiller {kind.name}", "cannot be trained: its loss is no number")
        state["epoch"] += 1
        if validation is not None and loss < state["best_loss"]:
            best = deepcopy(network.state_dict())
            state |= {"best_loss": loss, "best_epoch": state["epoch"], "best": best}
        if writable:
            now = {
                "network": network.state_dict(),
                "optimiser": optimiser.state_dict(),
                "scaler": scaler.state_dict(),
            }
            try:
                _write(checkpoint, state | now)
            except InputError as error:
                writable = False
                unusable(error)
        epoch_done(state["epoch"])
    if state["best"]:
        network.load_state_dict(state["best"])
    return network.eval()


def _settled(state: dict[str, Any], schedule: Schedule, validation: Parts | None) -> bool:
    waited: int = state["epoch"] - state["best_epoch"]
    return validation is not None and waited >= schedule.patience


def _stacked(
    parts: Parts, indices: Sequence[int], modality: str, level: Level, device: str
) -> Tensor:
    return torch.stack([parts.read(index, modality, level) for index in indices]).to(device)


def _precision(device: str) -> torch.dtype:
    """Return the type in which networks are trained; half precision needs its loss scaled."""
    best = fast_type(device)
    on_gpu = torch.device(device).type == "cuda"
    return torch.float16 if on_gpu and best is torch.float32 else best


def _write(path: Path, state: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    content = buffer.getvalue()
    write_file(path, hashlib.sha256(content).digest() + content)


def _read(path: Path, about: str) -> dict[str, Any] | None:
    """Return the state of an interrupted training, None where there is no whole one of the same."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    size = hashlib.sha256().digest_size
    digest, content = stored[:size], stored[size:]
    # torch reads what is damaged with other weights, or meets it with whatever its pieces raise.
    if hashlib.sha256(content).digest() != digest:
        return None
    try:
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        return None
    return state if isinstance(state, dict) and state.get("about") == about else None
