"""How far good parts deviate, by what a place is surrounded by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Map = NDArray[np.float32]

#: Components of the feature space, the first, that tell surroundings from each other.
_COMPONENTS = 8
#: Gaussian blur that makes surroundings of patches, in patches.
_BLUR = 2.0
#: Standard deviations beyond which surroundings are as strange as any.
_STRANGE = 3.0
#: Share of the mean square that is added in all surroundings, and the least they are given.
_GLOBAL, _LEAST = 0.5, 0.02
#: Ridge of the regression, as a share of the patches.
_RIDGE = 1e-3
#: Smallest spread of surroundings that they are divided by.
_TINY = 1e-6


def surroundings(features: Map) -> Map:
    """Return what lies around every patch (h, w, 8 at most) of features (h, w, components).

    NaN patches (nothing measured there, background) are left out.
    """
    first = features[..., :_COMPONENTS]
    seen = np.isfinite(first[..., 0])
    weight = ndimage.gaussian_filter(seen.astype(np.float32), _BLUR)
    total = ndimage.gaussian_filter(np.where(seen[..., None], first, 0), (_BLUR, _BLUR, 0))
    return np.asarray(total / np.maximum(weight, 1e-3)[..., None], np.float32)


@dataclass(frozen=True)
class Surroundings:
    """How far a source's deviations on good parts reach above normal, by the surroundings.

    Where parts do not lie alike (tires turned at random), a place on the grid says nothing; that it
    lies beside a highlight does. The mean square of the deviations above 0, linear in the
    surroundings, scales them. None changes its sign: what is less odd than usual stays so.

    Parameters
    ----------
    centre, spread : array (n,)
        Of the surroundings on good parts.
    slopes : array (n + 1,)
        Constant and slopes, over standardised surroundings, of the square over its mean.
    """

    centre: Map
    spread: Map
    slopes: Map

    @classmethod
    def fit(cls, deviations: Sequence[Map], around: Sequence[Map]) -> "Surroundings":
        """Learn from good parts that are not in the bank.

        Parameters
        ----------
        deviations : sequence of array (h, w)
            Standard deviations above what is normal at each place; NaN is left out.
        around : sequence of array (h, w, n)
            `surroundings` of the same parts.
        """
        seen = [np.isfinite(one) for one in deviations]
        values = np.concatenate([d[s] for d, s in zip(deviations, seen, strict=True)])
        places = np.concatenate([a[s] for a, s in zip(around, seen, strict=True)])
        if not values.size:
            nothing = np.zeros(around[0].shape[-1], np.float32)
            return cls(nothing, nothing + 1, np.append(np.float32(1), nothing))
        square = np.square(np.maximum(values, 0), dtype=np.float64)
        square /= max(float(square.mean()), _TINY)
        centre, spread = places.mean(0), np.maximum(places.std(0), _TINY)
        terms = _terms(places, centre, spread).astype(np.float64)
        gram = terms.T @ terms + _RIDGE * len(terms) * np.eye(terms.shape[1])
        return cls(centre, spread, np.linalg.solve(gram, terms.T @ square).astype(np.float32))

    def __call__(self, deviation: Map, around: Map) -> Map:
        """Return deviations (h, w) over how far good ones reach in their surroundings (h, w, n)."""
        square = _terms(around, self.centre, self.spread) @ self.slopes
        share = (np.maximum(square, _LEAST) + _GLOBAL) / (1 + _GLOBAL)
        return np.asarray(deviation / np.sqrt(share), np.float32)


def _terms(around: Map, centre: Map, spread: Map) -> Map:
    """Return a constant and the standardised surroundings (..., n + 1)."""
    standard = np.clip((around - centre) / spread, -_STRANGE, _STRANGE)
    return np.concatenate([np.ones_like(standard[..., :1]), standard], axis=-1)
