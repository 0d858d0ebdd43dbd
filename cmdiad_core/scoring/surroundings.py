"""How far good parts deviate, by what a place is surrounded by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Map = NDArray[np.float32]

#: Components of the feature space, the first, that tell surroundings from each other.
COMPONENTS = 8
#: Gaussian blur that makes surroundings of patches, in patches.
_BLUR = 1.5
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
    first = features[..., :COMPONENTS]
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

    def __call__(self, deviation: Map, around: Map) -> Map:
        """Return deviations (h, w) over how far good ones reach in their surroundings (h, w, n)."""
        square = _terms(around, self.centre, self.spread) @ self.slopes
        share = (np.maximum(square, _LEAST) + _GLOBAL) / (1 + _GLOBAL)
        return np.asarray(deviation / np.sqrt(share), np.float32)


class SurroundingsFit:
    """Learns `Surroundings` from good parts that are not in the bank, and from any group of them.

    Parameters
    ----------
    around : sequence of array (h, w, n)
        `surroundings` of each part.
    seen : sequence of bool array (h, w)
        Where there are deviations.
    """

    def __init__(self, around: Sequence[Map], seen: Sequence[NDArray[np.bool_]]) -> None:
        self._seen = seen
        places = [one[where] for one, where in zip(around, seen, strict=True)]
        everything = np.concatenate(places)
        channels = everything.shape[1]
        self._centre, self._spread = np.zeros(channels, np.float32), np.ones(channels, np.float32)
        if everything.size:
            self._centre = everything.mean(0)
            self._spread = np.maximum(everything.std(0), np.float32(_TINY))
        self._terms = [_terms(one, self._centre, self._spread) for one in places]
        self._grams = [(one.T @ one).astype(np.float64) for one in self._terms]

    def __call__(self, deviations: Mapping[int, Map]) -> Surroundings:
        """Learn from deviations (h, w), in standard deviations above normal, by number of the part.

        Without a single place nothing is changed by what was learned.
        """
        squares = {
            number: np.square(np.maximum(one[self._seen[number]], 0))
            for number, one in deviations.items()
        }
        count = sum(len(one) for one in squares.values())
        total = sum(float(one.sum(dtype=np.float64)) for one in squares.values())
        gram = sum((self._grams[number] for number in squares), np.zeros_like(self._grams[0]))
        gram += (_RIDGE * count + _TINY) * np.eye(len(gram))
        product = sum((self._terms[n].T @ one for n, one in squares.items()), np.zeros(len(gram)))
        # Nothing above normal anywhere, or no place at all: everything reaches equally far.
        everywhere = np.eye(len(gram))[0]
        slopes = np.linalg.solve(gram, product / (total / count)) if total else everywhere
        return Surroundings(self._centre, self._spread, slopes.astype(np.float32))


def _terms(around: Map, centre: Map, spread: Map) -> Map:
    """Return a constant and the standardised surroundings (..., n + 1)."""
    standard = np.clip((around - centre) / spread, -_STRANGE, _STRANGE)
    return np.concatenate([np.ones_like(standard[..., :1]), standard], axis=-1)
