"""What the tools would take on the shown part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.session import Session

if TYPE_CHECKING:
    from cmdiad_core.annotation import Area
    from cmdiad_core.annotation.shapes import ConnectedAreas
    from cmdiad_core.inspection import Map


class Offer:
    """Connected areas of the shown anomaly map, found once per map and level.

    Parameters
    ----------
    session : Session
        Whose part is shown.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: tuple[Map, float, ConnectedAreas] | None = None

    @property
    def level(self) -> float | None:
        """Score from which the wand takes pixels."""
        chosen, limits = self._session.annotating.level, self._session.operating_point
        return limits.accept_below if chosen is None and limits is not None else chosen

    @property
    def region_level(self) -> float | None:
        """Score from which the regions of the inspection were found."""
        found = self._session.found_inspection
        return None if found is None else found.operating_point.accept_below

    def area_at(self, modality: str, row: float, column: float, level: float | None) -> Area | None:
        """Return the connected area of the map at a place of a modality; None where none is."""
        sample, inspection = self._session.sample, self._session.inspection
        if sample is None or inspection is None or level is None:
            return None
        grid = sample.grid_of(modality)
        values = inspection.map_over(modality)
        if grid is None or values is None:
            return None
        height, width = sample.grids[grid]
        if not (0 <= row < height and 0 <= column < width):
            return None
        area = self._areas(values, level, (height, width)).at(row, column)
        return area if area.inside.any() else None

    def _areas(self, values: Map, level: float, shape: tuple[int, int]) -> ConnectedAreas:
        if self._found is None or self._found[0] is not values or self._found[1] != level:
            from cmdiad_core.annotation.shapes import ConnectedAreas

            self._found = values, level, ConnectedAreas(values, level, shape)
        return self._found[2]


def polygon_area(corners: list[tuple[float, float]], shape: tuple[int, int]) -> Area:
    """Return the inside of clicked corners, row and column each."""
    from cmdiad_core.annotation.shapes import polygon

    return polygon([np.array(corners, np.float64)], shape)


def lasso_area(
    places: NDArray[np.float32], loop: list[tuple[float, float]], pixels: NDArray[np.bool_]
) -> Area:
    """Return the pixels (H, W) whose points are seen at places (N, 2) inside a loop."""
    from cmdiad_core.annotation.shapes import lasso

    return lasso(places, np.array(loop, np.float64), pixels)
