"""Defect regions: the connected areas of an anomaly map above a limit."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cmdiad_core.inspection import Provenance, Region
from cmdiad_core.scoring.depth import depth

Map = NDArray[np.float32]

#: Area, longest side and position, in millimetres.
_Sizes = tuple[float | None, float | None, tuple[float, float, float] | None]

#: Pixels around a region from which the surface is known where its own points do not tell.
_AROUND = 8
#: Cells larger than this many usual ones are steps from the part down to what lies behind it,
#: where no surface was seen: four times as large is one that leans by 75 degrees.
_STEEPEST = 4.0
#: More regions than this are no finding but a broken recording.
_MOST = 100


def find_regions(
    fused: Map,
    limit: float,
    sources: Mapping[str, tuple[Provenance, Map]],
    cloud: Map | None,
) -> tuple[Region, ...]:
    """Return the regions of the fused map at or above `limit`, highest score first.

    Parameters
    ----------
    fused : array (H, W)
        Fused anomaly map.
    limit : float
        Lowest value inside a region.
    sources : mapping of str to (Provenance, array (H, W))
        The maps of the single modalities. The measured one that is highest at the peak names the
        region; a predicted one does only where no measured one reaches the limit itself.
    cloud : array (H, W, 3) or None
        Metric cloud of the part, metres, from which sizes are taken.
    """
    labels, _ = ndimage.label(fused >= limit, np.ones((3, 3)))
    found = []
    for label, box in enumerate(ndimage.find_objects(labels), start=1):
        inside = labels[box] == label
        # Box by box: over the whole of a large map all pixels would be sorted.
        highest = np.where(inside, fused[box], -np.inf).argmax()
        below, beside = np.unravel_index(highest, inside.shape)
        row, column = int(box[0].start + below), int(box[1].start + beside)
        name = _seen_by({n: (p, float(m[row, column])) for n, (p, m) in sources.items()}, limit)
        area, extent, position = (
            (None, None, None) if cloud is None else _metric(cloud, box, inside, (row, column))
        )
        found.append(
            Region(
                score=float(fused[row, column]),
                modality=name,
                provenance=sources[name][0],
                area_px=int(inside.sum()),
                box=(box[0].start, box[1].start, box[0].stop, box[1].stop),
                peak=(row, column),
                area_mm2=area,
                extent_mm=extent,
                position_mm=position,
                length_px=_length(np.argwhere(inside)) + 1,
                depth_mm=None if cloud is None else depth(cloud, box, inside, labels > 0),
            )
        )
    return tuple(sorted(found, key=lambda region: -region.score)[:_MOST])


def _seen_by(values: Mapping[str, tuple[Provenance, float]], limit: float) -> str:
    # A prediction looks at nothing: it is made of what was measured, and counts much less.
    measured = {n: v for n, (how, v) in values.items() if how is Provenance.MEASURED and v >= limit}
    return max(measured or values, key=lambda name: values[name][1])


def _metric(
    cloud: Map, box: tuple[slice, ...], inside: NDArray[np.bool_], peak: tuple[int, int]
) -> _Sizes:
    """Return area, extent and position; a hole in the cloud is as if the surface around went on."""
    top, left = (max(side.start - _AROUND, 0) for side in box)
    around = cloud[top : box[0].stop + _AROUND, left : box[1].stop + _AROUND].astype(np.float64)
    around *= 1000
    measured = np.isfinite(around[..., 0] + around[..., 1] + around[..., 2])
    place = (peak[0] - top, peak[1] - left)
    position = _millimetres(around[place]) if measured[place] else None
    if min(around.shape[:2]) < 2:
        return None, None, position
    # What one row down and one column to the right are on the part.
    steps = np.stack([np.gradient(around, axis=axis) for axis in (0, 1)])
    cells = np.linalg.norm(np.cross(steps[0], steps[1]), axis=-1)
    known = np.isfinite(cells)
    if not known.any():
        return None, None, position
    here = (
        slice(box[0].start - top, box[0].stop - top),
        slice(box[1].start - left, box[1].stop - left),
    )
    region = np.zeros_like(known)
    region[here] = inside
    own = known & region
    usual = np.median(steps[:, own if own.any() else known], axis=1)
    cell = float(np.linalg.norm(np.cross(usual[0], usual[1])))
    if position is None:
        away = place - np.argwhere(measured)
        nearest = np.square(away).sum(1).argmin()
        position = _millimetres(around[measured][nearest] + away[nearest] @ usual)
    surface = own & (cells <= _STEEPEST * cell)
    # Cells beside holes have no gradient: they count as the others do on average.
    one = float(cells[surface].mean()) if surface.any() else cell
    # A point or two that are all of a small region measure it; of a large one they say nothing.
    enough = (measured & region).sum() >= min(3, inside.sum())
    if enough:
        # What is enclosed by points is a hole in the part; what is not lies beside it.
        region &= ndimage.binary_fill_holes(measured)
    flat = enough and not (own & ~surface).any()
    points = around[measured & region] if flat else np.argwhere(region) @ usual
    # A single pixel is as long as its side.
    return one * int(region.sum()), max(_length(points), one**0.5), position


def _length(points: NDArray[np.number]) -> float:
    """Return how far points (N, dimensions) reach along the axis they are spread along most."""
    centred = points - points.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return float(np.ptp(centred @ axes[:, -1]))


def _millimetres(point: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = point.tolist()
    return x, y, z
