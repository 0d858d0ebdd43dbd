import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.yaml_numbers import YAML, read_numbers
from cmdiad_core.errors import InputError

#: Where the parameters of a data set's camera lie, below its folder.
CAMERA_FILES = ("calibration/camera_parameters.json", "camera_parameters.json", "camera.json")

_MAX_BYTES = 1_000_000

#: The one camera of Eyecandies (eyecan-ai.github.io/eyecandies): focal length and side in pixels.
_EYECANDIES_FOCAL, _EYECANDIES_SIDE = 711.11, 512
#: Largest value of its depth images, which are stretched to 16 bits.
_EYECANDIES_LARGEST = 65535


@dataclass(frozen=True)
class Camera:
    """A pinhole camera, with the radial distortion of the division model.

    Parameters
    ----------
    fx, fy : float
        Focal lengths in pixels.
    cx, cy : float
        Principal point in pixels.
    size : tuple of int or None
        Height and width of its images; None where the file does not say.
    depth_scale : float or None
        Metres per unit of depth; None where the file does not say.
    distortion : float
        Division coefficient for image coordinates divided by the focal length; 0 for none.
    depth_offset : float
        Metres that the depth value 0 stands for.
    """

    fx: float
    fy: float
    cx: float
    cy: float
    size: tuple[int, int] | None = None
    depth_scale: float | None = None
    distortion: float = 0.0
    depth_offset: float = 0.0

    def rays(self, height: int, width: int) -> NDArray[np.float64]:
        """Return (H, W, 3): the point at depth 1 that each pixel sees."""
        x = (np.arange(width) - self.cx) / self.fx
        y = (np.arange(height) - self.cy) / self.fy
        rays = np.ones((height, width, 3))
        rays[..., 0], rays[..., 1] = np.meshgrid(x, y)
        radius = rays[..., 0] ** 2 + rays[..., 1] ** 2
        rays[..., :2] /= (1 + self.distortion * radius)[..., None]
        return rays


def find_camera(folder: Path) -> Path | None:
    """Return the camera file of the data set in `folder`, None where there is none."""
    return next((folder / name for name in CAMERA_FILES if (folder / name).is_file()), None)


def read_camera(path: Path) -> Camera:
    """Return the camera described by a file.

    A JSON file has either the keys of MVTec 3D-AD (focus, sx, sy in metres, cx, cy, kappa in
    1/m²), or fx, fy, cx, cy in pixels and optionally depth_scale in metres per unit. A YAML file
    has the depths in metres that the values 0 and 65535 stand for, as Eyecandies writes them.

    Raises
    ------
    InputError
        Not such a file, or a value that no camera has.
    """
    if path.suffix.lower() in YAML:
        return _eyecandies(path)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(path, "is too large for camera parameters")
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(path, f"cannot be read as camera parameters: {error}") from error
    if not isinstance(entries, dict):
        raise InputError(path, "holds no camera parameters; fx, fy, cx and cy are needed")
    cx, cy = _number(path, entries, "cx"), _number(path, entries, "cy")
    if "focus" in entries:
        focus = _positive(path, entries, "focus")
        fx, fy = focus / _positive(path, entries, "sx"), focus / _positive(path, entries, "sy")
        distortion = _number(path, {"kappa": 0.0, **entries}, "kappa") * focus**2
    else:
        fx, fy, distortion = _positive(path, entries, "fx"), _positive(path, entries, "fy"), 0.0
    scale = _positive(path, entries, "depth_scale") if "depth_scale" in entries else None
    size = None
    if "image_width" in entries and "image_height" in entries:
        height, width = (_positive(path, entries, f"image_{side}") for side in ("height", "width"))
        size = int(height), int(width)
    return Camera(fx, fy, cx, cy, size, scale, distortion)


def _eyecandies(path: Path) -> Camera:
    entries = read_numbers(path)
    nearest, farthest = _number(path, entries, "min"), _number(path, entries, "max")
    if not 0 <= nearest <= farthest:
        raise InputError(path, f"needs 0 <= min <= max, has min {nearest} and max {farthest}")
    focal, side = _EYECANDIES_FOCAL, _EYECANDIES_SIDE
    scale = (farthest - nearest) / _EYECANDIES_LARGEST
    return Camera(focal, focal, side / 2, side / 2, (side, side), scale, depth_offset=nearest)


def _number(path: Path, entries: dict[str, Any], key: str) -> float:
    value = entries.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(path, f"needs a number for {key!r}")
    return float(value)


def _positive(path: Path, entries: dict[str, Any], key: str) -> float:
    value = _number(path, entries, key)
    if value <= 0:
        raise InputError(path, f"needs a number above zero for {key!r}, has {value}")
    return value
