"""Model folders: `model.safetensors` and `model.json`, nothing pickled."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, FiniteFloat, ValidationError, model_validator
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from cmdiad_core import __version__
from cmdiad_core.detector.calibration import Calibration, HeldOut
from cmdiad_core.detector.detector import Detector
from cmdiad_core.detector.held_out_file import held_out_bytes, read_held_out
from cmdiad_core.detector.lineage import Lineage
from cmdiad_core.detector.pattern import Pattern
from cmdiad_core.detector.recipe import Recipe
from cmdiad_core.detector.sources import Sources
from cmdiad_core.distillation import FeatureToFeature
from cmdiad_core.encoders import Encoder, Pretrained, encoder
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.memory_bank import FeatureSpace, MemoryBank
from cmdiad_core.models import ARRAYS, CARD, HELD_OUT, require_outside_models
from cmdiad_core.sample import PartFiles
from cmdiad_core.scoring import MapCalibration, ScoreCalibration, Surroundings
from cmdiad_core.writing import settle_names, write_settled

SCHEMA = 8
#: What is kept of `Surroundings`.
_AROUND = ("centre", "spread", "slopes")


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid")
    accept_below: FiniteFloat
    reject_from: FiniteFloat

    @model_validator(mode="after")
    def _ordered(self) -> "_Limits":
        if self.accept_below > self.reject_from:
            raise ValueError("parts would be accepted and rejected at once")
        return self


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    files: dict[str, Path]
    camera: Path | None = None
    registered: bool = True

    @classmethod
    def of(cls, part: PartFiles) -> "_Part":
        return cls(
            id=part.id, files=dict(part.files), camera=part.camera, registered=part.registered
        )

    def record(self) -> PartFiles:
        return PartFiles(self.id, self.files, camera=self.camera, registered=self.registered)


class Card(BaseModel):
    """`model.json`."""

    model_config = ConfigDict(extra="forbid")
    schema_version: int
    software: str
    id: str
    recipe: Recipe
    operating_point: _Limits
    before_background: tuple[str, ...] = ()
    weights: dict[str, float]
    #: SHA-256 of the weights of pretrained encoders, by modality.
    encoder_weights: dict[str, str] = {}
    #: What the first column of `origin/BANK` counts.
    training_parts: list[_Part] = []
    calibration_parts: list[_Part] = []
    #: SHA-256 of `calibration.safetensors`; empty where there is none.
    held_out: str = ""
    lineage: Lineage | None = None


def save(detector: Detector, folder: Path) -> Detector:
    """Write a model folder beside its place and move it there; an older model is replaced.

    Raises
    ------
    InputError
        When the folder cannot be written, or holds something that is not a model.
    """
    require_place(folder)
    arrays = save_arrays(_arrays(detector))
    held_out = held_out_bytes(detector.held_out) if detector.held_out else b""
    saved = replace(detector, id=hashlib.sha256(arrays).hexdigest()[:12], name=folder.name)
    card = Card(
        schema_version=SCHEMA,
        software=__version__,
        id=saved.id,
        recipe=detector.recipe,
        operating_point=_Limits(
            accept_below=detector.operating_point.accept_below,
            reject_from=detector.operating_point.reject_from,
        ),
        before_background=tuple(detector.before_background),
        weights=dict(detector.calibration.weights),
        encoder_weights=_encoder_weights(detector.encoders),
        training_parts=[_Part.of(part) for part in detector.training_parts],
        calibration_parts=[_Part.of(part) for part in detector.calibration_parts],
        held_out=hashlib.sha256(held_out).hexdigest() if held_out else "",
        lineage=detector.lineage,
    )
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
            fresh = Path(beside) / "new"
            fresh.mkdir()
            write_settled(fresh / ARRAYS, arrays)
            if held_out:
                write_settled(fresh / HELD_OUT, held_out)
            # Names of files need not be text: json escapes what UTF-8 cannot hold.
            content = json.dumps(card.model_dump(mode="json"), indent=2)
            write_settled(fresh / CARD, content.encode())
            settle_names(fresh)
            if folder.exists():
                folder.replace(Path(beside) / "old")
            fresh.replace(folder)
            settle_names(folder.parent)
    except OSError as error:
        raise InputError(folder, f"cannot be written ({error.strerror or error})") from error
    return saved


def require_place(folder: Path) -> None:
    """Raise `InputError` where no model can be written: asked before training for minutes."""
    if folder.exists() and not _replaceable(folder):
        raise InputError(folder, "exists and is not a model; choose another folder")
    require_outside_models(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-"):
            pass
    except OSError as error:
        raise InputError(folder, f"cannot be written ({error.strerror or error})") from error


def load(folder: Path, device: str) -> Detector:
    """Read a model folder.

    Raises
    ------
    InputError
        When a file is missing or damaged, or written by a newer version.
    """
    card = read_card(folder)
    try:
        content = (folder / ARRAYS).read_bytes()
    except FileNotFoundError as error:
        raise InputError(folder, f"is no complete model: {ARRAYS} is missing") from error
    except OSError as error:
        raise InputError(folder / ARRAYS, f"cannot be read ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest()[:12] != card.id:
        raise InputError(folder / ARRAYS, f"is damaged or not the file {CARD} belongs to")
    try:
        arrays: dict[str, NDArray[Any]] = load_arrays(content)
        detector = _detector(card, arrays, folder.name, device)
    except (SafetensorError, KeyError, RuntimeError, ValueError) as error:
        raise InputError(folder / ARRAYS, "does not hold what the model needs") from error
    if set(detector.encoders) != set(detector.sources.spaces):
        raise InputError(folder / CARD, "is damaged: recipe.encoders is not valid")
    if not set(detector.calibration.maps) <= set(card.weights):
        raise InputError(folder / CARD, "is damaged: weights is not valid")
    for name, digest in _encoder_weights(detector.encoders).items():
        if card.encoder_weights.get(name) != digest:
            raise InputError(
                folder,
                f"was trained with other weights of {card.recipe.encoders[name]} for {name} than "
                "those here; import the ones it was trained with or train it again",
            )
    return detector


def load_held_out(folder: Path) -> tuple[HeldOut, ...]:
    """Read what the calibration of a model rests on.

    Raises
    ------
    InputError
        When the model does not have it, or it is damaged.
    """
    digest = read_card(folder).held_out
    path = folder / HELD_OUT
    if not digest:
        raise InputError(
            folder, "does not keep what calibrated it, so that only the depth rebuild works"
        )
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(path, "is gone; without it only the depth rebuild works") from error
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise InputError(path, f"is damaged or not the file {CARD} belongs to")
    try:
        return read_held_out(content)
    except (SafetensorError, KeyError, ValueError) as error:
        raise InputError(path, "does not hold what calibration needs") from error


def _encoder_weights(encoders: Mapping[str, Encoder]) -> dict[str, str]:
    return {n: one.weights_sha256 for n, one in encoders.items() if isinstance(one, Pretrained)}


def _replaceable(folder: Path) -> bool:
    # Replacing deletes what is there: nothing but a model, whole or in part, may be.
    return folder.is_dir() and {path.name for path in folder.iterdir()} <= {
        ARRAYS,
        HELD_OUT,
        CARD,
    }


def read_card(folder: Path) -> Card:
    """Return what a model says of itself; its arrays are not read.

    Raises
    ------
    InputError
        When there is no model, or `model.json` is damaged or written by a newer version.
    """
    if not folder.is_dir():
        raise InputError(folder, "is not a model folder")
    path = folder / CARD
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InputError(folder, f"is no complete model: {CARD} is missing") from error
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise InputError(path, "is damaged: it is not JSON") from error
    version = content.get("schema_version") if isinstance(content, dict) else None
    if isinstance(version, int) and version > SCHEMA:
        raise InputError(
            path, f"was written by a newer version (schema {version}, this one reads {SCHEMA})"
        )
    if isinstance(version, int) and version < SCHEMA:
        raise InputError(path, "was written by an older version; train the model again")
    try:
        return Card.model_validate(content)
    except ValidationError as error:
        place = ".".join(str(step) for step in error.errors()[0]["loc"]) or "its content"
        raise InputError(path, f"is damaged: {place} is not valid") from error


def _arrays(detector: Detector) -> dict[str, NDArray[Any]]:
    sources, calibration = detector.sources, detector.calibration
    arrays: dict[str, NDArray[Any]] = {}
    for name, space in sources.spaces.items():
        arrays[f"space/{name}/mean"] = space.mean
        arrays[f"space/{name}/projection"] = space.projection
    for name, bank in sources.banks.items():
        arrays[f"bank/{name}"] = bank.entries
        arrays[f"origin/{name}"] = bank.origins
        arrays[f"plane/{name}"] = bank.planes
        arrays[f"radius/{name}"] = np.array([bank.radius])
    for pair, distiller in sources.distillers.items():
        for key, value in distiller.arrays.items():
            arrays[f"distiller/{'>'.join(pair)}/{key}"] = value
    for name, fields in calibration.maps.items():
        arrays[f"normal/{name}/location"] = fields.location
        arrays[f"normal/{name}/scale"] = fields.scale
        arrays[f"normal/{name}/quantiles"] = fields.quantiles
    for name, around in calibration.surroundings.items():
        for key in _AROUND:
            arrays[f"around/{name}/{key}"] = getattr(around, key)
    for pattern, scores in calibration.scores.items():
        arrays[f"scores/{pattern}"] = scores.raw
    return {key: np.ascontiguousarray(value) for key, value in arrays.items()}


def _detector(card: Card, arrays: Mapping[str, NDArray[Any]], name: str, device: str) -> Detector:
    tree: dict[str, dict[str, Any]] = {}
    for key, value in arrays.items():
        room, owner, *rest = key.split("/")
        place = tree.setdefault(room, {})
        if rest:
            place.setdefault(owner, {})[rest[0]] = value
        else:
            place[owner] = value
    spaces = {
        modality: FeatureSpace(found["mean"], found["projection"])
        for modality, found in tree["space"].items()
    }
    distillers = {}
    for pair, state in tree.get("distiller", {}).items():
        source, target = pair.split(">")
        sizes = (spaces[source].projection.shape[1], spaces[target].projection.shape[1])
        distiller = FeatureToFeature.of(state)
        if distiller.channels != sizes:
            raise ValueError(f"the distiller {pair} has other sizes than its modalities")
        distillers[source, target] = distiller
    banks = {
        owner: MemoryBank(
            entries,
            _origins(tree["origin"][owner], len(entries), card),
            _planes(tree["plane"][owner], entries),
            tree["radius"][owner].item(),
        )
        for owner, entries in tree["bank"].items()
    }
    maps = {
        owner: MapCalibration(found["location"], found["scale"], found["quantiles"])
        for owner, found in tree["normal"].items()
    }
    around = {
        owner: Surroundings(**{key: found[key] for key in _AROUND})
        for owner, found in tree["around"].items()
    }
    scores = {
        Pattern.parse(owner): ScoreCalibration(raw, card.recipe.false_reject_rate)
        for owner, raw in tree["scores"].items()
    }
    return Detector(
        recipe=card.recipe,
        encoders={m: encoder(entry, m, device) for m, entry in card.recipe.encoders.items()},
        sources=Sources(spaces, banks, distillers),
        calibration=Calibration(maps, around, card.weights, scores, card.recipe.registered),
        operating_point=OperatingPoint(**card.operating_point.model_dump()),
        device=device,
        before_background=card.before_background,
        training_parts=tuple(part.record() for part in card.training_parts),
        calibration_parts=tuple(part.record() for part in card.calibration_parts),
        lineage=card.lineage,
        id=card.id,
        name=name,
    )


def _planes(planes: NDArray[Any], entries: NDArray[Any]) -> NDArray[np.float16]:
    count, width = entries.shape
    if planes.ndim != 3 or len(planes) > count or planes.shape[2] != width:
        raise ValueError(f"planes {planes.shape} do not fit {count} bank entries of {width}")
    return planes


def _origins(origins: NDArray[Any], entries: int, card: Card) -> NDArray[np.int32]:
    known = len(card.training_parts)
    if origins.shape != (entries, 3) or origins.dtype != np.int32:
        raise ValueError(f"{entries} bank entries need as many origins, got {origins.shape}")
    if (origins < 0).any() or (origins[:, 0] >= known).any():
        raise ValueError(f"a bank entry comes from none of the {known} training parts")
    return origins
