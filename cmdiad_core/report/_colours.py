"""Scores as colours: one fixed scale for all parts of a model."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

#: Anomaly scores of the first and the last colour.
Scale = tuple[float, float]

Colours = NDArray[np.uint8]


@cache
def cividis() -> Colours:
    """Return the colour map (256, 3): dark blue to yellow, readable with any colour vision."""
    from matplotlib import colormaps

    table: Colours = colormaps["cividis"](np.arange(256), bytes=True)[:, :3]
    return table


def colours(scores: NDArray[np.floating], scale: Scale) -> Colours:
    """Return the colour (..., 3) of each score; beyond the ends of the scale, that of the end."""
    low, high = scale
    if not low < high:
        raise ValueError(f"a colour scale runs from low to high, got {scale}")
    share = (np.nan_to_num(scores, nan=low) - low) / (high - low)
    steps = np.clip(np.round(share * 255), 0, 255).astype(np.intp)
    chosen: Colours = cividis()[steps]
    return chosen
