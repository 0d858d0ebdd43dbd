"""How normal patches go on around each entry of a bank: local hyperplanes."""

import numpy as np
from numpy.typing import NDArray

#: Entries that the plane of an entry leads through.
NEIGHBOURS = 24
#: Most directions of a plane, and channels for each: a plane of all directions is everywhere.
_DIRECTIONS, _CHANNELS = 12, 2
#: How short an extent is distrusted: its square as a share of the mean squared distance of the
#: neighbours.
_RIDGE = 0.3
#: Added to squared extents, which are 0 where entries are equal.
_TINY = 1e-9


def local_planes(
    entries: NDArray[np.float32], neighbours: NDArray[np.int64]
) -> NDArray[np.float16]:
    """Return for each entry the directions in which its neighbours lie.

    A coreset leaves gaps between normal patches. What a difference d between a patch and its
    nearest entry keeps of its square is ``|d|² - |P d|²``, P being the plane of the entry: next to
    nothing along a direction in which neighbours lie far away, nearly all of it in the others.
    This is the distance to a K-local hyperplane with a penalty on its coefficients (Vincent and
    Bengio, NIPS 2001), with one plane for each entry in place of one for each patch.

    Parameters
    ----------
    entries : array (n, channels)
        Of a bank.
    neighbours : array (n, k) of int
        The numbers of the entries nearest to each, at least one.

    Returns
    -------
    array (n, directions, channels) of float16
        Orthogonal rows, none longer than 1, the longest first.
    """
    count = min(_DIRECTIONS, entries.shape[1] // _CHANNELS, neighbours.shape[1])
    apart = entries[neighbours] - entries[:, None]
    # Left singular vectors and squared singular values of the differences.
    squared, left = np.linalg.eigh(apart @ apart.transpose(0, 2, 1))
    squared, left = np.maximum(squared[:, ::-1], 0), left[:, :, ::-1]
    ridge = _RIDGE * np.square(apart).sum(2).mean(1)[:, None] + _TINY
    # Ridge regression on the differences leaves ridge / (squared + ridge) of what lies along one.
    # Their length is the root of `squared`, that of the row is the root of 1 - that share squared.
    lengths = np.sqrt(squared + 2 * ridge) / (squared + ridge)
    rows = (left * lengths[:, None]).transpose(0, 2, 1)[:, :count] @ apart
    return np.asarray(rows, np.float16)
