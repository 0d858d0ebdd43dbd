"""Coloured points in a plotter."""

from typing import Any

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from app.colour_scale import Colours

_COLOURS = "colours"


class Points:
    """One mesh that lives as long as the plotter, with its arrays replaced in place.

    Parameters
    ----------
    plotter : pyvista.BasePlotter
        On the screen or off it.
    """

    def __init__(self, plotter: Any) -> None:
        self.mesh = pv.PolyData(np.zeros((1, 3), np.float32))
        self.mesh[_COLOURS] = np.zeros((1, 3), np.uint8)
        self._actor = plotter.add_mesh(
            self.mesh,
            scalars=_COLOURS,
            rgb=True,
            style="points",
            lighting=False,
            render=False,
            reset_camera=False,
        )
        self._actor.VisibilityOff()

    @property
    def is_visible(self) -> bool:
        """Whether they are drawn."""
        return bool(self._actor.GetVisibility())

    @is_visible.setter
    def is_visible(self, visible: bool) -> None:
        self._actor.SetVisibility(visible)

    @property
    def size(self) -> float:
        """Width of a point in pixels."""
        return float(self._actor.GetProperty().GetPointSize())

    @size.setter
    def size(self, size: float) -> None:
        self._actor.GetProperty().SetPointSize(size)

    def show(self, points: NDArray[np.float32], colours: Colours) -> None:
        """Show other points (N, 3); the arrays are kept, not copied."""
        mesh = pv.PolyData(points)
        mesh[_COLOURS] = colours
        self.mesh.copy_from(mesh, deep=False)

    def recolour(self, colours: Colours) -> None:
        """Give the points other colours (N, 3)."""
        self.mesh[_COLOURS][:] = colours
        self.mesh.GetPointData().GetArray(_COLOURS).Modified()

    @property
    def colours(self) -> Colours:
        """The colours (N, 3)."""
        return np.asarray(self.mesh[_COLOURS])
