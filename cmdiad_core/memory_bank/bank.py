"""The bank itself: distances of patches to their nearest normal patch."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.memory_bank.coreset import extend_k_centre, greedy_k_centre

Features = NDArray[np.float32]

#: Numbers in a query from which faiss multiplies matrices. Its own default since 1.14, 128,000, is
#: meant for dozens of cores: patches of one part stay below it and take five times as long.
_MATRIX_FROM = 800


class MemoryBank:
    """Normal patches of one source, searched exactly.

    Parameters
    ----------
    entries : array (n, channels)
        The patches kept.
    origins : array (n, 3) of int32
        Where each comes from: number of the part, row and column on its patch grid.
    """

    def __init__(self, entries: Features, origins: NDArray[np.int32]) -> None:
        import faiss

        faiss.cvar.distance_compute_blas_threshold = _MATRIX_FROM
        self.entries = np.ascontiguousarray(entries, np.float32)
        self.origins = origins
        self._index = faiss.IndexFlatL2(self.entries.shape[1])
        self._index.add(self.entries)

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
        return cls(chosen[kept], _origins(maps, measured[kept]))

    @property
    def radius(self) -> float:
        """How far the patches that the coreset was chosen from lie from it at most.

        Greedy picks lie no nearer to each other than what is left uncovered when the last is
        picked, so that the smallest distance between two entries is an upper bound of it.
        """
        if len(self.entries) < 2:
            return 0.0
        squared, _ = self._index.search(self.entries, 2)
        return float(np.sqrt(max(squared[:, 1].min(), 0)))

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
        distance = self.distance(features)
        radius = self.radius
        far = np.flatnonzero(distance > radius)
        kept = far[extend_k_centre(features[far], distance[far], most, radius)]
        return MemoryBank(features[kept], _origins(maps, kept)) if len(kept) else None

    def joined(self, other: "MemoryBank") -> "MemoryBank":
        """Return a bank of the entries of both, those of this one first."""
        return MemoryBank(
            np.concatenate([self.entries, other.entries]),
            np.concatenate([self.origins, other.origins]),
        )

    def nearest(self, patch: Features, count: int) -> tuple[Features, NDArray[np.int64]]:
        """Return the distances of one patch (channels,) to its nearest entries, and their numbers.

        Returns
        -------
        distances, numbers : array (min(count, n),)
            Nearest first.
        """
        count = min(count, len(self.entries))
        squared, numbers = self._index.search(np.ascontiguousarray(patch[None], np.float32), count)
        return np.sqrt(np.maximum(squared[0], 0)), numbers[0]

    def distance(self, features: Features) -> Features:
        """Return the Euclidean distance of each patch to its nearest entry.

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
            _, numbers = self._index.search(queries, 1)
            # What the product of matrices gives is rounded: 0.001 where it should be 0.
            apart = queries - self.entries[numbers[:, 0]]
            distance[measured] = np.sqrt(np.einsum("nc,nc->n", apart, apart))
        return distance.reshape(features.shape[:-1])


def _origins(maps: Mapping[int, Features], rows: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return part, row and column of the given rows of all maps one below the other."""
    numbers = np.array(list(maps))
    widths = np.array([one.shape[1] for one in maps.values()])
    ends = np.cumsum([one.shape[0] * one.shape[1] for one in maps.values()])
    part = np.searchsorted(ends, rows, side="right")
    within = rows - np.concatenate([[0], ends[:-1]])[part]
    places = (numbers[part], within // widths[part], within % widths[part])
    return np.stack(places, axis=1).astype(np.int32)
