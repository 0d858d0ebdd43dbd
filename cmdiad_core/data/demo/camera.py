"""The pinhole camera that colour image, point cloud and thermogram of the demo share."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: float32 but for intermediate results.
Floats = NDArray[np.floating[Any]]

#: The scene is modelled on a grid this many times finer than the pixels, against jagged edges.
OVERSAMPLING = 2


@dataclass(frozen=True)
class Camera:
    """A camera looking straight down on the fixture, x right, y down, z away from it.

    Parameters
    ----------
    width, height : int
        Image size in pixels.
    focus : float
        Focal length in metres.
    pitch : float
        Edge of one (square) sensor cell in metres.
    cx, cy : float
        Principal point in pixels; (0, 0) is the centre of the first pixel.
    distance : float
        From the camera to the fixture in metres.
    """

    width: int = 256
    height: int = 224
    focus: float = 0.016
    pitch: float = 16e-6
    cx: float = 128.6
    cy: float = 110.9
    distance: float = 0.3

    def parameters(self) -> dict[str, float | int | str]:
        """Return the content of ``camera_parameters.json`` in MVTec's words."""
        return {
            "camera_type": "area_scan_division",
            "focus": self.focus,
            "kappa": 0.0,
            "sx": self.pitch,
            "sy": self.pitch,
            "cx": self.cx,
            "cy": self.cy,
            "image_width": self.width,
            "image_height": self.height,
        }

    def rays(self) -> tuple[Floats, Floats]:
        """Return x/z of each column, shape (W,), and y/z of each row, shape (H,)."""
        scale = self.pitch / self.focus
        columns = (np.arange(self.width) - self.cx) * scale
        rows = (np.arange(self.height) - self.cy) * scale
        return columns.astype(np.float32), rows.astype(np.float32)

    def scene_grid(self) -> tuple[Floats, Floats]:
        """Return where the fine grid meets the fixture: x (1, W * n) and y (H * n, 1) in mm."""
        scale = 1000 * self.distance * self.pitch / self.focus
        columns = (np.arange(self.width * OVERSAMPLING) + 0.5) / OVERSAMPLING - 0.5 - self.cx
        rows = (np.arange(self.height * OVERSAMPLING) + 0.5) / OVERSAMPLING - 0.5 - self.cy
        return (
            (columns * scale).astype(np.float32)[None, :],
            (rows * scale).astype(np.float32)[:, None],
        )

    @property
    def step(self) -> float:
        """Distance of two neighbours of the fine grid on the fixture, in mm."""
        return 1000 * self.distance * self.pitch / self.focus / OVERSAMPLING


CAMERA = Camera()


def to_pixels(fine: Floats) -> Floats:
    """Average an array (..., H * n, W * n) of the fine grid over each pixel: (..., H, W)."""
    n = OVERSAMPLING
    total: Floats = fine[..., ::n, ::n].astype(np.float32, copy=True)
    for row in range(n):
        for column in range(n):
            if row or column:
                total += fine[..., row::n, column::n]
    return total / np.float32(n * n)
