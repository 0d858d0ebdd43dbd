"""What the tools touch: areas of the pixel grid.

A pixel belongs to a shape when its centre does. The first pixel's centre lies at (0.5, 0.5).
"""

import math

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.annotation.area import Area
from cmdiad_core.annotation.runs import Runs, runs_of
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Map

Points = NDArray[np.float64]
_NOTHING = Area(0, 0, np.zeros((0, 0), np.bool_))
#: Times that the outline of a polygon may cross the rows of the grid.
MAX_CROSSINGS = 5_000_000


def brush(
    begin: tuple[float, float], end: tuple[float, float], radius: float, shape: tuple[int, int]
) -> Area:
    """Return what a disc covers on its way.

    Parameters
    ----------
    begin, end : tuple of float
        Row and column of its centre.
    radius : float
        In pixels. The pixel under `end` is covered by the smallest disc too.
    shape : tuple of int
        Height and width of the grid.
    """
    low = [max(math.floor(min(a, b) - radius), 0) for a, b in zip(begin, end, strict=True)]
    high = [
        min(math.ceil(max(a, b) + radius) + 1, side)
        for a, b, side in zip(begin, end, shape, strict=True)
    ]
    if low[0] >= high[0] or low[1] >= high[1]:
        return _NOTHING
    rows = np.arange(low[0], high[0])[:, None] + 0.5 - begin[0]
    columns = np.arange(low[1], high[1])[None] + 0.5 - begin[1]
    down, across = end[0] - begin[0], end[1] - begin[1]
    along = (rows * down + columns * across) / max(down**2 + across**2, 1e-12)
    along = np.clip(along, 0, 1)
    inside = (rows - along * down) ** 2 + (columns - along * across) ** 2 <= radius**2
    row, column = math.floor(end[0]), math.floor(end[1])
    if low[0] <= row < high[0] and low[1] <= column < high[1]:
        inside[row - low[0], column - low[1]] = True
    return Area(low[0], low[1], inside)


def polygon(rings: list[Points], shape: tuple[int, int]) -> Area:
    """Return the inside of rings by the even-odd rule: a ring inside another one is a hole.

    Parameters
    ----------
    rings : list of array (N, 2)
        Row and column of the corners; they may lie off the grid. The last one joins the first.
    shape : tuple of int
        Height and width of the grid.

    Raises
    ------
    InputError
        A corner is not finite, or the outline is far too long for the grid.
    """
    corners = np.concatenate(rings) if rings else np.zeros((0, 2))
    if not np.isfinite(corners).all():
        raise InputError("polygon", "has a corner that is not a number")
    if len(corners) < 3:
        return _NOTHING
    # Far corners would overflow; none of the grid's pixels sees the difference.
    low = np.clip(np.floor(corners.min(axis=0)), 0, shape).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)), 0, shape).astype(int)
    if (low >= high).any():
        return _NOTHING
    begin = corners - low
    end = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings]) - low
    rows, columns = high - low
    # The rows whose centres lie from the upper end on and above the lower end.
    ends = np.stack([begin[:, 0], end[:, 0]])
    first, last = np.clip(np.ceil(np.sort(ends, axis=0) - 0.5), 0, rows).astype(int)
    counts = last - first
    if counts.sum() > MAX_CROSSINGS:
        raise InputError("polygon", f"has {len(corners)} corners, more than can be drawn")
    edge = np.repeat(np.arange(len(counts)), counts)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    slope = (end[edge, 1] - begin[edge, 1]) / (end[edge, 0] - begin[edge, 0])
    crossed = begin[edge, 1] + (row + 0.5 - begin[edge, 0]) * slope
    column = np.clip(np.ceil(crossed - 0.5), 0, columns).astype(int)
    crossings = np.bincount(row * (columns + 1) + column, minlength=rows * (columns + 1))
    odd = np.cumsum(crossings.reshape(rows, columns + 1), axis=1) % 2 == 1
    return Area(int(low[0]), int(low[1]), odd[:, :columns])


class ConnectedAreas:
    """The connected areas of a map at or above a level: what the magic wand takes.

    Parameters
    ----------
    values : array (h, w)
        Anomaly map.
    level : float
        At the lower limit of the operating point, the areas are the regions of an inspection.
    shape : tuple of int
        Height and width of the grid that the map is stretched over; its pixels become blocks.
    """

    def __init__(self, values: Map, level: float, shape: tuple[int, int]) -> None:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        self._map_shape, self._shape = values.shape, shape
        # Labelling pixel by pixel takes several times as long on a large map.
        self._runs = runs_of(values >= level)
        rows, begins, ends = self._runs
        count, width = len(rows), values.shape[1] + 1
        # The runs of the next row that touch a run, also by a corner.
        first = np.searchsorted(rows * width + ends, (rows + 1) * width + begins)
        after = np.searchsorted(rows * width + begins, (rows + 1) * width + ends, "right")
        touching = np.maximum(after - first, 0)
        above = np.repeat(np.arange(count), touching)
        below = np.arange(len(above)) + np.repeat(first - np.cumsum(touching) + touching, touching)
        links = coo_array((np.ones(len(above), np.bool_), (above, below)), (count, count))
        self._labels = connected_components(links, directed=False)[1]

    def at(self, row: float, column: float) -> Area:
        """Return the area of the grid that holds a place; an empty one below the level."""
        rows, begins, ends = self._runs
        (height, width), grid = self._map_shape, self._shape
        down, across = int(row * height / grid[0]), int(column * width / grid[1])
        hit = np.flatnonzero((rows == down) & (begins <= across) & (across < ends))
        if not hit.size:
            return _NOTHING
        chosen = self._labels == self._labels[hit[0]]
        runs = Runs(rows[chosen], begins[chosen], ends[chosen])
        top, left = int(runs.rows[0]), int(runs.begins.min())
        steps = np.zeros((int(runs.rows[-1]) + 1 - top, int(runs.ends.max()) + 1 - left), np.int8)
        steps[runs.rows - top, runs.begins - left] = 1
        steps[runs.rows - top, runs.ends - left] = -1
        inside = np.cumsum(steps, axis=1, dtype=np.int8)[:, :-1].view(np.bool_)
        if grid == self._map_shape:
            return Area(top, left, inside)
        # The pixel of the map that every row and column of the grid has its centre in.
        of_row, of_column = (
            ((np.arange(new) + 0.5) * old / new).astype(int)
            for new, old in zip(grid, self._map_shape, strict=True)
        )
        first_row, last_row = np.searchsorted(of_row, (top, top + inside.shape[0]))
        first, last = np.searchsorted(of_column, (left, left + inside.shape[1]))
        pixels = np.ix_(of_row[first_row:last_row] - top, of_column[first:last] - left)
        return Area(int(first_row), int(first), inside[pixels])


def lasso(
    places: NDArray[np.floating], loop: NDArray[np.floating], pixels: NDArray[np.bool_]
) -> Area:
    """Return the pixels of a cloud whose points are seen inside a loop.

    Parameters
    ----------
    places : array (N, 2)
        Where each point is seen; any unit.
    loop : array (M, 2)
        Corners of the loop, in the same unit.
    pixels : array (H, W) of bool
        Where the cloud has a point, N in all, row by row.
    """
    from matplotlib.path import Path

    if len(loop) < 3:
        return _NOTHING
    mask = np.zeros(pixels.shape, np.bool_)
    mask[pixels] = Path(loop).contains_points(places)
    return Area.of_mask(mask)
