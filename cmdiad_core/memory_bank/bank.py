"""The bank itself: distances of patches to their nearest normal patch."""

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.memory_bank.coreset import greedy_k_centre

Features = NDArray[np.float32]


class MemoryBank:
    """Normal patches of one source, searched exactly.

    Parameters
    ----------
    entries : array (n, channels)
        The patches kept.
    """

    def __init__(self, entries: Features) -> None:
        import faiss

        self.entries = np.ascontiguousarray(entries, np.float32)
        self._index = faiss.IndexFlatL2(self.entries.shape[1])
        self._index.add(self.entries)

    @classmethod
    def fit(
        cls, features: Features, size: int, candidates: int, rng: np.random.Generator
    ) -> "MemoryBank":
        """Build a bank from all patches of the normal parts.

        Parameters
        ----------
        features : array (n, channels)
            Patches, NaN rows (nothing measured there) are left out.
        size : int
            Patches kept.
        candidates : int
            Patches, drawn at random, that the coreset chooses from; this bounds its cost.
        rng : numpy.random.Generator
            Source of the draw.
        """
        measured = np.flatnonzero(np.isfinite(features[:, 0]))
        if len(measured) > candidates:
            measured = np.sort(rng.choice(measured, candidates, replace=False))
        chosen = np.ascontiguousarray(features[measured], np.float32)
        return cls(chosen[greedy_k_centre(chosen, size)])

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
            squared, _ = self._index.search(queries, 1)
            distance[measured] = np.sqrt(np.maximum(squared[:, 0], 0))
        return distance.reshape(features.shape[:-1])
