"""What the study found, as `asymmetry.json` holds it."""

import json
from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

#: Raised whenever a field changes its meaning or goes.
SCHEMA = 1

#: Percentiles that stand for a distribution of distances.
PERCENTILES = (5, 25, 50, 75, 95)


class View(StrEnum):
    """What is looked at of a part."""

    MODEL = "model"  #: as the model does: its own mask where good parts lie on a background
    EVERYTHING = "everything"  #: no mask
    OWN = "own"  #: every modality by the foreground mask found in itself
    CLOUD = "cloud"  #: every modality by the mask found in the cloud, as in the paper


class Result(BaseModel):
    """Plain values."""

    model_config = ConfigDict(frozen=True)


class Separation(Result):
    """How well defects are told from what is good.

    Parameters
    ----------
    image_auroc : float
        Of the highest value of each part, on its pixels as in an inspection.
    patch_auroc : float or None
        Of all patches, those on a defect being the defective ones; None where no part has a mask.
    """

    image_auroc: float
    patch_auroc: float | None


class Comparison(Result):
    """One direction of prediction against doing without and against measuring both.

    Parameters
    ----------
    single : Separation
        The measured modality alone.
    prediction : Separation
        The predicted modality alone.
    together : Separation
        Both, at the model's weight.
    complete : Separation
        The other modality measured as well.
    """

    single: Separation
    prediction: Separation
    together: Separation
    complete: Separation

    def gain(self, measure: str) -> float | None:
        """Return by how much the prediction raises ``image_auroc`` or ``patch_auroc``."""
        return difference(getattr(self.together, measure), getattr(self.single, measure))

    def room(self, measure: str) -> float | None:
        """Return by how much measuring the other modality would raise it."""
        return difference(getattr(self.complete, measure), getattr(self.single, measure))


class TypeComparison(Result):
    """The comparison on all good parts and the defective parts of one type."""

    n_defective: int
    comparison: Comparison


class PredictionError(Result):
    """Prediction error on good parts.

    Parameters
    ----------
    region : str
        ``"everywhere"``, ``"foreground"`` and ``"background"`` by the mask of the measured
        modality, ``"cloud foreground"`` and ``"cloud background"`` by that of the cloud.
    patches : int
        Patches measured in both modalities.
    error, error_of_mean : float or None
        Root mean square length of what is missed by the prediction, and by a predictor that
        always says the mean of the region; in the feature space, where good patches have the
        length 1. None without patches.
    explained : float or None
        Share of the variation in the region that the prediction explains, at most 1.
    """

    region: str
    patches: int
    error: float | None
    error_of_mean: float | None
    explained: float | None


class WeightEffect(Result):
    """A prediction with this weight beside a measurement of weight 1.

    Parameters
    ----------
    weight : float
        Of a prediction that is certain.
    calibrated : Separation
        Deviations from what is normal at each place are fused, as the model does, with less
        weight where a prediction is less sure.
    raw : Separation
        Distances are fused as they are, with the same weight everywhere.
    """

    weight: float
    calibrated: Separation
    raw: Separation


class Bank(Result):
    """Distances of test parts to one bank, where the model looks.

    Parameters
    ----------
    modality : str
        Whose features it holds.
    predicted_from : str or None
        The modality they were predicted from; None in a bank of measured features.
    n_good, n_defective : int
        Test parts.
    percentiles : mapping of str to tuple of float
        `PERCENTILES` of the distances of all patches of ``"good"`` and ``"defective"`` parts and
        of patches on a ``"defect"``, as far as there are any.
    separation : Separation
        By the distances as they are.
    """

    modality: str
    predicted_from: str | None
    n_good: int
    n_defective: int
    percentiles: Mapping[str, tuple[float, ...]]
    separation: Separation


class Direction(Result):
    """One modality predicted from another, on the test parts that have both.

    Parameters
    ----------
    source, target : str
        What is measured and what is predicted.
    n_good, n_defective : int
        Test parts.
    weight : float
        The model's, of a prediction that is certain, beside a measurement of weight 1.
    comparisons : mapping of View to Comparison
        By what is looked at.
    errors : tuple of PredictionError
        By region.
    explained : float or None
        The share explained where the model looks.
    weights : tuple of WeightEffect
        Where the model looks.
    defect_types : mapping of str to TypeComparison
        Where the model looks.
    """

    source: str
    target: str
    n_good: int
    n_defective: int
    weight: float
    comparisons: Mapping[View, Comparison]
    errors: tuple[PredictionError, ...]
    explained: float | None
    weights: tuple[WeightEffect, ...]
    defect_types: Mapping[str, TypeComparison]

    @property
    def comparison(self) -> Comparison:
        """What holds where the model looks."""
        return self.comparisons[View.MODEL]


class Asymmetry(Result):
    """By how much prediction helps more in one direction than in the other.

    Parameters
    ----------
    better, other : (str, str)
        From and to of the direction with the larger gain in image AUROC, and of the other.
    image_auroc : float
        Gain of the better less gain of the other.
    interval : (float, float) or None
        Where `image_auroc` lies with 95 % confidence, by resampling good and defective parts;
        None with fewer than two of either.
    patch_auroc : float or None
        The same difference in patch AUROC.
    """

    better: tuple[str, str]
    other: tuple[str, str]
    image_auroc: float
    interval: tuple[float, float] | None
    patch_auroc: float | None


class Masks(Result):
    """The foreground masks of one modality on good test parts.

    Parameters
    ----------
    covered : float
        Mean share of the picture.
    agreed : bool
        Whether good parts agree that they lie on a background.
    used : bool
        Whether the model looks at the foreground only.
    """

    covered: float
    agreed: bool
    used: bool


class Study(Result):
    """The whole study; `missing` says in a sentence each what the data did not allow."""

    schema_: int = Field(default=SCHEMA, serialization_alias="schema")
    model: str
    data: str
    device: str
    n_good: int
    n_defective: int
    masks: Mapping[str, Masks]
    banks: tuple[Bank, ...]
    directions: tuple[Direction, ...]
    asymmetries: tuple[Asymmetry, ...]
    missing: tuple[str, ...]
    findings: tuple[str, ...]

    def to_json(self) -> str:
        """Return the study as JSON text."""
        content = self.model_dump(mode="json", by_alias=True)
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)


def difference(high: float | None, low: float | None) -> float | None:
    """Return ``high - low``, None where one of them is not known."""
    return None if high is None or low is None else high - low
