"""Where a retrained model comes from."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from cmdiad_core import __version__
from cmdiad_core.inspection import Verdict
from cmdiad_core.sample import PartFiles, Sample


class Depth(StrEnum):
    """How much is learned anew."""

    TEACH = "teach"
    REFINE = "refine"
    REBUILD = "rebuild"


class Use(StrEnum):
    """What a part was used for."""

    TRAIN = "train"
    CALIBRATE = "calibrate"
    GOOD = "confirmed good"
    DEFECTIVE = "confirmed defective"


class SnapshotPart(BaseModel):
    """One part of the data a model was made from.

    Parameters
    ----------
    id : str
        Its name.
    content : str
        Content hash, as in the store; empty where its files were gone.
    use : Use
        What for.
    defect_type : str
        Of a defective part, where known.
    files : dict of str to Path
        Where a confirmed part lies, by modality. Those of the other parts are in `model.json`.
    camera : Path or None
        Its camera parameters.
    registered : bool
        Whether pixels of its modalities correspond.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    content: str
    use: Use
    defect_type: str = ""
    files: dict[str, Path] = {}
    camera: Path | None = None
    registered: bool = True


class Change(BaseModel):
    """A confirmed part before and after.

    Parameters
    ----------
    part : str
        Its name.
    defective : bool
        What was confirmed.
    before, after : Verdict
        Of the model that was retrained and of this one, each at its own limits.
    score_before, score_after : float
        Anomaly scores.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: str
    defective: bool
    before: Verdict
    after: Verdict
    score_before: float
    score_after: float

    @property
    def is_new_escape(self) -> bool:
        """Whether a defect is accepted that was not before."""
        return self.defective and self.after is Verdict.ACCEPT is not self.before

    @property
    def is_still_refused(self) -> bool:
        """Whether a good part is not accepted even now."""
        return not self.defective and self.after is not Verdict.ACCEPT


class Lineage(BaseModel):
    """What a model was retrained from, when and with which data.

    Parameters
    ----------
    parent : str
        Id of the model that was retrained.
    depth : Depth
        How much was learned anew.
    snapshot : tuple of SnapshotPart
        Every part that it rests on.
    confirmed : tuple of Change
        What it says of the confirmed parts it was retrained with.
    made_at : datetime
        In UTC.
    software : str
        Version of cmdiad.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    parent: str
    depth: Depth
    snapshot: tuple[SnapshotPart, ...]
    confirmed: tuple[Change, ...] = ()
    made_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    software: str = __version__


def file_record(sample: Sample) -> PartFiles:
    """Return where a training part lies, whatever folder the model is used from later."""
    files = {name: path.absolute() for name, path in sample.files.items()}
    camera = None if sample.camera is None else sample.camera.absolute()
    return PartFiles(sample.id, files, camera=camera, registered=sample.registered)
