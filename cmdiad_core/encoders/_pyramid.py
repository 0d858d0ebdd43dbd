from functools import reduce

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Planes = NDArray[np.float32]

_BINOMIAL = np.array([1, 4, 6, 4, 1], np.float32) / 16


def resized(planes: Planes, size: tuple[int, int]) -> Planes:
    """Return planes (..., H, W) at another size: averaged when smaller, bilinear when larger."""
    if planes.shape[-2:] == size:
        return planes
    flat = planes.reshape(-1, *planes.shape[-2:])
    # Reducing by box and then triangle is quicker than one wide triangle, and as smooth.
    scaled = [
        Image.fromarray(plane).resize(size[::-1], Image.Resampling.BILINEAR, reducing_gap=2.0)
        for plane in np.ascontiguousarray(flat, np.float32)
    ]
    return np.stack([np.asarray(one) for one in scaled]).reshape(*planes.shape[:-2], *size)


def jet(planes: Planes) -> Planes:
    """Return the local jet of planes (n, H, W) at deviation 1: (6, n, H, W).

    Smoothed value, first derivatives along x and y, second derivatives xx, xy, yy.
    """
    along = [np.empty_like(planes) for _ in range(3)]
    for order, into in enumerate(along):
        _differentiate(planes, order, -1, into)
    orders = [(0, 0), (0, 1), (1, 0), (0, 2), (1, 1), (2, 0)]
    found = np.empty((len(orders), *planes.shape), np.float32)
    for (y, x), into in zip(orders, found, strict=True):
        _differentiate(along[x], y, -2, into)
    return found


def local_energy(responses: Planes) -> Planes:
    """Return the mean magnitude of responses (..., H, W) around each place, at half the size."""
    return blurred(blurred(_paired(np.abs(responses))))


def halved(planes: Planes) -> Planes:
    """Return the next coarser level of a pyramid."""
    return _paired(blurred(planes))


def blurred(planes: Planes) -> Planes:
    """Return planes (..., H, W) smoothed by a binomial of five taps each way."""
    across = ndimage.correlate1d(planes, _BINOMIAL, axis=-1, mode="nearest")
    return np.asarray(ndimage.correlate1d(across, _BINOMIAL, axis=-2, mode="nearest"))


def to_grid(planes: Planes, grid: tuple[int, int]) -> Planes:
    """Return planes (..., H, W) averaged down, or interpolated up, to the patch grid."""
    height, width = planes.shape[-2:]
    if height % grid[0] == 0 and width % grid[1] == 0:
        return _block_means(planes, height // grid[0], width // grid[1])
    return resized(planes, grid)


def _paired(planes: Planes) -> Planes:
    """Return the means of 2 x 2 pixels; an odd last row or column is repeated."""
    height, width = planes.shape[-2:]
    if height % 2 or width % 2:
        edges = [(0, 0)] * (planes.ndim - 2) + [(0, height % 2), (0, width % 2)]
        planes = np.pad(planes, edges, mode="edge")
    return _block_means(planes, 2, 2)


def _block_means(planes: Planes, height: int, width: int) -> Planes:
    # numpy's own mean of axes this short takes five times as long.
    rows = reduce(np.add, (planes[..., row::height, :] for row in range(height)))
    total = reduce(np.add, (rows[..., column::width] for column in range(width)))
    return np.asarray(total / (height * width), np.float32)


def _differentiate(planes: Planes, order: int, axis: int, into: Planes) -> None:
    taps = np.arange(-3, 4, dtype=np.float64)
    gaussian = np.exp(-(taps**2) / 2)
    gaussian /= gaussian.sum()
    if order:
        gaussian *= taps if order == 1 else taps**2 - 1
        gaussian -= gaussian.mean()
    ndimage.correlate1d(planes, gaussian, axis=axis, output=into, mode="nearest")
