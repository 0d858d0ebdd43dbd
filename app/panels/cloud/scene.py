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
# How far from the mouse, in pixels, a point may be seen that it points at.
_REACH = 6.0
# Share of the diagonal by which a point must lie deeper to be hidden by one beside it.
_BEHIND = 0.05
#: Radius and width in pixels and brightness of the rings around the marked point.
_RINGS = ((8, 5, 0.07), (8, 2, 1.0))
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
        self._rings = [_ring(plotter, *ring) for ring in _RINGS]

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
        self.set_point_size(size)
        self._actor.VisibilityOn()

    def set_point_size(self, size: float) -> None:
        """Draw the points shown `size` pixels wide."""
        self._actor.GetProperty().SetPointSize(size)

    def recolour(self, colours: Colours) -> None:
        """Give the points shown other colours."""
        self._mesh[_COLOURS][:] = colours
        self._mesh.GetPointData().GetArray(_COLOURS).Modified()

    def mark(self, point: NDArray[np.float32] | None) -> None:
        """Put a ring, always in front, around a point (3,); None removes it."""
        for ring in self._rings:
            ring.SetVisibility(point is not None)
            if point is not None:
                ring.GetPositionCoordinate().SetValue(*(float(value) for value in point))

    @property
    def marked(self) -> tuple[float, float, float] | None:
        """The point inside the ring."""
        ring = self._rings[0]
        return tuple(ring.GetPositionCoordinate().GetValue()) if ring.GetVisibility() else None

    def pick(self, across: float, down: float) -> int | None:
        """Return the number of the point that is seen at a place of the view.

        Parameters
        ----------
        across, down : float
            Shares of the view's width from the left and of its height from the top.

        Returns
        -------
        int or None
            The nearest of the points about there that nothing hides; None where there is none.
        """
        if not self.size:
            return None
        width, height = self._plotter.window_size
        x, y, depth = self._projected(width / height)
        reach = max(_REACH, float(self._actor.GetProperty().GetPointSize()))
        near = ((x - across) * width) ** 2 + ((y - down) * height) ** 2
        about = np.flatnonzero((near < reach**2) & (depth > 0))
        if not about.size:
            return None
        # What shines through from behind is not what the mouse points at.
        behind = depth[about].min() + self._mesh.length * _BEHIND
        front = about[depth[about] <= behind]
        return int(front[near[front].argmin()])

    def places(self) -> NDArray[np.float32]:
        """Return where every point is seen (N, 2), as the shares that `pick` takes."""
        width, height = self._plotter.window_size
        x, y, _ = self._projected(width / height)
        return np.stack([x, y], axis=-1)

    def place_of(self, point: NDArray[np.float32]) -> tuple[float, float]:
        """Return where a point (3,) is seen, as the shares that `pick` takes."""
        width, height = self._plotter.window_size
        x, y, _ = self._projected(width / height, point[None])
        return float(x[0]), float(y[0])

    def _projected(
        self, aspect: float, points: NDArray[np.float32] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        matrix = self._plotter.camera.GetCompositeProjectionTransformMatrix(aspect, -1, 1)
        rows = np.array([[matrix.GetElement(i, j) for j in range(4)] for i in range(4)], np.float32)
        seen = self._mesh.points if points is None else points
        x, y, _, depth = (seen @ rows[:, :3].T + rows[:, 3]).T
        return (1 + x / depth) / 2, (1 - y / depth) / 2, depth

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
        right /= np.linalg.norm(right)
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

    def camera(self) -> list[list[float]]:
        """Return position, focal point and upward direction of the eye."""
        eye = self._plotter.camera
        return [list(eye.position), list(eye.focal_point), list(eye.up)]

    def set_camera(self, camera: list[list[float]]) -> None:
        """Look from where `camera` was."""
        eye = self._plotter.camera
        eye.position, eye.focal_point, eye.up = (tuple(place) for place in camera)
        self._framed = np.array(self._mesh.bounds).reshape(3, 2)
        self._plotter.renderer.ResetCameraClippingRange()

    def set_ground(self, colour: str) -> None:
        """Set the colour behind the points."""
        self._plotter.set_background(colour)


def _ring(plotter: Any, radius: int, width: int, brightness: float) -> Any:
    from vtkmodules.vtkRenderingCore import vtkActor2D, vtkPolyDataMapper2D

    angles = np.linspace(0, 2 * np.pi, 33)
    circle = np.stack([np.cos(angles), np.sin(angles), np.zeros(33)], axis=-1) * radius
    mapper = vtkPolyDataMapper2D()
    mapper.SetInputData(pv.lines_from_points(circle.astype(np.float32)))
    ring = vtkActor2D()
    ring.SetMapper(mapper)
    ring.GetPositionCoordinate().SetCoordinateSystemToWorld()
    ring.GetProperty().SetColor(brightness, brightness, brightness)
    ring.GetProperty().SetLineWidth(width)
    ring.SetVisibility(False)
    plotter.renderer.AddViewProp(ring)
    return ring
