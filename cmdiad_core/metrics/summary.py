"""The metrics of the MVTec 3D-AD benchmark for one class."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from cmdiad_core.metrics.aupro import aupro
from cmdiad_core.metrics.ranking import auroc

#: Thresholds of the numbers that have been published.
_PUBLISHED = 100


class Summary(BaseModel):
    """How well scores and maps tell defective parts from good ones; None where nothing can be said.

    `aupro_30` and `aupro_01` are exact; the other two are taken at 100 thresholds, as published
    numbers are, which is far too low at 1 %.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    n_good: int
    n_defective: int
    image_auroc: float | None
    pixel_auroc: float | None
    aupro_30: float | None
    aupro_01: float | None
    aupro_30_at_100: float | None
    aupro_01_at_100: float | None


def summarise(
    defective: Sequence[bool],
    scores: Sequence[float],
    masks: Sequence[NDArray[np.bool_]],
    maps: Sequence[NDArray[np.float32]],
) -> Summary:
    """Return the metrics of a test set.

    Parameters
    ----------
    defective : sequence of bool
        Truth per part.
    scores : sequence of float
        Anomaly score per part.
    masks, maps : sequences of arrays (H, W)
        Truth and anomaly map of the parts whose masks are known.
    """
    truth = np.concatenate([mask.ravel() for mask in masks]) if masks else np.zeros(0, bool)
    values = np.concatenate([plane.ravel() for plane in maps]) if maps else np.zeros(0)
    return Summary(
        n_good=len(defective) - sum(defective),
        n_defective=sum(defective),
        image_auroc=_number(auroc(defective, scores)),
        pixel_auroc=_number(auroc(truth, values)),
        aupro_30=_number(aupro(masks, maps, 0.3)),
        aupro_01=_number(aupro(masks, maps, 0.01)),
        aupro_30_at_100=_number(aupro(masks, maps, 0.3, _PUBLISHED)),
        aupro_01_at_100=_number(aupro(masks, maps, 0.01, _PUBLISHED)),
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
