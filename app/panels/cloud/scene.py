"""The 3D scene: one mesh that lives as long as the plotter, with its arrays replaced in place."""

from typing import Any

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from app.colour_scale import Colours

_COLOURS = "colours"
_POINT_SIZE = 3.2


class Scene:
    """Points in a plotter.

    Parameters
    ----------
    plotter : pyvista.BasePlotter
        On the screen or off it.
    """

    def __init__(self, plotter: Any) -> None:
        self._plotter = plotter
        self._mesh = pv.PolyData(np.zeros((1, 3), np.float32))
        self._mesh[_COLOURS] = np.zeros((1, 3), np.uint8)
        self._actor = plotter.add_mesh(
            self._mesh,
            scalars=_COLOURS,
            rgb=True,
            style="points",
            point_size=_POINT_SIZE,
            lighting=False,
            render=False,
            reset_camera=False,
        )
        self._actor.VisibilityOff()

    @property
    def size(self) -> int:
        """Number of points shown."""
        return int(self._mesh.n_points) if self._actor.GetVisibility() else 0

    def show(self, points: NDArray[np.float32], colours: Colours) -> None:
        """Show other points."""
        mesh = pv.PolyData(points)
        mesh[_COLOURS] = colours
        self._mesh.copy_from(mesh)
        self._actor.VisibilityOn()

    def recolour(self, colours: Colours) -> None:
        """Give the points shown other colours."""
        self._mesh[_COLOURS][:] = colours
        self._mesh.GetPointData().GetArray(_COLOURS).Modified()

    def look_from_camera(self) -> None:
        """Look at the part from where it was recorded, a little from below to see its relief."""
        low_x, high_x, low_y, high_y, low_z, high_z = self._mesh.bounds
        centre = np.array([low_x + high_x, low_y + high_y, low_z + high_z]) / 2
        extent = max(high_x - low_x, high_y - low_y, high_z - low_z, 1e-9)
        camera = self._plotter.camera
        camera.focal_point = tuple(centre)
        camera.position = tuple(centre + extent * np.array([0.0, 0.9, -1.5]))
        camera.up = (0.0, -1.0, 0.0)
        self._plotter.reset_camera(render=False, bounds=self._mesh.bounds)
        camera.zoom(1.25)

    def set_ground(self, colour: str) -> None:
        """Set the colour behind the points."""
        self._plotter.set_background(colour)
