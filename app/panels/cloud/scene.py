"""The 3D scene: few points while the camera moves, and all of them, piece by piece, at rest."""

import math
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.colour_scale import Colours
from app.panels.cloud.blocks import Blocks
from app.panels.cloud.budget import Budget
from app.panels.cloud.pieces import Pieces
from app.panels.cloud.points import Points

_VIEW_ANGLE = 25.0
_FILL = 0.94
_NEAREST = 1e-6
_MOVED = 0.2
# How far from the mouse, in pixels, a point may be seen that it points at.
_REACH = 6.0
# Share of the diagonal by which a point must lie deeper to be hidden by one beside it.
_BEHIND = 0.05
# Width in pixels that closes the gaps between the few points; wider ones take longer to draw.
_FEW_SIZE = 4.0
# Times the few points that are drawn at once at rest.
_AT_REST = 2
# Clouds are in the camera's frame: x to the right, y down, z away from it.
_DOWN = np.array([0.0, 1.0, 0.0])
_FORWARD = np.array([0.0, -0.55, 1.0])


class Scene:
    """Points in a plotter.

    Parameters
    ----------
    plotter : pyvista.BasePlotter
        On the screen or off it.

    Attributes
    ----------
    few : array (n,) or None
        Numbers, in order, of the points that stand for all while something moves; None where
        all can be drawn quickly.
    marked : array (3,) or None
        The point that views mark.
    """

    def __init__(self, plotter: Any) -> None:
        self._plotter = plotter
        self._all, self._sparse = Pieces(plotter), Points(plotter)
        self._framed: NDArray[np.float64] | None = None
        self._budget = Budget()
        self._blocks: Blocks | None = None
        self._moving = False
        self.few: NDArray[np.intp] | None = None
        self.marked: NDArray[np.float32] | None = None

    @property
    def size(self) -> int:
        """Number of points drawn."""
        return self._all.drawn + (int(self._sparse.mesh.n_points) if self.is_sparse else 0)

    @property
    def is_framed(self) -> bool:
        """Whether the points lie about where those lay that the camera was turned to."""
        if self._framed is None:
            return False
        moved = np.abs(self._all.bounds - self._framed).max()
        return bool(moved < _MOVED * np.ptp(self._framed, axis=1).max())

    def show(self, points: NDArray[np.float32], colours: Colours, size: float) -> None:
        """Show other points, `size` pixels wide."""
        self._all.show(points, colours)
        self.set_point_size(size)
        self._blocks = None
        self._choose()
        self.rest()

    def set_point_size(self, size: float) -> None:
        """Draw the points shown `size` pixels wide."""
        self._all.size, self._sparse.size = size, max(size, _FEW_SIZE)

    def recolour(self, colours: Colours) -> None:
        """Give all points other colours (N, 3)."""
        self._all.recolour(colours)
        if self.few is not None:
            self._sparse.recolour(colours[self.few])

    def recolour_few(self, colours: Colours) -> None:
        """Draw only the few points, in other colours (n, 3); all keep theirs."""
        self._sparse.recolour(colours)
        self.move()

    @property
    def length(self) -> float:
        """Diagonal of the box around all points."""
        return float(np.linalg.norm(np.ptp(self._all.bounds, axis=1)))

    @property
    def is_sparse(self) -> bool:
        """Whether only the few points are drawn."""
        return self._sparse.is_visible

    @property
    def is_whole(self) -> bool:
        """Whether all points are drawn."""
        return self._all.is_whole

    def move(self) -> None:
        """Draw only so many points as can be drawn quickly."""
        self._moving = True
        self.begin()

    def rest(self) -> None:
        """Draw all points."""
        self._moving = False
        self.begin()

    def begin(self) -> None:
        """Make ready for a frame of its own: of all points as many as are drawn quickly."""
        self._sparse.is_visible = self._moving and self.few is not None
        # What is drawn over what was there must not move against it.
        self._plotter.renderer.SetErase(True)
        self._all.begin(0 if self._sparse.is_visible else self._at_once)

    def go_on(self) -> None:
        """Make ready for a frame that adds points to the one before."""
        self._plotter.renderer.SetErase(False)
        self._all.go_on(self._at_once)

    @property
    def _at_once(self) -> int:
        """Points that may be drawn in one frame at rest; they are not as wide as the few."""
        return len(self._all.points) if self.few is None else _AT_REST * self._budget.points

    def time_frame(self, seconds: float) -> None:
        """Take how long drawing took; another number of points may stand for all then."""
        if self._moving and self._budget.spend(seconds):
            self._choose()
            self.begin()

    def _choose(self) -> None:
        count, most = len(self._all.points), self._budget.points
        self.few = None if count <= most else _spread(count, most)
        if self.few is not None:
            self._sparse.show(self._all.points[self.few], self._all.colours[self.few])

    @property
    def marked_place(self) -> tuple[float, float] | None:
        """Where the marked point is seen, as the shares that `pick` takes; None where it is not."""
        place = None if self.marked is None else self.place_of(self.marked)
        return place if place is not None and min(place) >= 0 and max(place) <= 1 else None

    def mark(self, point: NDArray[np.float32] | None) -> None:
        """Note the point (3,) that views mark; None for none."""
        self.marked = point

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
        points = self._all.points
        if self._blocks is None:
            self._blocks = Blocks(points)
        width, height = self._plotter.window_size
        reach = max(_REACH, self._all.size)
        place = 2 * across - 1, 1 - 2 * down
        # A pixel more: numbers of 32 bits are not exact.
        within = 2 * (reach + 1) / width, 2 * (reach + 1) / height
        numbers = self._blocks.about(self._matrix(), place, within)
        x, y, depth = self._projected(points[numbers])
        near = ((x - across) * width) ** 2 + ((y - down) * height) ** 2
        about = np.flatnonzero((near < reach**2) & (depth > 0))
        if not about.size:
            return None
        # What shines through from behind is not what the mouse points at.
        behind = depth[about].min() + self.length * _BEHIND
        front = about[depth[about] <= behind]
        return int(numbers[front[near[front].argmin()]])

    def places(self) -> NDArray[np.float32]:
        """Return where every point is seen (N, 2), as the shares that `pick` takes."""
        x, y, _ = self._projected(self._all.points)
        return np.stack([x, y], axis=-1)

    def place_of(self, point: NDArray[np.float32]) -> tuple[float, float] | None:
        """Return where a point (3,) is seen, as the shares that `pick` takes; None behind."""
        x, y, depth = self._projected(point[None])
        return (float(x[0]), float(y[0])) if depth[0] > 0 else None

    def _projected(
        self, points: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        rows = self._matrix()
        x, y, _, depth = (points @ rows[:, :3].T + rows[:, 3]).T
        with np.errstate(divide="ignore", invalid="ignore"):
            return (1 + x / depth) / 2, (1 - y / depth) / 2, depth

    def _matrix(self) -> NDArray[np.float32]:
        width, height = self._plotter.window_size
        camera = self._plotter.camera
        matrix = camera.GetCompositeProjectionTransformMatrix(width / height, -1, 1)
        rows = [[matrix.GetElement(i, j) for j in range(4)] for i in range(4)]
        return np.array(rows, np.float32)

    def look_from_camera(self, aspect: float) -> None:
        """Look at the part from where it was recorded, tilted a little to see its relief.

        Parameters
        ----------
        aspect : float
            Width of the view by its height; the part is made to fill it.
        """
        bounds = self._framed = self._all.bounds
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
        self._framed = self._all.bounds
        self._plotter.renderer.ResetCameraClippingRange()

    def set_ground(self, colour: str) -> None:
        """Set the colour behind the points."""
        self._plotter.set_background(colour)


def _spread(count: int, wanted: int) -> NDArray[np.intp]:
    """Choose about `wanted` of `count` points: as many from each stretch, at random within it."""
    step = -(-count // wanted)
    # A fixed stride would draw stripes across the rows of a scan.
    chosen = np.arange(0, count, step)
    chosen += np.random.default_rng(0).integers(0, step, len(chosen))
    return np.minimum(chosen, count - 1)
