"""What lies behind one modality of an inspection: its features among those of normal parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.detector.pattern import bank
from cmdiad_core.detector.sources import Sources
from cmdiad_core.inspection import ModalityResult
from cmdiad_core.memory_bank import MemoryBank
from cmdiad_core.sample import PartFiles

Map = NDArray[np.float32]


@dataclass(frozen=True)
class Neighbour:
    """A normal patch that looks like one of the part's.

    Parameters
    ----------
    distance : float
        Between the two in feature space; 1 is as far as normal patches typically lie from their
        mean.
    part : PartFiles
        The training part it comes from, and where that lay.
    row, column : int
        Its place on the patch grid of that part.
    predicted_from : str
        The modality its features were predicted from; empty when they were measured.
    """

    distance: float
    part: PartFiles
    row: int
    column: int
    predicted_from: str = ""


class FeatureStudy:
    """Measured and predicted features of one modality of a part, and what is like them.

    Parameters
    ----------
    sources : Sources
        Banks and distillers of the model.
    training_parts : sequence of PartFiles
        What the origins of the banks count.
    results : mapping of str to ModalityResult
        `Inspection.modalities` of the part.
    modality : str
        The modality to be studied.
    normal_quantiles : array (n,) or None
        Of the distances of normal patches outside the bank, from the smallest to the largest in
        equal steps; None where no good part told.

    Attributes
    ----------
    measured, predicted : array (h, w, channels) or None
        Features of the part; several predictions are averaged.
    measured_distance, predicted_distance : array (h, w) or None
        To the bank of measured features, and of predicted features to the bank of such
        predictions on normal parts, averaged over the predictions.
    """

    def __init__(
        self,
        sources: Sources,
        training_parts: Sequence[PartFiles],
        results: Mapping[str, ModalityResult],
        modality: str,
        normal_quantiles: Map | None,
    ) -> None:
        result = results[modality]
        self.modality, self.normal_quantiles = modality, normal_quantiles
        self.measured, self.predicted = result.measured_features, result.predicted_features
        self.confidence = result.confidence
        self.measured_distance = result.bank_distance
        self._banks, self._training_parts = sources.banks, training_parts
        self._predictions = {
            source: distiller(given)[0]
            for (source, target), distiller in sources.distillers.items()
            if target == modality and (given := results[source].measured_features) is not None
        }
        distances = [
            self._banks[bank(source, modality)].distance(features)
            for source, features in self._predictions.items()
        ]
        self.predicted_distance: Map | None = np.mean(distances, axis=0) if distances else None

    @property
    def bank_entries(self) -> Map:
        """Measured features (n, channels) of normal patches."""
        return self._banks[self.modality].entries

    def signed_distance(self) -> Map | None:
        """Return measured minus predicted distance (h, w); None unless there are both.

        Positive where the measurement is stranger than the other modalities let expect.
        """
        if self.measured_distance is None or self.predicted_distance is None:
            return None
        return self.measured_distance - self.predicted_distance

    def measured_neighbours(self, row: int, column: int, count: int) -> list[Neighbour]:
        """Return the normal patches nearest to what was measured at a patch, nearest first."""
        if self.measured is None:
            return []
        return self._nearest(self._banks[self.modality], self.measured[row, column], count, "")

    def predicted_neighbours(self, row: int, column: int, count: int) -> list[Neighbour]:
        """Return the normal patches whose predictions are nearest to those of a patch."""
        found = [
            neighbour
            for source, features in self._predictions.items()
            for neighbour in self._nearest(
                self._banks[bank(source, self.modality)], features[row, column], count, source
            )
        ]
        return sorted(found, key=lambda neighbour: neighbour.distance)[:count]

    def _nearest(
        self, entries: MemoryBank, patch: Map, count: int, predicted_from: str
    ) -> list[Neighbour]:
        if not np.isfinite(patch).all():
            return []
        distances, numbers = entries.nearest(patch, count)
        return [
            Neighbour(
                float(distance), self._training_parts[part], int(row), int(column), predicted_from
            )
            for distance, (part, row, column) in zip(
                distances, entries.origins[numbers], strict=True
            )
        ]
