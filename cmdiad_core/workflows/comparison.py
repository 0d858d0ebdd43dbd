"""What a comparison of two models finds."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from cmdiad_core.inspection import Verdict
from cmdiad_core.metrics.paired import Difference
from cmdiad_core.models import GateKind

#: Changed verdicts, of the most important ones, that have pictures.
MOST_PICTURED = 40
#: What programs that read a comparison can do without.
PICTURES = {"changed": {"__all__": {"pictures"}}}
#: Comparisons come from elsewhere too: what a page shows must lie in them.
_Picture = Annotated[
    str, StringConstraints(pattern="^data:image/jpeg;base64,[A-Za-z0-9+/]+={0,2}$")
]


class _Found(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Model(_Found):
    """One of the two models.

    Parameters
    ----------
    id, name : str
        Which.
    accept_below, reject_from : float
        Its own limits, at which it is judged.
    megabytes : float
        Of its folder.
    seconds_per_part : float
        Median of the inspections of whole parts.
    """

    id: str
    name: str
    accept_below: float
    reject_from: float
    megabytes: float
    seconds_per_part: float


class Metrics(_Found):
    """What one model does on a group of parts; None where the parts do not allow it."""

    image_auroc: float | None
    aupro_30: float | None
    escapes: int
    false_rejects: int


class Group(_Found):
    """Both models on one group of parts.

    Parameters
    ----------
    name : str
        Modalities that were used, or the type of the defects.
    n_good, n_defective : int
        Parts of the validation set.
    champion, candidate : Metrics
        Of the two.
    image_auroc, aupro_30 : Difference or None
        Candidate minus champion.
    escapes, false_rejects : Difference or None
        Candidate minus champion, as shares of the defective and of the good parts.
    """

    name: str
    n_good: int
    n_defective: int
    champion: Metrics
    candidate: Metrics
    image_auroc: Difference | None
    aupro_30: Difference | None
    escapes: Difference | None
    false_rejects: Difference | None


class ChangedVerdict(_Found):
    """A part, with all that was measured of it, on which the two models differ.

    Parameters
    ----------
    pictures : tuple of str
        The part with the map of the champion and of the candidate, each in the colours of its
        model, for a page; none where it is not one of the first.
    """

    part: str
    corrected: bool
    defective: bool
    defect_type: str
    champion: Verdict
    candidate: Verdict
    champion_score: float
    candidate_score: float
    pictures: tuple[()] | tuple[_Picture, _Picture] = Field(default=(), repr=False)

    @property
    def is_new_escape(self) -> bool:
        """Whether the candidate accepts a defect that the champion does not."""
        return self.defective and self.candidate is Verdict.ACCEPT

    @property
    def is_new_false_reject(self) -> bool:
        """Whether the candidate rejects a good part that the champion does not."""
        return not self.defective and self.candidate is Verdict.REJECT


class Gate(_Found):
    """A condition for promotion, as `cmdiad_core.models.GateResult`."""

    name: str
    passed: bool
    found: str
    kind: GateKind | None = None
    limit: float | None = None
    tested: bool = True

    @property
    def outcome(self) -> str:
        """Say in one or two words how it went."""
        if not self.tested:
            return "not tested"
        return "passed" if self.passed else "failed"


class Comparison(_Found):
    """What `cmdiad compare --json` writes.

    Parameters
    ----------
    data : str
        The validation set.
    champion, candidate : Model
        The two.
    n_validation, n_corrected, n_left_out : int
        Parts that no training saw; parts that were confirmed and retrained with; parts of the
        validation set that were left out because one of the two learned from them.
    patterns : tuple of Group
        By the modalities used.
    defect_types : tuple of Group
        All good parts and the defects of one type, with all that was measured.
    changed : tuple of ChangedVerdict
        In the validation set and among the corrected parts: new escapes first, then new false
        rejects.
    gates : tuple of Gate
        All that were asked for.
    """

    schema_version: int = 1
    data: str
    champion: Model
    candidate: Model
    n_validation: int
    n_corrected: int
    n_left_out: int
    patterns: tuple[Group, ...] = Field(min_length=1)
    defect_types: tuple[Group, ...]
    changed: tuple[ChangedVerdict, ...]
    gates: tuple[Gate, ...]

    @property
    def passed(self) -> bool:
        """Whether every gate was tested and lets the candidate pass."""
        return all(gate.passed for gate in self.gates)

    @property
    def failed(self) -> bool:
        """Whether a gate was tested and does not let the candidate pass."""
        return any(gate.tested and not gate.passed for gate in self.gates)
