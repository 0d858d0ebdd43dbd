"""Lengths and heights between two places of a part."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.modalities import Kind, modality
from cmdiad_core.sample import Sample

#: Pixels around the line that count as its surroundings, at least, and by its length.
_NARROWEST, _WIDTH = 5, 0.5
#: Points that a plane is fitted to, at least and at most; more are thinned.
_FEWEST, _MOST = 12, 5000
#: Rounds of leaving out points that lie further from the plane than most.
_ROUNDS = 10
#: Standard deviations of the points that stay in; closer than this, in mm, all do.
_NEAR, _EXACT = 2.5, 1e-6
#: Variance across by that along, below which points count as lying on a line.
_FLAT = 0.01


class Along(StrEnum):
    """The direction in which a height is taken."""

    SURROUNDINGS = "surroundings"
    CAMERA = "camera"


@dataclass(frozen=True)
class Length:
    """What was measured between two places.

    Parameters
    ----------
    pixels : float
        Distance on the pixel grid.
    mm : float or None
        Distance in space along the straight line; None where an end has no point in millimetres.
    height : float or None
        How much nearer to the camera the second end is than the first, mm. None where `mm` is.
    along : Along or None
        Direction of the height: the normal of the plane fitted to the points around the line,
        or the camera's axis where too few of them were measured.
    """

    pixels: float
    mm: float | None = None
    height: float | None = None
    along: Along | None = None


def length(sample: Sample, begin: tuple[float, float], end: tuple[float, float]) -> Length:
    """Measure between two places on the grid of a part's registered modalities, or of one.

    Parameters
    ----------
    sample : Sample
        The part; of one that is not registered, only the modality the places lie on
        (`Sample.using`).
    begin, end : tuple of float
        Row and column; the first pixel reaches from 0 to 1.
    """
    pixels = math.dist(begin, end)
    clouds = (v for name, v in sample.measured.items() if modality(name).kind is Kind.CLOUD)
    cloud = next(clouds, None)
    if cloud is None or not sample.metric:
        return Length(pixels)
    way = 1000 * (_point(cloud, end) - _point(cloud, begin))
    if not np.isfinite(way).all():
        return Length(pixels)
    normal = _normal(_surroundings(cloud, begin, end))
    if normal is None:
        return Length(pixels, float(np.linalg.norm(way)), float(-way[2]), Along.CAMERA)
    return Length(pixels, float(np.linalg.norm(way)), float(way @ normal), Along.SURROUNDINGS)


def _point(cloud: NDArray[np.float32], place: tuple[float, float]) -> NDArray[np.float64]:
    height, width = cloud.shape[:2]
    point = cloud[min(int(place[0]), height - 1), min(int(place[1]), width - 1)]
    return np.asarray(point, np.float64)


def _surroundings(
    cloud: NDArray[np.float32], begin: tuple[float, float], end: tuple[float, float]
) -> NDArray[np.float64]:
    """Return the points (N, 3) in mm about the line."""
    reach = max(_NARROWEST, math.ceil(_WIDTH * math.dist(begin, end)))
    spans = [
        (max(int(min(ends)) - reach, 0), min(int(max(ends)) + reach + 1, side))
        for ends, side in zip(zip(begin, end, strict=True), cloud.shape, strict=False)
    ]
    step = math.ceil(math.sqrt(math.prod(last - first for first, last in spans) / _MOST))
    rows, columns = (slice(first, last, step) for first, last in spans)
    points = cloud[rows, columns].reshape(-1, 3).astype(np.float64) * 1000
    return np.asarray(points[np.isfinite(points).all(axis=-1)])


def _normal(points: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the normal, towards the camera, of the plane that most points (N, 3) lie on.

    Least squares, again and again without the points that lie too far from the last plane.
    """
    kept = points
    for _ in range(_ROUNDS):
        if len(kept) < _FEWEST:
            return None
        centre = kept.mean(axis=0)
        spreads, axes = np.linalg.eigh(np.cov(kept.T))
        # Points on one line have no plane.
        if spreads[1] < _FLAT * spreads[2]:
            return None
        away = np.abs((points - centre) @ axes[:, 0])
        limit = _NEAR * 1.4826 * float(np.median(away))
        near = points[away <= max(limit, _EXACT)]
        if len(near) == len(kept):
            break
        kept = near
    normal = axes[:, 0]
    return np.asarray(-normal if normal[2] > 0 else normal)
