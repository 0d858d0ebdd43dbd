"""The dashed line around what was looked at."""

import numpy as np
from numpy.typing import NDArray


def boundary(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the sides of patches that lie between a mask and what is outside of it.

    Parameters
    ----------
    mask : array (h, w) of bool
        On the patch grid.

    Returns
    -------
    array (sides, 2, 2)
        For each side its two ends, and of each end its column and row, 0 to w and 0 to h. The
        edge of the picture is no boundary.
    """
    upright = np.add(np.argwhere(mask[:, 1:] != mask[:, :-1]), (0, 1))
    level = np.add(np.argwhere(mask[1:] != mask[:-1]), (1, 0))
    begin = np.concatenate([upright, level])
    end = np.concatenate([np.add(upright, (1, 0)), np.add(level, (0, 1))])
    return np.stack([begin, end], axis=1)[..., ::-1]


def dashes(sides: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which of the `sides` are the light ones of a dashed line, seen on any ground."""
    return np.asarray(sides[:, 0].sum(axis=1) % 2 == 0)
