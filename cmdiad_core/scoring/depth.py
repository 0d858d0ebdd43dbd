"""How far a region stands out of the surface around it."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]

#: Pixels between the region and what counts as around it: the map is blurred, the rim is bent.
_GAP = 2
#: Width of the surroundings, by the longer side of the region's box, and at least, in pixels.
#: Wider ones reach over the part's edges and walls.
_WIDTH, _NARROWEST = 0.2, 3
#: Points that the surface is fitted to; more are thinned.
_MOST = 2000
_STEPS = 12
#: Tukey's constant: 95 % efficient on normal noise.
_TUKEY = 4.685
#: Percentile of the heights that is the depth: the deepest place without single wild points.
_DEEPEST = 98
#: Coefficients of a surface of second order.
_TERMS = 6


def depth(cloud: Map, box: tuple[slice, ...], inside: Mask, others: Mask) -> float | None:
    """Return the signed height in mm of a region over the surface fitted around it.

    A surface of second order is fitted to the points around the region (iterated least squares
    with Tukey's biweight, started from absolute deviations); heights are taken along its normals.
    Where the part bends sharply beside the region, the surface knows it badly: a dent across the
    wall of a demo cell's pocket comes out up to 1.6 times too deep.

    Parameters
    ----------
    cloud : array (H, W, 3)
        x, y, z in metres, z away from the camera, NaN where nothing was measured.
    box : pair of slice
        Rows and columns of the region.
    inside : array of bool
        The pixels of the box that are in the region.
    others : array (H, W) of bool
        Pixels of any region: they are no surroundings.

    Returns
    -------
    float or None
        Above 0 towards the camera, below 0 away from it. None where too few points are valid.
    """
    side = max(inside.shape)
    reach = _GAP + max(_NARROWEST, round(_WIDTH * side))
    rows, columns = (
        slice(max(one.start - reach, 0), min(one.stop + reach, limit))
        for one, limit in zip(box, cloud.shape, strict=False)
    )
    points = cloud[rows, columns].astype(np.float64) * 1000
    valid = np.isfinite(points).all(-1)
    region = np.zeros(valid.shape, bool)
    region[
        box[0].start - rows.start : box[0].stop - rows.start,
        box[1].start - columns.start : box[1].stop - columns.start,
    ] = inside
    around = points[valid & ~_grown(others[rows, columns] | region)]
    chosen = points[valid & region]
    if len(around) < 3 * _TERMS or not len(chosen):
        return None
    around = around[:: -(-len(around) // _MOST)]
    centre = chosen.mean(0)
    size = float(np.abs(around - centre).max())
    x, y, z = ((around - centre) / size).T
    fitted = _fit(_terms(x, y), z)
    x, y, z = ((chosen - centre) / size).T
    down = fitted[1] + 2 * fitted[3] * x + fitted[4] * y
    across = fitted[2] + fitted[4] * x + 2 * fitted[5] * y
    heights = size * (_terms(x, y) @ fitted - z) / np.sqrt(1 + down**2 + across**2)
    low, high = np.percentile(heights, (100 - _DEEPEST, _DEEPEST))
    return float(high if high >= -low else low)


def _terms(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


def _fit(terms: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the coefficients that most points agree on."""
    weights = np.ones(len(z))
    for step in range(_STEPS):
        root = np.sqrt(weights)
        fitted = np.linalg.lstsq(terms * root[:, None], z * root, rcond=None)[0]
        residual = np.abs(z - terms @ fitted)
        spread = max(1.4826 * float(np.median(residual)), 1e-9)
        if step < _STEPS // 2:
            weights = 1 / np.maximum(residual, spread / 10)
        else:
            weights = np.clip(1 - (residual / (_TUKEY * spread)) ** 2, 0, 1) ** 2
    return np.asarray(fitted, np.float64)


def _grown(mask: Mask) -> Mask:
    return np.asarray(ndimage.binary_dilation(mask, np.ones((3, 3), bool), iterations=_GAP))
