"""The 3D scene: one mesh that lives as long as the plotter, with its arrays replaced in place."""

import math
from itertools import product
from typing import Any

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from app.colour_scale import Colours

_COLOURS = "colours"
_VIEW_ANGLE = 25.0
_FILL = 0.94
_NEAREST = 1e-6
_MOVED = 0.2
# Clouds are in the camera's frame: x to the right, y down, z away from it.
_DOWN = np.array([0.0, 1.0, 0.0])
_FORWARD = np.array([0.0, -0.55, 1.0])


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
            lighting=False,
            render=False,
            reset_camera=False,
        )
        self._actor.VisibilityOff()
        self._framed: NDArray[np.float64] | None = None

    @property
    def size(self) -> int:
        """Number of points shown."""
        return int(self._mesh.n_points) if self._actor.GetVisibility() else 0

    @property
    def is_framed(self) -> bool:
        """Whether the points lie about where those lay that the camera was turned to."""
        if self._framed is None:
            return False
        moved = np.abs(np.array(self._mesh.bounds).reshape(3, 2) - self._framed).max()
        return bool(moved < _MOVED * np.ptp(self._framed, axis=1).max())

    def show(self, points: NDArray[np.float32], colours: Colours, size: float) -> None:
        """Show other points, `size` pixels wide."""
        mesh = pv.PolyData(points)
        mesh[_COLOURS] = colours
        self._mesh.copy_from(mesh)
        self._actor.GetProperty().SetPointSize(size)
        self._actor.VisibilityOn()

    def recolour(self, colours: Colours) -> None:
        """Give the points shown other colours."""
        self._mesh[_COLOURS][:] = colours
        self._mesh.GetPointData().GetArray(_COLOURS).Modified()

    def look_from_camera(self, aspect: float) -> None:
        """Look at the part from where it was recorded, tilted a little to see its relief.

        Parameters
        ----------
        aspect : float
            Width of the view by its height; the part is made to fill it.
        """
        bounds = np.array(self._mesh.bounds).reshape(3, 2)
        self._framed = bounds
        centre = bounds.mean(axis=1)
        forward = _FORWARD / np.linalg.norm(_FORWARD)
        right = np.cross(forward, -_DOWN)
        corners = np.array(list(product(*bounds))) - centre
        across, ahead = np.abs(corners @ right), corners @ forward
        above = np.abs(corners @ np.cross(right, forward))
        reach = math.tan(math.radians(_VIEW_ANGLE / 2)) * _FILL
        distance = max(float((np.maximum(across / aspect, above) / reach - ahead).max()), _NEAREST)
        camera = self._plotter.camera
        camera.view_angle = _VIEW_ANGLE
        camera.focal_point = tuple(centre)
        camera.position = tuple(centre - distance * forward)
        camera.up = tuple(-_DOWN)
        self._plotter.renderer.ResetCameraClippingRange()

    def set_ground(self, colour: str) -> None:
        """Set the colour behind the points."""
        self._plotter.set_background(colour)
