"""A line around what a map draws, seen on any ground."""

import numpy as np
from numpy.typing import NDArray

from app.colour_scale import Colours

#: Nothing, a white line, a dark line around it: red, green, blue, alpha.
LINE_COLOURS = np.array([(0, 0, 0, 0), (255, 255, 255, 255), (0, 0, 0, 190)], np.uint8)
_PIXELS_PER_WIDTH = 400


def outline(drawn: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return per pixel (H, W) whether it is on no line (0), on the white (1) or the dark one (2).

    The lines lie outside of what is drawn, and are wider on larger images so that they survive
    being shown smaller.
    """
    from scipy.ndimage import binary_dilation

    lines = np.zeros(drawn.shape, np.uint8)
    if not drawn.any():
        return lines
    width = max(1, round(max(drawn.shape) / _PIXELS_PER_WIDTH))
    inner = binary_dilation(drawn, iterations=width)
    lines[binary_dilation(inner, iterations=width)] = 2
    lines[inner] = 1
    lines[drawn] = 0
    return lines


def outline_colours(drawn: NDArray[np.bool_]) -> Colours:
    """Return the lines as pixels (H, W, 4)."""
    return LINE_COLOURS[outline(drawn)]
