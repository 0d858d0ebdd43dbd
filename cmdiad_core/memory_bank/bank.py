"""The bank itself: how far patches are from what normal patches look like."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.memory_bank.coreset import extend_k_centre, greedy_k_centre
from cmdiad_core.memory_bank.local_planes import NEIGHBOURS, local_planes

Features = NDArray[np.float32]

#: Numbers in a query from which faiss multiplies matrices. Its own default since 1.14, 128,000, is
#: meant for dozens of cores: patches of one part stay below it and take five times as long.
_MATRIX_FROM = 800
#: Share of the patches that a coreset was chosen from that its bank covers.
_COVERED = 0.99


class MemoryBank:
    """Normal patches of one source, searched exactly.

    Parameters
    ----------
    entries : array (n, channels)
        The patches kept.
    origins : array (n, 3) of int32
        Where each comes from: number of the part, row and column on its patch grid.
    planes : array (fitted, directions, channels) of float16
        `local_planes` of the first entries, which together cover normal parts. Those after them
        were taught one by one: they say nothing of what lies between.
    radius : float
        How far a patch may be and still count as covered.
    """

    def __init__(
        self,
        entries: Features,
        origins: NDArray[np.int32],
        planes: NDArray[np.float16] | None = None,
        radius: float = 0.0,
    ) -> None:
        self.entries = np.ascontiguousarray(entries, np.float32)
        self.origins = origins
        none = np.empty((0, 0, self.entries.shape[1]), np.float16)
        self.planes = none if planes is None else planes
        self.radius = radius

    @classmethod
    def fit(
        cls, maps: Mapping[int, Features], size: int, candidates: int, rng: np.random.Generator
    ) -> "MemoryBank":
        """Build a bank from all patches of the normal parts.

        Parameters
        ----------
        maps : mapping of int to array (h, w, channels)
            Patches by number of the part, NaN ones (nothing measured there) are left out.
        size : int
            Patches kept.
        candidates : int
            Patches, drawn at random, that the coreset chooses from; this bounds its cost.
        rng : numpy.random.Generator
            Source of the draw.
        """
        features = np.concatenate([one.reshape(-1, one.shape[-1]) for one in maps.values()])
        measured = np.flatnonzero(np.isfinite(features[:, 0]))
        if len(measured) > candidates:
            measured = np.sort(rng.choice(measured, candidates, replace=False))
        chosen = np.ascontiguousarray(features[measured], np.float32)
        kept = greedy_k_centre(chosen, size)
        entries = chosen[kept]
        nearest = _nearest(entries, entries, min(NEIGHBOURS + 1, len(entries)))
        # The nearest of all to an entry is itself, and to a single one there is no other.
        neighbours = nearest[:, 1:] if len(entries) > 1 else nearest
        bank = cls(entries, _origins(maps, measured[kept]), local_planes(entries, neighbours))
        bank.radius = float(np.quantile(bank.distance(chosen), _COVERED))
        return bank

    def uncovered(self, maps: Mapping[int, Features], most: int) -> "MemoryBank | None":
        """Return a bank of the patches that this one lacks to cover other normal parts as well.

        Parameters
        ----------
        maps : mapping of int to array (h, w, channels)
            Patches by number of the part; NaN ones are left out.
        most : int
            Most entries.

        Returns
        -------
        MemoryBank or None
            None where every patch is within `radius` of an entry.
        """
        features = np.concatenate([one.reshape(-1, one.shape[-1]) for one in maps.values()])
        # Part by part: what a search needs stays in the processor's cache.
        distance = np.concatenate([self.distance(one).ravel() for one in maps.values()])
        far = np.flatnonzero(distance > self.radius)
        kept = far[extend_k_centre(features[far], distance[far], most, self.radius)]
        return MemoryBank(features[kept], _origins(maps, kept)) if len(kept) else None

    def joined(self, other: "MemoryBank") -> "MemoryBank":
        """Return this bank with the entries of another one taught to it."""
        return MemoryBank(
            np.concatenate([self.entries, other.entries]),
            np.concatenate([self.origins, other.origins]),
            self.planes,
            self.radius,
        )

    def nearest(self, patch: Features, count: int) -> tuple[Features, NDArray[np.int64]]:
        """Return the distances of one patch (channels,) to its nearest entries, and their numbers.

        Returns
        -------
        distances, numbers : array (min(count, n),)
            Nearest first.
        """
        distances = np.linalg.norm(self.entries - patch, axis=1)
        numbers = np.argsort(distances, kind="stable")[:count]
        return distances[numbers], numbers

    def distance(self, features: Features) -> Features:
        """Return how far each patch is from the plane of its nearest entry, or from a taught one.

        The Euclidean distance; see `local_planes`. Of the nearest fitted entry and the nearest
        taught one, the smaller counts, so that what is taught makes no distance larger.

        Parameters
        ----------
        features : array (..., channels)
            Patches; NaN rows get the distance NaN.

        Returns
        -------
        array (...)
        """
        flat = features.reshape(-1, features.shape[-1])
        distance = np.full(len(flat), np.nan, np.float32)
        measured = np.isfinite(flat[:, 0])
        if measured.any():
            queries = np.ascontiguousarray(flat[measured], np.float32)
            distance[measured] = np.minimum(self._from_planes(queries), self._from_taught(queries))
        return distance.reshape(features.shape[:-1])

    def _from_planes(self, queries: Features) -> Features:
        if not len(self.planes):
            return np.full(len(queries), np.inf, np.float32)
        nearest = _nearest(queries, self.entries[: len(self.planes)], 1)[:, 0]
        apart = queries - self.entries[nearest]
        along = (self.planes[nearest].astype(np.float32) @ apart[:, :, None])[:, :, 0]
        return np.asarray(np.sqrt(np.maximum(_squared(apart) - _squared(along), 0)), np.float32)

    def _from_taught(self, queries: Features) -> Features:
        if len(self.planes) == len(self.entries):
            return np.full(len(queries), np.inf, np.float32)
        taught = self.entries[len(self.planes) :]
        nearest = _nearest(queries, taught, 1)[:, 0]
        # What the product of matrices gives is rounded: 0.001 where it should be 0.
        return np.asarray(np.sqrt(_squared(queries - taught[nearest])), np.float32)


def _nearest(queries: Features, entries: Features, count: int) -> NDArray[np.int64]:
    """Return the numbers (n, count) of the entries that are nearest to queries (n, channels)."""
    import faiss

    # No index, which for an exact search is a copy of the entries and no more.
    faiss.cvar.distance_compute_blas_threshold = _MATRIX_FROM
    return np.asarray(faiss.knn(queries, entries, count)[1])


def _squared(rows: Features) -> Features:
    return np.asarray(np.einsum("nc,nc->n", rows, rows))


def _origins(maps: Mapping[int, Features], rows: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return part, row and column of the given rows of all maps one below the other."""
    numbers = np.array(list(maps))
    widths = np.array([one.shape[1] for one in maps.values()])
    ends = np.cumsum([one.shape[0] * one.shape[1] for one in maps.values()])
    part = np.searchsorted(ends, rows, side="right")
    within = rows - np.concatenate([[0], ends[:-1]])[part]
    places = (numbers[part], within // widths[part], within % widths[part])
    return np.stack(places, axis=1).astype(np.int32)
