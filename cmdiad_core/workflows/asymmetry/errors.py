"""What predictions miss on good parts, by region."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.workflows.asymmetry.results import PredictionError

Features = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass
class _Sums:
    """Sums over patches, from which errors and variation follow: features fill the memory."""

    patches: int = 0
    missed: float = 0.0
    squares: float = 0.0
    total: NDArray[np.float64] | float = 0.0


@dataclass
class ErrorSum:
    """Prediction errors of one direction, part by part."""

    _regions: dict[str, _Sums] = field(default_factory=lambda: defaultdict(_Sums))

    def add(self, predicted: Features, measured: Features, own: Mask, cloud: Mask | None) -> None:
        """Take in one good part.

        Parameters
        ----------
        predicted, measured : array (h, w, channels)
            Of the predicted modality; NaN where there is nothing.
        own, cloud : array (h, w) or None
            Foreground in the modality predicted from, and in the cloud.
        """
        both = np.isfinite(predicted).all(-1) & np.isfinite(measured).all(-1)
        regions = {"everywhere": both, "foreground": both & own, "background": both & ~own}
        if cloud is not None:
            regions |= {"cloud foreground": both & cloud, "cloud background": both & ~cloud}
        for name, inside in regions.items():
            wanted = measured[inside].astype(np.float64)
            sums = self._regions[name]
            sums.patches += len(wanted)
            sums.missed += float(np.square(predicted[inside] - wanted).sum())
            sums.squares += float(np.square(wanted).sum())
            sums.total = sums.total + wanted.sum(0)

    def results(self) -> tuple[PredictionError, ...]:
        """Return the errors by region."""
        return tuple(_result(name, sums) for name, sums in self._regions.items())


def _result(region: str, sums: _Sums) -> PredictionError:
    n = sums.patches
    if not n:
        return PredictionError(
            region=region, patches=0, error=None, error_of_mean=None, explained=None
        )
    variation = max(sums.squares - float(np.square(sums.total).sum()) / n, 0.0)
    return PredictionError(
        region=region,
        patches=n,
        error=float(np.sqrt(sums.missed / n)),
        error_of_mean=float(np.sqrt(variation / n)),
        explained=1 - sums.missed / variation if variation > 0 else None,
    )
