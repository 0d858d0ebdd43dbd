"""What a detector is built with."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt


class Recipe(BaseModel):
    """Everything that, with the same parts, gives the same detector.

    Parameters
    ----------
    encoders : mapping of str to str
        Encoder name by modality.
    registered : bool
        Whether pixels of the modalities of a part correspond. If not, no modality is predicted
        from another, and they are fused only as to the part.
    seed : int
        Of every random choice.
    components : int
        Most components of a feature space.
    bank_size, bank_candidates : int
        Patches in a memory bank, and patches its coreset chooses from.
    hidden, steps, batch, rate
        Width, updates, patches per update and learning rate of a distiller.
    folds : int
        Parts in which training parts are held out in turn when no validation parts are given.
    false_reject_rate : float
        Share of good parts that the rejection limit may hit.
    review_rate : float
        Share of good parts at or above the acceptance limit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoders: Mapping[str, str]
    registered: bool = True
    seed: int = Field(default=0, ge=0)
    components: PositiveInt = 32
    bank_size: PositiveInt = 6000
    bank_candidates: PositiveInt = 40000
    hidden: PositiveInt = 128
    steps: PositiveInt = 300
    batch: PositiveInt = 1024
    rate: PositiveFloat = 2e-3
    folds: int = Field(default=5, ge=2)
    false_reject_rate: float = Field(default=0.05, gt=0, lt=1)
    review_rate: float = Field(default=0.15, gt=0, lt=1)
