from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Values = TypeVar("Values", bound=np.generic)


def squared(values: NDArray[Values], empty: float | bool) -> NDArray[Values]:
    """Return (H, W) or (H, W, channels) in the middle of a square filled up with `empty`.

    The side is the longer one of the two.
    """
    side = max(values.shape[:2])
    missing = [side - length for length in values.shape[:2]]
    margins = [(lack // 2, lack - lack // 2) for lack in missing]
    margins += [(0, 0)] * (values.ndim - 2)
    padded: NDArray[Any] = np.pad(values, margins, constant_values=empty)
    return padded
