"""`Inspection`: the one object that screen, record and report are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Provenance(StrEnum):
    """Where what is shown of a modality comes from."""

    MEASURED = "measured"
    PREDICTED = "predicted"
    ABSENT = "absent"


class Verdict(StrEnum):
    """What is to be done with a part."""

    ACCEPT = "accept"
    UNDECIDED = "undecided"
    REJECT = "reject"


@dataclass(frozen=True)
class OperatingPoint:
    """Two limits on the anomaly score.

    Parameters
    ----------
    accept_below, reject_from : float
        Scores below the first are accepted, from the second on rejected, between them undecided.
    """

    accept_below: float
    reject_from: float

    def judge(self, score: float) -> Verdict:
        """Return the verdict on a part with this anomaly score."""
        if score >= self.reject_from:
            return Verdict.REJECT
        return Verdict.ACCEPT if score < self.accept_below else Verdict.UNDECIDED


@dataclass(frozen=True)
class Region:
    """A connected area of the fused map above the operating point's lower limit.

    Parameters
    ----------
    score : float
        Largest value of the fused map inside.
    modality : str
        The one that saw it: the measured modality whose own map is highest there, or a predicted
        one where no measured one reaches the limit itself.
    provenance : Provenance
        Whether that modality was measured or predicted.
    area_px : int
        Pixels inside.
    box : tuple of int
        Row and column of the first pixel, row and column after the last one.
    peak : tuple of int
        Row and column of the largest value.
    area_mm2, extent_mm : float or None
        Surface area and length along the longest axis; None unless the part has a metric cloud
        there or around it: a hole counts as if the surface went on.
    position_mm : tuple of float or None
        x, y, z of the peak in the camera frame; None unless the part has a metric cloud there or
        around it.
    length_px : float or None
        Length along the longest axis in pixels; None in records that do not tell.
    depth_mm : float or None
        Signed height over the surface fitted around it, above 0 towards the camera; None unless
        the part has a metric cloud there and around it.
    """

    score: float
    modality: str
    provenance: Provenance
    area_px: int
    box: tuple[int, int, int, int]
    peak: tuple[int, int]
    area_mm2: float | None = None
    extent_mm: float | None = None
    position_mm: tuple[float, float, float] | None = None
    length_px: float | None = None
    depth_mm: float | None = None


@dataclass(frozen=True)
class ModalityResult:
    """What an inspection says of one modality.

    Parameters
    ----------
    provenance : Provenance
        ``ABSENT`` results have no map.
    map : array (H, W) or None
        Anomaly map of this source alone, on the scale of the anomaly score.
    score : float or None
        Its anomaly score alone, on the same scale.
    measured_features, predicted_features : array (h, w, channels) or None
        Features on the patch grid, for comparison. NaN where nothing was measured.
    confidence : array (h, w) or None
        Share of the variation that the prediction is expected to explain at each patch, 0 to 1.
    foreground : array (h, w) of bool or None
        The patches that were looked at, where good parts lie on a background; None where the
        whole picture was, or nothing was measured.
    bank_distance : array (h, w) or None
        How far the features of each measured patch are from the nearest in the bank; NaN where
        nothing was measured. 1 is as far as normal patches typically lie from their mean.
    """

    provenance: Provenance
    map: Map | None = None
    score: float | None = None
    measured_features: Map | None = None
    predicted_features: Map | None = None
    confidence: Map | None = None
    foreground: Mask | None = None
    bank_distance: Map | None = None

    @property
    def mean_confidence(self) -> float | None:
        """Mean confidence of the prediction over the patches that have one."""
        if self.confidence is None or not np.isfinite(self.confidence).any():
            return None
        return float(np.nanmean(self.confidence))


@dataclass(frozen=True)
class Inspection:
    """Everything the detector says of one part.

    Parameters
    ----------
    sample_id : str
        The part.
    model_id : str
        The model that looked at it.
    score : float
        Anomaly score: the largest value of `map`, where there is one. 0 is the median good part
        and 1 the rejection limit of the model, whatever modalities the part has.
    p_value : float
        Conformal: the share of good parts that score at least as high, the part itself counted.
    calibration_size : int
        Number of good parts the p-value rests on; it cannot fall below 1 / (size + 1).
    operating_point : OperatingPoint
        The limits `verdict` was given with.
    map : array (H, W) or None
        Fused anomaly map, on the pixel grid of the part and the scale of the score. None where
        the score was fused from several modalities that are not registered: then there are only
        the maps of the modalities.
    modalities : mapping of str to ModalityResult
        By name, for every modality the model knows.
    regions : tuple of Region
        Highest score first; on the grid of their modality where there is no fused map.
    score_without_predictions : float
        The score from the measured modalities alone.
    p_value_without_predictions : float
        The p-value of that score, among good parts judged from the same modalities alone.
    seconds : mapping of str to float
        Time spent by step.
    """

    sample_id: str
    model_id: str
    score: float
    p_value: float
    calibration_size: int
    operating_point: OperatingPoint
    map: Map | None
    modalities: Mapping[str, ModalityResult]
    regions: tuple[Region, ...]
    score_without_predictions: float
    p_value_without_predictions: float
    seconds: Mapping[str, float]

    @property
    def verdict(self) -> Verdict:
        """Accept, undecided or reject at the operating point."""
        return self.operating_point.judge(self.score)

    @property
    def verdict_without_predictions(self) -> Verdict:
        """The verdict from the measured modalities alone."""
        return self.operating_point.judge(self.score_without_predictions)

    @property
    def using(self) -> tuple[str, ...]:
        """Names of the measured modalities."""
        return self._with(Provenance.MEASURED)

    @property
    def predicting(self) -> tuple[str, ...]:
        """Names of the modalities whose predictions took part in the score."""
        return self._with(Provenance.PREDICTED)

    def map_over(self, name: str) -> Map | None:
        """Return the map that lies over the modality `name`: the fused one, else its own."""
        if self.map is not None or name not in self.modalities:
            return self.map
        return self.modalities[name].map

    def foreground_of(self, source: str) -> Mask | None:
        """Return the patches that a map rests on; None where that is the whole picture.

        Parameters
        ----------
        source : str
            Whose map it is: ``"fused"`` or the name of a modality. What was not measured itself
            rests on every measured modality.
        """
        names = (source,) if source in self.using else self.using
        masks = [self.modalities[name].foreground for name in names]
        found = [mask for mask in masks if mask is not None]
        return np.logical_or.reduce(found) if found and len(found) == len(masks) else None

    @property
    def before_background(self) -> tuple[str, ...]:
        """Names of the measured modalities whose background was left out."""
        return tuple(n for n, result in self.modalities.items() if result.foreground is not None)

    def judged_at(self, operating_point: OperatingPoint) -> "Inspection":
        """Return the same inspection under other limits."""
        return replace(self, operating_point=operating_point)

    def _with(self, provenance: Provenance) -> tuple[str, ...]:
        return tuple(n for n, result in self.modalities.items() if result.provenance is provenance)
