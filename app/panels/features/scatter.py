"""Features as points in a plane: the bank, this part measured, this part predicted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from cmdiad_core.inspection import Map

if TYPE_CHECKING:
    from cmdiad_core.detector.feature_study import FeatureStudy

#: Most patches of the bank that are drawn.
SAMPLE = 2000
_SEED = 0


@dataclass(frozen=True)
class Scatter:
    """Points of one modality.

    Parameters
    ----------
    bank : array (n, 2)
        Of normal patches, at most `SAMPLE`.
    measured, predicted : array (h, w, 2) or None
        Of this part; NaN where nothing was measured.
    """

    bank: Map
    measured: Map | None
    predicted: Map | None

    @classmethod
    def of(cls, study: FeatureStudy, plane: Callable[[Map], Map]) -> Scatter:
        """Lay the features of a study into a plane: (..., channels) to (..., 2)."""
        return cls(
            plane(bank_sample(study)),
            None if study.measured is None else plane(study.measured),
            None if study.predicted is None else plane(study.predicted),
        )

    def nearest(self, x: float, y: float, reach: tuple[float, float]) -> tuple[int, int] | None:
        """Return the patch of this part whose point is nearest, if one lies within reach.

        Parameters
        ----------
        x, y : float
            A place in the plane.
        reach : tuple of float
            Farthest that a point may lie away, in x and y.
        """
        found = []
        for points in (self.measured, self.predicted):
            if points is not None and np.isfinite(points).any():
                away = np.square((points - (x, y)) / reach).sum(axis=-1)
                place = np.unravel_index(np.nanargmin(away), away.shape)
                found.append((float(away[place]), (int(place[0]), int(place[1]))))
        distance, patch = min(found, default=(np.inf, (0, 0)))
        return patch if distance <= 1 else None


def bank_sample(study: FeatureStudy) -> Map:
    """Return the normal patches (n, channels) that are drawn, the same ones every time."""
    entries = study.bank_entries
    if len(entries) <= SAMPLE:
        return entries
    chosen = np.random.default_rng(_SEED).choice(len(entries), SAMPLE, replace=False)
    return entries[np.sort(chosen)]


def has_umap() -> bool:
    """Tell whether UMAP (McInnes et al., 2018) is installed."""
    return find_spec("umap") is not None


class UmapPlanes:
    """Planes learned by UMAP from the bank of each modality; used on one thread only."""

    def __init__(self) -> None:
        self._fitted: dict[str, Callable[[Map], Map]] = {}

    def scatter(self, study: FeatureStudy) -> Scatter:
        """Return the points of a study; the first of a modality takes a while."""
        if study.modality not in self._fitted:
            from umap import UMAP

            fitted = UMAP(n_components=2, random_state=_SEED, n_jobs=1).fit(bank_sample(study))
            self._fitted[study.modality] = fitted.transform
        transform = self._fitted[study.modality]

        def plane(features: Map) -> Map:
            points = np.full((*features.shape[:-1], 2), np.nan, np.float32)
            known = np.isfinite(features).all(axis=-1)
            if known.any():
                points[known] = transform(features[known])
            return points

        return Scatter.of(study, plane)
