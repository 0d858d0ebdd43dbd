from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cmdiad_core.encoders._encoder import patch_grid
from cmdiad_core.encoders._planes import height_planes, intensity_planes
from cmdiad_core.encoders._pyramid import blurred, resized
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement

Mask = NDArray[np.bool_]

#: Pixels per patch side that the mask is found at.
_PIXELS = 2
#: Width of the border that is taken for background, as a share of the longer side.
_BORDER = 1 / 16
#: Deviation from the background, in standard deviations per channel, that is foreground.
_LIMIT = 2.5
#: Smallest spot that counts, as a share of the image.
_SPOT = 1 / 500
#: Contrast, in the unit of the planes, below which places are equally smooth.
_SMOOTHEST = 0.003
#: What a part in front of a background covers at least and at most, and what of the border.
_LEAST, _MOST, _MOST_BORDER = 0.05, 0.9, 0.2
#: Share of the parts in which that must be so.
_AGREEMENT = 0.95


def foreground(values: Measurement, kind: Kind) -> Mask:
    """Return which patches differ from the background seen along the border of a recording.

    The background is a quadratic surface in every channel (light falls off towards the corners,
    tables are tilted) fitted robustly to the border, with the covariance of what it leaves over;
    the channels are value and local contrast. What differs from it, with its holes filled and a
    patch of margin, is foreground. Needs no other modality, so that a station with a camera only
    gets the mask that it was trained with.

    Parameters
    ----------
    values : array (H, W) or (H, W, channels)
        One modality of a `Sample`.
    kind : Kind
        What it is.

    Returns
    -------
    array (h, w) of bool
        On the patch grid; all of it where nothing differs.
    """
    grid = patch_grid((values.shape[0], values.shape[1]))
    size = (grid[0] * _PIXELS, grid[1] * _PIXELS)
    if kind is Kind.CLOUD:
        planes, _ = height_planes(values, size)
    else:
        planes = resized(intensity_planes(values), size)
    mean = blurred(planes)
    contrast = np.log(np.sqrt(blurred(np.square(planes - mean))) + _SMOOTHEST)
    deviation = _deviation(np.concatenate([mean, contrast]), _border(size))
    found = ndimage.binary_fill_holes(ndimage.gaussian_filter(deviation, 0.5) > _LIMIT)
    spots, _ = ndimage.label(found, np.ones((3, 3)))
    large = np.bincount(spots.ravel()) >= _SPOT * spots.size
    large[0] = False
    if not large.any():
        return np.ones(grid, bool)
    grown = ndimage.binary_dilation(large[spots], iterations=_PIXELS)
    return np.asarray(grown.reshape(grid[0], _PIXELS, grid[1], _PIXELS).any((1, 3)))


def has_background(masks: Sequence[Mask]) -> bool:
    """Tell whether the foreground masks of good parts agree that parts lie on a background.

    Where they fill the picture, or hardly anything sticks out of it, they do not, and all of
    the picture is the part.
    """
    believable = [
        _LEAST <= mask.mean() <= _MOST and mask[_border(mask.shape)].mean() <= _MOST_BORDER
        for mask in masks
    ]
    return bool(np.mean(believable) >= _AGREEMENT)


def _border(shape: tuple[int, ...]) -> Mask:
    width = max(1, round(_BORDER * max(shape)))
    border = np.ones(shape, bool)
    border[width:-width, width:-width] = False
    return border


def _deviation(planes: NDArray[np.float32], border: Mask) -> NDArray[np.float64]:
    """Return the Mahalanobis distance (H, W) from the border, per square root of channels."""
    channels, height, width = planes.shape
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].reshape(2, -1)
    shapes = [np.ones_like(rows), rows, columns, rows**2, columns**2, rows * columns]
    surface = np.stack(shapes, 1)
    values = planes.reshape(channels, -1).T.astype(np.float64)
    chosen = border.ravel()
    weight = np.ones(int(chosen.sum()))
    coefficients, inverse = np.zeros((6, channels)), np.eye(channels)
    # Iteratively reweighted (Tukey): a part that reaches the border must not become background.
    for _ in range(8):
        root = np.sqrt(weight)[:, None]
        coefficients = np.linalg.lstsq(surface[chosen] * root, values[chosen] * root, rcond=None)[0]
        left = values[chosen] - surface[chosen] @ coefficients
        spread = (left * weight[:, None]).T @ left / weight.sum()
        inverse = np.linalg.inv(spread + 1e-5 * np.eye(channels))
        distance = _mahalanobis(left, inverse)
        limit = 3 * max(float(np.median(distance)), 1e-6)
        weight = np.square(np.clip(1 - np.square(distance / limit), 0, 1)) + 1e-6
    return _mahalanobis(values - surface @ coefficients, inverse).reshape(height, width)


def _mahalanobis(rows: NDArray[np.float64], inverse: NDArray[np.float64]) -> NDArray[np.float64]:
    squared = np.einsum("nc,cd,nd->n", rows, inverse, rows, optimize=True)
    return np.asarray(np.sqrt(np.maximum(squared, 0) / rows.shape[1]))
