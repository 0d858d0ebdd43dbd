"""A measured cloud as coloured points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.colour_scale import Colours, ColourScale
from app.outline import LINE_COLOURS, outline
from cmdiad_core.sample import Measurement

_LIGHT = np.array([-0.42, -0.55, -0.72])
_AMBIENT = 0.30


@dataclass(frozen=True)
class Surface:
    """The measured points of a part.

    Parameters
    ----------
    valid : array (H, W) of bool
        Pixels of the part's grid that have a point.
    points : array (N, 3)
        Their coordinates, row by row.
    shade : array (N,)
        Brightness from 0 to 1 of a matt surface under one lamp.
    """

    valid: NDArray[np.bool_]
    points: Measurement
    shade: NDArray[np.float32]


def surface(cloud: Measurement) -> Surface:
    """Return the points of an organised cloud (H, W, 3)."""
    valid: NDArray[np.bool_] = np.asarray(np.isfinite(cloud).all(axis=-1))
    return Surface(valid, np.ascontiguousarray(cloud[valid]), _shade(cloud)[valid])


def painted(
    shape: Surface, values: NDArray[np.float32] | None, scale: ColourScale | None, opacity: float
) -> Colours:
    """Return a colour per point (N, 3): grey surface, anomaly map (H, W) over it."""
    ground = np.repeat((shape.shade * 225)[:, None], 3, axis=1)
    if values is not None and scale is not None:
        colours, drawn = scale.colours(values)
        lines = outline(drawn)[shape.valid]
        colours, drawn = colours[shape.valid], drawn[shape.valid]
        ground[drawn] = (1 - opacity) * ground[drawn] + opacity * colours[drawn]
        ground[lines > 0] = LINE_COLOURS[lines[lines > 0], :3]
    return ground.astype(np.uint8)


def _shade(cloud: Measurement) -> NDArray[np.float32]:
    # Differences over four pixels: over one, the noise of the sensor would be all one sees.
    padded = np.pad(cloud, ((2, 2), (2, 2), (0, 0)), mode="edge")
    across = padded[2:-2, 4:] - padded[2:-2, :-4]
    down = padded[4:, 2:-2] - padded[:-4, 2:-2]
    normals = np.cross(across, down)
    length = np.linalg.norm(normals, axis=-1)
    towards = np.abs(normals @ _LIGHT) / np.maximum(length, 1e-12) / np.linalg.norm(_LIGHT)
    # Points at holes and borders have no normal; they are shaded as if they faced the camera.
    facing = abs(_LIGHT[2]) / np.linalg.norm(_LIGHT)
    towards = np.where(np.isfinite(towards) & (length > 0), towards, facing)
    return np.asarray(_AMBIENT + (1 - _AMBIENT) * towards, np.float32)
