"""Everything the features tab shows of one modality of a part, before a place is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.colour_scale import DIVERGING, Colours, ColourScale
from app.panels.features.basis import PrincipalBasis
from app.panels.features.histogram import Histogram
from app.panels.features.scatter import Scatter
from cmdiad_core.inspection import Inspection, Map

if TYPE_CHECKING:
    from cmdiad_core.detector import Detector
    from cmdiad_core.detector.feature_study import FeatureStudy

#: Scales of distances end at this multiple of the distance that 1 % of normal patches exceed.
_REACH = 2.0


@dataclass(frozen=True)
class Portrait:
    """Maps, distances and points of one modality; None where there is nothing to show.

    Parameters
    ----------
    study : FeatureStudy
        What it was made from.
    grid : tuple of int
        Patches, height and width.
    measured, predicted : array (h, w, 3) or None
        Features as colours in the basis of the model.
    distance : array (h, w)
        To the bank: of measured features, where there are none of predicted ones.
    signed : array (h, w) or None
        Measured minus predicted distance.
    scale : ColourScale
        Of `signed`.
    histogram : Histogram
        Of `distance`.
    scatter : Scatter
        Features as points.
    """

    study: FeatureStudy
    grid: tuple[int, int]
    measured: Colours | None
    predicted: Colours | None
    distance: Map
    signed: Map | None
    scale: ColourScale
    histogram: Histogram
    scatter: Scatter


class Laboratory:
    """Makes portraits with one model; used on the worker's thread only.

    Parameters
    ----------
    detector : Detector
        The model.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._bases: dict[str, PrincipalBasis] = {}

    def portrait(self, inspection: Inspection, name: str) -> Portrait:
        """Return the portrait of a modality that was measured or predicted."""
        study = self._detector.study(inspection, name)
        shown = study.measured if study.measured is not None else study.predicted
        if shown is None:
            raise ValueError(f"{name} is absent")
        basis = self._basis(name, study)
        own = study.measured_distance is not None
        distance = study.measured_distance if own else study.predicted_distance
        if distance is None:
            distance = np.full(shown.shape[:2], np.nan, np.float32)
        normal = study.normal_quantiles
        reach = (
            _REACH * float(np.interp(0.99, np.linspace(0, 1, len(normal)), normal))
            if normal is not None
            else 1.0
        )
        return Portrait(
            study=study,
            grid=(shown.shape[0], shown.shape[1]),
            measured=None if study.measured is None else basis.colours(study.measured),
            predicted=None if study.predicted is None else basis.colours(study.predicted),
            distance=distance,
            signed=study.signed_distance(),
            scale=ColourScale(-reach, reach, name=DIVERGING),
            histogram=Histogram.of(distance, reach, normal if own else None),
            scatter=Scatter.of(study, lambda features: basis.components(features)[..., :2]),
        )

    def _basis(self, name: str, study: FeatureStudy) -> PrincipalBasis:
        if name not in self._bases:
            self._bases[name] = PrincipalBasis.fit(study.bank_entries)
        return self._bases[name]
