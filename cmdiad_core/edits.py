"""What people say of parts: verdicts, comments, strokes on the defect mask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cmdiad_core.inspection import Provenance, Verdict

Box = tuple[int, int, int, int]
#: Defect types that masks, and the views of them, have room for.
MAX_TYPES = 127


class PersonVerdict(StrEnum):
    """What a person decided; a person is unsure where the model is undecided."""

    ACCEPT = "accept"
    UNSURE = "unsure"
    REJECT = "reject"

    @property
    def defective(self) -> bool | None:
        """What it says of the part; None where the person is not sure."""
        return {PersonVerdict.ACCEPT: False, PersonVerdict.REJECT: True}.get(self)

    def contradicts(self, verdict: Verdict | None) -> bool:
        """Return whether one accepts and the other rejects; who is not sure contradicts nobody."""
        opposite = {PersonVerdict.ACCEPT: Verdict.REJECT, PersonVerdict.REJECT: Verdict.ACCEPT}
        return verdict is not None and opposite.get(self) is verdict


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of the store's journal.

    Parameters
    ----------
    id : int
        Grows with every entry.
    part : str
        Content hash of the part.
    person : str
        Who made it.
    made_at : datetime
        When, in UTC.
    software : str
        Version of cmdiad it was made with.
    """

    id: int
    part: str
    person: str
    made_at: datetime
    software: str


@dataclass(frozen=True, slots=True)
class Review(Edit):
    """A verdict, a comment, or both, with what the model said at that time.

    Parameters
    ----------
    verdict : PersonVerdict or None
        None where there is only a comment.
    comment : str or None
        None where there is only a verdict; empty where a comment was taken back.
    model_id : str
        The model that had inspected the part; empty where none had.
    score : float or None
        Its anomaly score.
    model_verdict : Verdict or None
        Its verdict at the limits of that time.
    provenance : mapping of str to Provenance
        What the score rested on, by modality.
    """

    verdict: PersonVerdict | None = None
    comment: str | None = None
    model_id: str = ""
    score: float | None = None
    model_verdict: Verdict | None = None
    provenance: Mapping[str, Provenance] = field(default_factory=dict)

    def corrects(self, model_id: str) -> bool:
        """Return whether a person decided what this model did not say."""
        said = self.verdict
        if self.model_id != model_id or said is None or said is PersonVerdict.UNSURE:
            return False
        return self.model_verdict is not None and self.model_verdict != said.value


@dataclass(frozen=True, slots=True)
class Stroke(Edit):
    """A change of the defect mask inside a box.

    Parameters
    ----------
    defect_type : int
        Id of the defect type it was made with.
    box : tuple of int
        Row and column of the first pixel, row and column after the last one.
    changes : bytes
        What `cmdiad_core.annotation.changes.Changes.packed` gave.
    grid : str
        The pixel grid it lies on, as in `cmdiad_core.sample.Sample.grids`.
    """

    defect_type: int
    box: Box
    changes: bytes
    grid: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What came back from a near-line station of a part; equal where it says the same.

    Parameters
    ----------
    source : str
        Which station.
    verdict : PersonVerdict or None
        Accept where the part is good, reject where it is defective, None where nothing is said.
    defect_type : str
        Name of the defect; empty where there is none.
    merged : str
        Content hash of the in-line part with the modalities of the station; that of the in-line
        part itself where the station added none.
    mask_digest : str
        SHA-256 of the mask file; empty where there is none.
    origin : str
        Folder from which it was taken in.
    files : mapping of str to str
        Files of the station by modality.
    mask : str
        The mask file; empty where there is none.
    """

    source: str
    verdict: PersonVerdict | None
    defect_type: str
    merged: str = ""
    mask_digest: str = ""
    origin: str = field(default="", compare=False)
    files: Mapping[str, str] = field(default_factory=dict, compare=False)
    mask: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class NearLineResult(Edit):
    """A finding, and who took it in.

    Parameters
    ----------
    found : Finding
        What the station says.
    stroke : int or None
        Id of the stroke that its mask became.
    batch : int or None
        Id of the first result that was taken in with it; None where that was not kept yet.
    last : int or None
        Id of the last stroke that was made with it, of itself without any; None as for `batch`.
    """

    found: Finding
    stroke: int | None = None
    batch: int | None = None
    last: int | None = None

    @property
    def defective(self) -> bool | None:
        """What it says of the part; None where nothing."""
        return None if self.found.verdict is None else self.found.verdict.defective


@dataclass(frozen=True)
class NearLineImport:
    """Results of a near-line station that were taken in together.

    Parameters
    ----------
    number : int
        Id of the first of them in the journal.
    source, origin : str
        The station, and the folder they came from.
    person : str
        Who took them in.
    made_at : datetime
        When, in UTC.
    parts : int
        Of how many parts there are results.
    withdrawn : bool
        Whether all of them were taken back.
    """

    number: int
    source: str
    origin: str
    person: str
    made_at: datetime
    parts: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """What stands of a part: the latest verdict, comment and near-line verdict not taken back."""

    verdict: Review | None = None
    comment: Review | None = None
    nearline: NearLineResult | None = None

    @property
    def in_conflict(self) -> bool:
        """Whether a near-line result contradicts a verdict and no person decided since."""
        said, found = self.verdict, self.nearline
        if said is None or said.verdict is None or found is None or said.id > found.id:
            return False
        return {said.verdict.defective, found.defective} == {True, False}

    @property
    def is_open(self) -> bool:
        """Whether a person is asked: nobody said what the part is, or a conflict stands."""
        unsaid = (self.verdict is None or self.verdict.verdict is None) and self.nearline is None
        return unsaid or self.in_conflict

    @property
    def defective(self) -> bool | None:
        """What counts as the truth of the part; None where nobody is sure or a conflict stands.

        A near-line result counts like a person's verdict; a verdict given after it decides.
        """
        said, found = self.verdict, self.nearline
        if self.in_conflict:
            return None
        if found is not None and (said is None or said.id < found.id):
            return found.defective
        return None if said is None or said.verdict is None else said.verdict.defective


@dataclass(frozen=True)
class DefectType:
    """A kind of defect.

    Parameters
    ----------
    id : int
        Its value in the mask.
    name : str
        As shown.
    colour : str
        ``"#rrggbb"``.
    digit : int or None
        Key that chooses it.
    """

    id: int
    name: str
    colour: str
    digit: int | None


class ChangedMeanwhile(Exception):  # noqa: N818  (nothing is wrong)
    """Somebody else said something of the part that the person has not seen.

    Parameters
    ----------
    opinion : Opinion
        What stands now.
    """

    def __init__(self, opinion: Opinion) -> None:
        super().__init__("another verdict or comment was given meanwhile")
        self.opinion = opinion
